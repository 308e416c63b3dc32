internal import Container
internal import Geometry
internal import Messages
internal import ReferenceMap

/// Which landmarks of the place a pose puts into the picture.
struct ExpectedLandmarks {
    let map: ReferenceMap
    let camera: Camera

    /// nil of a camera that is none.
    init?(_ map: ReferenceMap, _ info: Hfloc_V1_CameraInfo) {
        guard let model = CameraModel(rawValue: info.model),
            let camera = try? Camera(
                model: model, parameters: info.parameters, width: Int(info.width), height: Int(info.height))
        else { return nil }
        (self.map, self.camera) = (map, camera)
    }

    /// More say nothing to people; of more, every so many is shown.
    static let most = 400
    /// Keyframes around the place's own whose landmarks are looked for.
    private static let neighbours = 4
    /// Pixels: a landmark this near to one that was found is not missing.
    private static let near = 6.0

    /// x and y of each landmark in turn, pixels of the frame.
    ///
    /// - Parameters:
    ///   - pose: cameraFromMap.
    ///   - keyframe: that the pose is at.
    ///   - found: x and y of the keypoints that were recognized.
    func pixels(at pose: RigidTransform, keyframe: Int, besides found: [Double]) -> [Double] {
        guard keyframe >= 0, keyframe < map.keyframeCount else { return [] }
        var seen = Set<UInt32>()
        var result: [Vector2] = []
        let taken = PixelGrid(found, cell: Self.near)
        let centre = pose.originInSource
        let around = map.neighbours(of: keyframe).prefix(Self.neighbours).map { Int(map.covisibleKeyframes[$0]) }
        for keyframe in [keyframe] + around {
            for observation in map.observations(ofKeyframe: keyframe) {
                let landmark = map.observationLandmarks[observation]
                guard seen.insert(landmark).inserted, isSeen(Int(landmark), from: centre),
                    let pixel = camera.project(pose * map.position(ofLandmark: Int(landmark))), contains(pixel),
                    !taken.hasNeighbour(of: pixel)
                else { continue }
                result.append(pixel)
            }
        }
        let step = max(1, (result.count + Self.most - 1) / Self.most)
        return stride(from: 0, to: result.count, by: step).flatMap { [result[$0].x, result[$0].y] }
    }

    private func contains(_ pixel: Vector2) -> Bool {
        pixel.x >= 0 && pixel.y >= 0 && pixel.x < Double(camera.width) && pixel.y < Double(camera.height)
    }

    /// From about where keyframes saw it: within 60 degrees, and half to twice the distance.
    private func isSeen(_ landmark: Int, from centre: Vector3) -> Bool {
        let ray = centre - map.position(ofLandmark: landmark)
        let distance = ray.length
        let at = 3 * landmark
        let direction = Vector3(
            Double(map.viewingDirections[at]), Double(map.viewingDirections[at + 1]),
            Double(map.viewingDirections[at + 2]))
        return distance > 0.5 * Double(map.viewingDistances[2 * landmark])
            && distance < 2 * Double(map.viewingDistances[2 * landmark + 1])
            && (ray * direction).sum() > 0.5 * distance
    }
}

/// Points by the cell that they lie in, to ask for one nearby.
private struct PixelGrid {
    private let cell: Double
    private var cells = Set<SIMD2<Int32>>()

    init(_ points: [Double], cell: Double) {
        self.cell = cell
        for index in stride(from: 0, to: points.count - 1, by: 2) {
            cells.insert(key(Vector2(points[index], points[index + 1])))
        }
    }

    func hasNeighbour(of pixel: Vector2) -> Bool {
        let own = key(pixel)
        return (-1...1).contains { y in (-1...1).contains { x in cells.contains(own &+ SIMD2(x, y)) } }
    }

    private func key(_ pixel: Vector2) -> SIMD2<Int32> {
        SIMD2(number(pixel.x), number(pixel.y))
    }

    /// What is sent may be no number.
    private func number(_ value: Double) -> Int32 {
        let number = (value / cell).rounded(.down)
        return number.isFinite ? Int32(max(-1e6, min(1e6, number))) : 0
    }
}
