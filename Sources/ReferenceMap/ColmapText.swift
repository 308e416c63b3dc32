public import Files
import Geometry

extension ColmapModel {
    /// Reads cameras.txt, images.txt and, for `everything`, points3D.txt.
    mutating func readText(_ folder: String, _ parts: Parts) throws(MapError) {
        cameras = try Self.readCamerasText("\(folder)/cameras.txt")
        images = try readImagesText("\(folder)/images.txt", parts)
        if parts == .everything { points = try Self.readPointsText("\(folder)/points3D.txt") }
    }

    static func readCamerasText(_ path: String) throws(MapError) -> [Camera] {
        var lines = try TextLines(reading: path)
        var cameras: [Camera] = []
        while let fields = lines.next() {
            cameras.append(try readCameraLine(fields, lines))
        }
        return cameras
    }

    /// CAMERA_ID MODEL WIDTH HEIGHT PARAMS...
    private static func readCameraLine(_ fields: [Substring], _ lines: TextLines) throws(MapError) -> Camera {
        guard fields.count >= 4 else { throw lines.error("camera", "fewer than CAMERA_ID MODEL WIDTH HEIGHT") }
        let id = try lines.integer(fields[0], "CAMERA_ID", in: UInt32.min...UInt32.max)
        let model = String(fields[1])
        let width = try lines.integer(fields[2], "WIDTH", in: 1...ColmapModel.largestSide)
        let height = try lines.integer(fields[3], "HEIGHT", in: 1...ColmapModel.largestSide)
        // A model that COLMAP may get in future is an error only where an image has it.
        if let count = ColmapCameraModel(name: model)?.parameterCount, fields.count != 4 + count {
            throw lines.error("PARAMS", "\(model) has \(count) parameters, here are \(fields.count - 4)")
        }
        var parameters: [Double] = []
        for field in fields[4...] { parameters.append(try lines.number(field, "PARAMS")) }
        return Camera(id: id, model: model, width: width, height: height, parameters: parameters)
    }

    /// QW QX QY QZ TX TY TZ, camera from world.
    static func readPose(_ fields: ArraySlice<Substring>, _ lines: TextLines) throws(MapError) -> RigidTransform {
        let names = ["QW", "QX", "QY", "QZ", "TX", "TY", "TZ"]
        var values: [Double] = []
        for (field, name) in zip(fields, names) { values.append(try lines.number(field, name)) }
        guard values.count == 7 else { throw lines.error("pose", "needs QW QX QY QZ TX TY TZ") }
        guard let rotation = Rotation(checkingW: values[0], x: values[1], y: values[2], z: values[3]) else {
            throw lines.error("QW QX QY QZ", "the quaternion's length is not 1")
        }
        return RigidTransform(rotation: rotation, translation: Vector3(values[4], values[5], values[6]))
    }

    /// POINT3D_ID X Y Z R G B ERROR TRACK..., the track in twos of IMAGE_ID POINT2D_IDX.
    private static func readPointsText(_ path: String) throws(MapError) -> [Point] {
        var lines = try TextLines(reading: path)
        var points: [Point] = []
        while let fields = lines.next() {
            guard fields.count >= 8 && fields.count % 2 == 0 else {
                throw lines.error("point", "needs POINT3D_ID X Y Z R G B ERROR and twos of IMAGE_ID POINT2D_IDX")
            }
            let id = try lines.integer(fields[0], "POINT3D_ID", in: UInt64.min...UInt64.max)
            let position = Vector3(
                try lines.number(fields[1], "X"), try lines.number(fields[2], "Y"), try lines.number(fields[3], "Z"))
            var colour: [UInt8] = []
            for field in fields[4...6] { colour.append(try lines.integer(field, "RGB", in: UInt8.min...UInt8.max)) }
            var track: [TrackElement] = []
            for start in stride(from: 8, to: fields.count, by: 2) {
                let image = try lines.integer(fields[start], "IMAGE_ID", in: UInt32.min...UInt32.max)
                let keypoint = try lines.integer(fields[start + 1], "POINT2D_IDX", in: UInt32.min...UInt32.max)
                track.append(TrackElement(image: image, keypoint: keypoint))
            }
            let error = try lines.number(fields[7], "ERROR")
            points.append(Point(id: id, position: position, colour: colour, error: error, track: track))
        }
        return points
    }
}

extension ColmapModel {
    /// Makes `folder` if it is not there, and refuses one whose files cannot be written, are read meanwhile, or are not
    /// of an earlier ``writeText(folder:)``: to be asked before the work.
    ///
    /// - Parameters:
    ///   - folder: for ``writeText(folder:)``.
    ///   - inputs: files that must stay as they are.
    public static func prepare(folder: String, reading inputs: [String]) throws(FileError) {
        try Folder.make(folder)
        try AtomicFile.check(["cameras", "images", "points3D"].map { "\(folder)/\($0).txt" }, reading: inputs)
        for (name, head) in heads {
            let path = "\(folder)/\(name)"
            guard FileStatus.size(path) == 0 || FileStatus.begins(path, with: head) else { throw .taken(path) }
        }
    }

    /// The files' first lines, by which those of an earlier export are known.
    private static let heads = [
        ("cameras.txt", cameraHead), ("images.txt", imageHead), ("points3D.txt", pointHead),
    ]
    private static let cameraHead =
        "# CAMERA_ID MODEL WIDTH HEIGHT PARAMS (COLMAP: the centre of the top-left pixel is at 0.5, 0.5)\n"
    private static let imageHead = "# IMAGE_ID QW QX QY QZ TX TY TZ CAMERA_ID NAME, then X Y POINT3D_ID ...\n"
    private static let pointHead = "# POINT3D_ID X Y Z R G B ERROR, then IMAGE_ID POINT2D_IDX ...\n"

    /// Writes cameras.txt, images.txt and points3D.txt into `folder`, which must exist; each replaces its file at once.
    /// Numbers have as many digits as it takes to read back the same value.
    public func writeText(folder: String) throws(MapError) {
        var text = Self.cameraHead
        for camera in cameras {
            let parameters = camera.parameters.map { "\($0)" }.joined(separator: " ")
            text += "\(camera.id) \(camera.model) \(camera.width) \(camera.height) \(parameters)\n"
        }
        try Self.write(text, to: "\(folder)/cameras.txt")

        text = Self.imageHead
        for image in images {
            let (q, t) = (image.cameraFromWorld.rotation, image.cameraFromWorld.translation)
            let pose = [q.w, q.imaginary.x, q.imaginary.y, q.imaginary.z, t.x, t.y, t.z].map { "\($0)" }
            text += "\(image.id) \(pose.joined(separator: " ")) \(image.camera) \(image.name)\n"
            let keypoints = image.keypoints.map { "\($0.x) \($0.y) \($0.point.map(String.init) ?? "-1")" }
            text += keypoints.joined(separator: " ") + "\n"
        }
        try Self.write(text, to: "\(folder)/images.txt")

        text = Self.pointHead
        for point in points {
            let (p, colour) = (point.position, point.colour.map(String.init).joined(separator: " "))
            let track = point.track.map { " \($0.image) \($0.keypoint)" }.joined()
            text += "\(point.id) \(p.x) \(p.y) \(p.z) \(colour) \(point.error)\(track)\n"
        }
        try Self.write(text, to: "\(folder)/points3D.txt")
    }

    private static func write(_ text: String, to path: String) throws(MapError) {
        do throws(FileError) { try AtomicFile.write(text, to: path) } catch { throw MapError(error) }
    }
}
