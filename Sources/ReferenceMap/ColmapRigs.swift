import Files
import Geometry

/// The rigs and frames of a COLMAP model (3.12 and later): where its sensors sit on their rig, and where the rig was.
///
/// Where both are there, COLMAP goes by them and not by the poses in its images file, which it writes from them: an
/// image's pose is sensorFromRig * rigFromWorld. Source: COLMAP, `scene/reconstruction_io_text.cc` and `_binary.cc`.
struct ColmapRigs {
    /// A camera, or what is none, such as an IMU.
    struct Sensor: Hashable {
        let isCamera: Bool
        let id: UInt32
    }

    /// A rig's sensors; nil for one whose place is not known. The reference sensor is at the identity.
    typealias Rig = [Sensor: RigidTransform?]

    var rigs: [UInt32: Rig] = [:]
    /// By image: from the world to its camera.
    private(set) var cameraFromWorld: [UInt32: RigidTransform] = [:]

    /// Of the model in `folder`; nil if it lacks rigs or frames.
    init?(_ folder: String, isBinary: Bool) throws(MapError) {
        let kind = isBinary ? "bin" : "txt"
        let (rigFile, frameFile) = ("\(folder)/rigs.\(kind)", "\(folder)/frames.\(kind)")
        guard FileStatus.exists(rigFile), FileStatus.exists(frameFile) else { return nil }
        if isBinary {
            try readRigsBinary(rigFile)
            try readFramesBinary(frameFile)
        } else {
            try readRigsText(rigFile)
            try readFramesText(frameFile)
        }
    }

    /// What a frame says of one of its data; what is no image, or of a sensor without a place, says nothing.
    private mutating func add(_ sensor: Sensor, data: UInt64, in rig: Rig?, _ rigFromWorld: RigidTransform) {
        guard sensor.isCamera, let image = UInt32(exactly: data), let sensorFromRig = rig?[sensor] ?? nil
        else { return }
        cameraFromWorld[image] = sensorFromRig * rigFromWorld
    }
}

// MARK: Text

extension ColmapRigs {
    /// RIG_ID NUM_SENSORS REF_TYPE REF_ID, then for each other sensor TYPE ID HAS_POSE [QW QX QY QZ TX TY TZ].
    private mutating func readRigsText(_ path: String) throws(MapError) {
        var lines = try TextLines(reading: path)
        while let fields = lines.next() {
            var line = FieldReader(fields, lines)
            let id = try line.integer(UInt32.self, "RIG_ID")
            let count = try line.integer(UInt32.self, "NUM_SENSORS")
            var rig: Rig = [:]
            for number in 0..<count {
                let sensor = try line.sensor()
                var pose: RigidTransform? = .identity
                if number > 0 { pose = try line.integer(UInt32.self, "HAS_POSE") == 1 ? line.pose() : nil }
                rig[sensor] = .some(pose)
            }
            rigs[id] = rig
        }
    }

    /// FRAME_ID RIG_ID QW QX QY QZ TX TY TZ NUM_DATA_IDS, then for each SENSOR_TYPE SENSOR_ID DATA_ID.
    private mutating func readFramesText(_ path: String) throws(MapError) {
        var lines = try TextLines(reading: path)
        while let fields = lines.next() {
            var line = FieldReader(fields, lines)
            _ = try line.integer(UInt32.self, "FRAME_ID")
            let rig = rigs[try line.integer(UInt32.self, "RIG_ID")]
            let pose = try line.pose()
            for _ in 0..<(try line.integer(UInt32.self, "NUM_DATA_IDS")) {
                add(try line.sensor(), data: try line.integer(UInt64.self, "DATA_ID"), in: rig, pose)
            }
        }
    }
}

/// The fields of a line, one after another.
private struct FieldReader {
    private var fields: ArraySlice<Substring>
    private let lines: TextLines

    init(_ fields: [Substring], _ lines: TextLines) { (self.fields, self.lines) = (fields[...], lines) }

    private mutating func next(_ name: String) throws(MapError) -> Substring {
        guard let field = fields.popFirst() else { throw lines.error(name, "the line ends here") }
        return field
    }

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type, _ name: String) throws(MapError) -> Value {
        try lines.integer(try next(name), name, in: Value.min...Value.max)
    }

    mutating func sensor() throws(MapError) -> ColmapRigs.Sensor {
        let isCamera = try next("SENSOR_TYPE") == "CAMERA"
        return ColmapRigs.Sensor(isCamera: isCamera, id: try integer(UInt32.self, "SENSOR_ID"))
    }

    mutating func pose() throws(MapError) -> RigidTransform {
        let pose = try ColmapModel.readPose(fields.prefix(7), lines)
        fields = fields.dropFirst(7)
        return pose
    }
}

// MARK: Binary

extension ColmapRigs {
    /// COLMAP's number of a sensor that is a camera.
    private static let cameraType: Int32 = 0

    private mutating func readRigsBinary(_ path: String) throws(MapError) {
        var reader = try ByteReader(reading: path)
        for _ in 0..<(try reader.count("number of rigs", elementSize: 8)) {
            let id = try reader.integer(UInt32.self, "rig_id")
            var rig: Rig = [:]
            for number in 0..<(try reader.integer(UInt32.self, "num_sensors")) {
                let sensor = try Self.sensor(&reader)
                var pose: RigidTransform? = .identity
                if number > 0 {
                    pose = try reader.integer(UInt8.self, "has_pose") != 0 ? ColmapModel.readPose(&reader) : nil
                }
                rig[sensor] = .some(pose)
            }
            rigs[id] = rig
        }
    }

    private mutating func readFramesBinary(_ path: String) throws(MapError) {
        var reader = try ByteReader(reading: path)
        for _ in 0..<(try reader.count("number of frames", elementSize: 68)) {
            _ = try reader.integer(UInt32.self, "frame_id")
            let rig = rigs[try reader.integer(UInt32.self, "rig_id")]
            let pose = try ColmapModel.readPose(&reader)
            for _ in 0..<(try reader.integer(UInt32.self, "num_data_ids")) {
                let sensor = try Self.sensor(&reader)
                add(sensor, data: try reader.integer(UInt64.self, "data_id"), in: rig, pose)
            }
        }
    }

    private static func sensor(_ reader: inout ByteReader) throws(MapError) -> Sensor {
        let type = try reader.integer(Int32.self, "sensor_type")
        return Sensor(isCamera: type == cameraType, id: try reader.integer(UInt32.self, "sensor_id"))
    }
}

extension ColmapModel {
    /// Takes the poses that rigs and frames give, where they are others than those of the images file.
    mutating func takeFramePoses(_ folder: String, isBinary: Bool) throws(MapError) {
        guard let rigs = try ColmapRigs(folder, isBinary: isBinary) else { return }
        for index in images.indices {
            let stated = images[index].cameraFromWorld
            guard let composed = rigs.cameraFromWorld[images[index].id], !composed.isNearly(stated) else { continue }
            images[index].cameraFromWorld = composed
            composedImages.append(images[index].name)
        }
    }
}

extension RigidTransform {
    /// Equal but for what is lost by writing and composing numbers.
    fileprivate func isNearly(_ other: RigidTransform) -> Bool {
        let size = max(1, translation.length, other.translation.length)
        return (translation - other.translation).length <= 1e-6 * size
            && (rotation * other.rotation.inverse).angle <= 1e-6
    }
}
