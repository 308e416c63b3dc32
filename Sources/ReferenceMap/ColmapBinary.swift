import Geometry

extension ColmapModel {
    /// Reads cameras.bin, images.bin and, for `everything`, points3D.bin. Counts are checked against the file's size
    /// before memory is taken for them.
    mutating func readBinary(_ folder: String, _ parts: Parts) throws(MapError) {
        cameras = try Self.readCamerasBinary("\(folder)/cameras.bin")
        images = try Self.readImagesBinary("\(folder)/images.bin", parts)
        if parts == .everything { points = try Self.readPointsBinary("\(folder)/points3D.bin") }
    }

    private static func readCamerasBinary(_ path: String) throws(MapError) -> [Camera] {
        var reader = try ByteReader(reading: path)
        let count = try reader.count("number of cameras", elementSize: 24 + 2 * 8)
        var cameras: [Camera] = []
        for _ in 0..<count {
            let id = try reader.integer(UInt32.self, "camera_id")
            let modelID = try reader.integer(Int32.self, "model_id")
            guard let model = ColmapCameraModel(id: modelID) else {
                throw reader.error(
                    "model_id", "\(modelID) is no camera model of COLMAP that is known",
                    cure: "write the model as text with COLMAP's model_converter, if the file is whole")
            }
            let width = try reader.integer(UInt64.self, "width")
            let height = try reader.integer(UInt64.self, "height")
            let sides = 1...UInt64(largestSide)
            guard sides.contains(width) && sides.contains(height) else {
                throw reader.error("width, height", "\(width) x \(height) is no image size")
            }
            var parameters: [Double] = []
            for _ in 0..<model.parameterCount { parameters.append(try reader.number("params")) }
            cameras.append(
                Camera(id: id, model: model.name, width: Int(width), height: Int(height), parameters: parameters))
        }
        return cameras
    }

    private static func readImagesBinary(_ path: String, _ parts: Parts) throws(MapError) -> [Image] {
        var reader = try ByteReader(reading: path)
        let count = try reader.count("number of images", elementSize: 4 + 7 * 8 + 4 + 1 + 8)
        var images: [Image] = []
        images.reserveCapacity(count)
        for _ in 0..<count {
            let id = try reader.integer(UInt32.self, "image_id")
            let pose = try readPose(&reader)
            let camera = try reader.integer(UInt32.self, "camera_id")
            let name = try reader.zeroTerminatedText("name", limit: 4096)
            guard ImageName.isSafe(name) else {
                throw reader.error("name", ImageName.rule, cure: "rename the image '\(name)'")
            }
            var image = Image(id: id, name: name, camera: camera, cameraFromWorld: pose)
            let keypoints = try reader.count("num_points2D", elementSize: 24)
            if parts == .everything {
                image.keypoints.reserveCapacity(keypoints)
                for _ in 0..<keypoints { image.keypoints.append(try readKeypoint(&reader)) }
            } else {
                reader.skip(keypoints * 24)
            }
            images.append(image)
        }
        return images
    }

    static func readPose(_ reader: inout ByteReader) throws(MapError) -> RigidTransform {
        var values: [Double] = []
        for name in ["qw", "qx", "qy", "qz", "tx", "ty", "tz"] { values.append(try reader.number(name)) }
        guard let rotation = Rotation(checkingW: values[0], x: values[1], y: values[2], z: values[3]) else {
            throw reader.error("qvec", "the quaternion's length is not 1")
        }
        return RigidTransform(rotation: rotation, translation: Vector3(values[4], values[5], values[6]))
    }

    private static func readKeypoint(_ reader: inout ByteReader) throws(MapError) -> Keypoint {
        let x = try reader.number("x")
        let y = try reader.number("y")
        let point = try reader.integer(UInt64.self, "point3D_id")
        return Keypoint(x: x, y: y, point: point == .max ? nil : point)
    }

    private static func readPointsBinary(_ path: String) throws(MapError) -> [Point] {
        var reader = try ByteReader(reading: path)
        let count = try reader.count("number of points", elementSize: 8 + 24 + 3 + 8 + 8)
        var points: [Point] = []
        points.reserveCapacity(count)
        for _ in 0..<count {
            let id = try reader.integer(UInt64.self, "point3D_id")
            let position = Vector3(try reader.number("x"), try reader.number("y"), try reader.number("z"))
            var colour: [UInt8] = []
            for _ in 0..<3 { colour.append(try reader.integer(UInt8.self, "rgb")) }
            let error = try reader.number("error")
            let length = try reader.count("track_length", elementSize: 8)
            var track: [TrackElement] = []
            track.reserveCapacity(length)
            for _ in 0..<length {
                let image = try reader.integer(UInt32.self, "image_id")
                track.append(TrackElement(image: image, keypoint: try reader.integer(UInt32.self, "point2D_idx")))
            }
            points.append(Point(id: id, position: position, colour: colour, error: error, track: track))
        }
        return points
    }
}
