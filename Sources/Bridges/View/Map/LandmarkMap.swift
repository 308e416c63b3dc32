internal import Container
internal import Foundation
internal import Geometry
internal import ReferenceMap

/// A map as a page draws it from above.
struct LandmarkMap: Sendable {
    /// What projections need.
    let map: ReferenceMap
    let tiles: LandmarkTiles
    /// What the page begins with: everything but the landmarks.
    let overview: JSON

    /// Keyframes beyond these are thinned out evenly.
    static let mostKeyframes = 20_000
    /// Sessions beyond these share the last colour.
    static let mostSessions = 255
    /// Bytes of a map that is copied into memory; a larger one is mapped.
    private static let largestCopy = 64 << 20

    /// Opens a map, and sorts its landmarks. Cost: a second for some millions.
    ///
    /// - Throws: what is wrong with the file.
    init(opening path: String) throws {
        self.init(try ReferenceMap(opening: path, copyingUpTo: Self.largestCopy))
    }

    init(_ map: ReferenceMap) {
        self.map = map
        let sessions = Sessions(of: map)
        let range = Self.heights(of: map)
        let scale = 255 / max(range.upperBound - range.lowerBound, 1e-6)
        tiles = LandmarkTiles(
            (0..<map.landmarkCount).map { landmark in
                let position = map.position(ofLandmark: landmark)
                return LandmarkTiles.Point(
                    x: Float(position.x), y: Float(position.y),
                    height: UInt8(max(0, min(255, (position.z - range.lowerBound) * scale))),
                    session: sessions.ofLandmark(landmark, in: map))
            })
        overview = Self.overview(of: map, tiles, sessions, range)
    }

    private static func overview(
        of map: ReferenceMap, _ tiles: LandmarkTiles, _ sessions: Sessions, _ heights: ClosedRange<Double>
    ) -> JSON {
        let step = max(1, (map.keyframeCount + mostKeyframes - 1) / mostKeyframes)
        let keyframes: [JSON] = stride(from: 0, to: map.keyframeCount, by: step).flatMap { keyframe -> [JSON] in
            let mapFromCamera = map.cameraFromMap(ofKeyframe: keyframe).inverse
            let (centre, ahead) = (mapFromCamera.translation, mapFromCamera.rotation * Vector3(0, 0, 1))
            let heading = Angle.from(x: ahead.x, y: ahead.y)
            return [
                .rounded(centre.x, 2), .rounded(centre.y, 2), .rounded(heading, 2),
                .integer(sessions.ofKeyframe[keyframe]),
            ]
        }
        let origin: JSON =
            map.origin.map {
                .object([("lat", .rounded($0.latitude, 7)), ("lon", .rounded($0.longitude, 7))])
            } ?? .null
        return .object([
            ("id", .text(map.identity)), ("path", .text(map.path)), ("landmarks", .integer(map.landmarkCount)),
            ("keyframeCount", .integer(map.keyframeCount)), ("keyframes", .list(keyframes)),
            ("sessions", .list(sessions.names.map { .text($0) })),
            ("heights", .list([.rounded(heights.lowerBound, 2), .rounded(heights.upperBound, 2)])),
            ("origin", origin), ("corner", .list([.number(Double(tiles.corner.x)), .number(Double(tiles.corner.y))])),
            ("side", .number(Double(tiles.side))),
            ("tiles", .object(tiles.counts.map { ($0.0, .integer($0.1)) })),
        ])
    }

    /// Between which 96 of 100 landmarks lie, metres: a few far ones would take all colours.
    private static func heights(of map: ReferenceMap) -> ClosedRange<Double> {
        guard map.landmarkCount > 0 else { return 0...1 }
        let step = max(1, map.landmarkCount / 50_000)
        let sample = stride(from: 0, to: map.landmarkCount, by: step).map { map.position(ofLandmark: $0).z }.sorted()
        let (low, high) = (sample[sample.count / 50], sample[sample.count - 1 - sample.count / 50])
        return low...max(high, low)
    }
}

/// Which keyframes were taken in one go: those of one folder of images.
struct Sessions {
    /// Of the folders, in the order of their keyframes.
    private(set) var names: [String] = []
    let ofKeyframe: [UInt8]

    init(of map: ReferenceMap) {
        var numbers: [String: UInt8] = [:]
        var names: [String] = []
        ofKeyframe = (0..<map.keyframeCount).map { keyframe in
            let name = map.name(ofKeyframe: keyframe)
            let folder = name.lastIndex(of: "/").map { String(name[..<$0]) } ?? ""
            if let known = numbers[folder] { return known }
            let number = UInt8(min(names.count, LandmarkMap.mostSessions - 1))
            numbers[folder] = number
            if names.count < LandmarkMap.mostSessions { names.append(folder) }
            return number
        }
        self.names = names
    }

    /// The session that saw a landmark first.
    func ofLandmark(_ landmark: Int, in map: ReferenceMap) -> UInt8 {
        guard names.count > 1, let first = map.observations(ofLandmark: landmark).first else { return 0 }
        return ofKeyframe[map.keyframe(ofObservation: Int(map.landmarkObservations[first]))]
    }
}
