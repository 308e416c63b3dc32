import Files
import Geometry

extension PoseTable {
    /// Of a folder with cameras.txt and poses.txt, pixels in this project's convention.
    init(textFolder folder: String) throws(MapError) {
        let cameraFile = "\(folder)/cameras.txt"
        var indices: [UInt32: Int] = [:]
        for raw in try ColmapModel.readCamerasText(cameraFile) {
            guard indices.updateValue(cameras.count, forKey: raw.id) == nil else {
                throw MapError(
                    .damaged, file: cameraFile, field: "CAMERA_ID", problem: "camera \(raw.id) occurs twice",
                    cure: "give each camera its own id")
            }
            add(raw, file: cameraFile, isColmap: false)
        }
        var lines = try TextLines(reading: "\(folder)/poses.txt", atMost: 1 << 30)
        var names: Set<String> = []
        while let fields = lines.next() {
            // A name may hold blanks, so the numbers are counted from the end.
            guard fields.count >= 9 else { throw lines.error("pose", "needs NAME CAMERA_ID QW QX QY QZ TX TY TZ") }
            let name = TextLines.joined(fields.dropLast(8))
            guard ImageName.isSafe(name) else { throw lines.error("NAME", ImageName.rule) }
            guard names.insert(name).inserted else { throw lines.error("NAME", "'\(name)' occurs twice") }
            let numbers = Array(fields.suffix(8))
            let id = try lines.integer(numbers[0], "CAMERA_ID", in: UInt32.min...UInt32.max)
            guard let camera = indices[id] else {
                throw lines.error("CAMERA_ID", "there is no camera \(id) in cameras.txt")
            }
            let pose = try ColmapModel.readPose(numbers[1...7], lines)
            rows.append(Row(name: name, camera: camera, cameraFromMap: pose))
        }
    }

    /// A camera as a line of cameras.txt or a record of cameras.bin has it.
    mutating func add(_ raw: ColmapModel.Camera, file: String, isColmap: Bool) {
        cameras.append(StatedCamera(name: "camera \(raw.id)", camera: Self.camera(raw, file, isColmap)))
    }

    private static func camera(
        _ raw: ColmapModel.Camera, _ file: String, _ isColmap: Bool
    ) -> Result<Camera, MapError> {
        let field = "camera \(raw.id)"
        guard let model = CameraModel(rawValue: raw.model) else {
            let known = CameraModel.allCases.map(\.rawValue).joined(separator: ", ")
            return .failure(
                MapError(
                    .input, file: file, field: "\(field), MODEL", problem: "\(raw.model) is not supported",
                    cure: "use one of \(known); COLMAP's image_undistorter makes PINHOLE images"))
        }
        do {
            return .success(
                isColmap
                    ? try Camera(
                        colmapModel: model, parameters: raw.parameters, width: raw.width, height: raw.height)
                    : try Camera(model: model, parameters: raw.parameters, width: raw.width, height: raw.height))
        } catch {
            return .failure(
                MapError(.damaged, file: file, field: field, problem: "\(error)", cure: "correct the camera"))
        }
    }
}
