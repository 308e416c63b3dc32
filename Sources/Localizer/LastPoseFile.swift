internal import Container
public import Files
internal import Geometry

/// The last place, kept in a small file over restarts: JSON with a hash of its own, tied to the map, the model and the
/// calibration.
///
/// A file that is damaged, or of another map, model or calibration, is not used: the daemon then begins as if there
/// were none.
public struct LastPoseFile: Sendable {
    /// The file's path: `last-place.json` in the folder that was given.
    public let path: String
    private let mapID: String
    private let modelID: String
    private let calibrationID: String

    private static let kind = "hfloc place"
    private static let version = 1
    /// Bytes; ours have 500.
    private static let largest = 4096

    /// The file of a place with this map, model and calibration; nothing is read or written yet.
    /// - Parameters:
    ///   - folder: must exist.
    ///   - mapID: identity of the map file, hexadecimal.
    ///   - modelID: `Model/modelID`.
    ///   - calibrationID: `calibration_id` of the camera.
    public init(folder: String, mapID: String, modelID: String, calibrationID: String) {
        path = folder + "/last-place.json"
        (self.mapID, self.modelID, self.calibrationID) = (mapID, modelID, calibrationID)
    }

    /// Why a file that is there is not used: one line that names it.
    public struct Unusable: Error, Equatable, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// The place of the last session; nil if there is no file.
    public func recall() throws(Unusable) -> LastPose? {
        guard let bytes = try read() else { return nil }
        guard let json = try? JSON(parsing: bytes.span), json["kind"]?.string == Self.kind else {
            throw unusable("is damaged")
        }
        guard json["version"]?.int == Self.version else { throw unusable("was written by another version") }
        guard let keyframe = json["keyframe"]?.int, let numbers = json["camera_from_map"]?.array?.compactMap(\.double),
            numbers.count == 7,
            let rotation = Rotation(checkingW: numbers[0], x: numbers[1], y: numbers[2], z: numbers[3]),
            let map = json["map_id"]?.string, let model = json["model_id"]?.string,
            let calibration = json["calibration_id"]?.string,
            json["hash"]?.string == Self.hash(of: Self.fields(map, model, calibration, keyframe, numbers))
        else { throw unusable("is damaged") }
        guard map == mapID else { throw unusable("is of another map") }
        guard model == modelID else { throw unusable("is of another model") }
        guard calibration == calibrationID else { throw unusable("is of another calibration") }
        let translation = Vector3(numbers[4], numbers[5], numbers[6])
        return LastPose(
            reference: keyframe, cameraFromMap: RigidTransform(rotation: rotation, translation: translation))
    }

    /// Replaces the file: a reader, or a crash, finds the old one or the new one, whole.
    ///
    /// - Parameters:
    ///   - place: where the camera is.
    ///   - syncs: wait until the disk has it, so that it survives a power cut too.
    public func save(_ place: LastPose, syncs: Bool) throws(FileError) {
        let (q, t) = (place.cameraFromMap.rotation, place.cameraFromMap.translation)
        let numbers = [q.w, q.imaginary.x, q.imaginary.y, q.imaginary.z, t.x, t.y, t.z]
        var members = Self.fields(mapID, modelID, calibrationID, place.reference, numbers)
        members.append(JSON.Member("hash", .string(Self.hash(of: members))))
        try AtomicFile.write(Array((JSON.object(members).text + "\n").utf8), to: path, syncs: syncs, isOwn: true)
    }

    private static func fields(
        _ map: String, _ model: String, _ calibration: String, _ keyframe: Int, _ numbers: [Double]
    ) -> [JSON.Member] {
        [
            JSON.Member("kind", .string(kind)), JSON.Member("version", .number("\(version)")),
            JSON.Member("map_id", .string(map)), JSON.Member("model_id", .string(model)),
            JSON.Member("calibration_id", .string(calibration)), JSON.Member("keyframe", .number("\(keyframe)")),
            JSON.Member("camera_from_map", .array(numbers.map { .number("\($0)") })),
        ]
    }

    private static func hash(of fields: [JSON.Member]) -> String {
        Hash256(of: Array(JSON.object(fields).text.utf8)).description
    }

    private func read() throws(Unusable) -> [UInt8]? {
        do throws(FileError) {
            return try WholeFile.read(path, atMost: Self.largest)
        } catch {
            switch error.kind {
            case .missing: return nil
            case .unreadable, .notText, .uncreatable, .unwritable, .overlapping:
                throw unusable("cannot be opened: \(error.reason)")
            case .irregular, .tooLarge: throw unusable("is damaged")
            }
        }
    }

    private func unusable(_ reason: String) -> Unusable {
        Unusable(description: "\(path): \(reason); the camera's place is looked for in the whole map")
    }
}
