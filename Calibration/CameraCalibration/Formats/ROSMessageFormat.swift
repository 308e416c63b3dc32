internal import Configuration
internal import Geometry

/// A sensor_msgs/CameraInfo as `ros2 topic echo` and `rostopic echo` print it. Of several messages the first is read.
///
/// Source: https://docs.ros.org/en/rolling/p/sensor_msgs (CameraInfo.msg); fields `k`, `d` of ROS 2, `K`, `D` of ROS 1.
enum ROSMessageFormat {
    /// Whether a document with these fields is such a message.
    static func isMessage(_ keys: Set<String>) -> Bool { keys.contains("k") || keys.contains("K") }

    static func read(_ source: ForeignText) throws(ConfigurationError) -> CalibratedCamera {
        var section = try source.section()
        let isROS2 = try source.keys().contains("k")
        let size = try source.size(&section, width: "width", height: "height")
        let name = isROS2 ? "k" : "K"
        let node = try section.need(name, "the camera matrix")
        let matrix = try CalibrationMatrix(
            try section.numbers(node, name), file: source.path, line: node.line, field: name)
        let d = try section.numbers(isROS2 ? "d" : "D") ?? []
        try refusePart(&section)
        let foreign = try ROSFormat.lens(&section, source, coefficients: d, field: isROS2 ? "d" : "D", line: node.line)
        let lens = LensCoefficients(foreign, focalLength: matrix.focal, principalPoint: matrix.centre, values: d)
        return try source.camera(lens, size, line: node.line, field: name)
    }

    /// The matrix is of the whole sensor: of binned or cropped images it is not.
    private static func refusePart(_ section: inout YAMLSection) throws(ConfigurationError) {
        for name in ["binning_x", "binning_y"] {
            if let factor = try section.integer(name, 0...64), factor > 1 {
                throw section.missing(name, "is \(factor): a camera that is binned is not supported")
            }
        }
        guard var roi = try section.section("roi") else { return }
        for name in ["x_offset", "y_offset", "width", "height"] {
            if let value = try roi.integer(name, 0...65535), value > 0 {
                throw roi.missing(name, "is \(value): a part of the image is not supported; give the whole one's")
            }
        }
    }
}
