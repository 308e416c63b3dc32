internal import Configuration
internal import Geometry

/// ROS camera_info, as `camera_calibration_parsers` reads and writes it: YAML; read also as .ini, and as messages are
/// printed.
///
/// Source: https://wiki.ros.org/camera_calibration_parsers and sensor_msgs/CameraInfo (REP-104).
enum ROSFormat {
    static func text(of calibrated: CalibratedCamera) throws(CameraFormatError) -> String {
        let camera = calibrated.camera
        let (model, lens) = try ForeignLens.written(camera, as: .ros)
        let (f, c) = (lens.focalLength, lens.principalPoint)
        return """
            image_width: \(camera.width)
            image_height: \(camera.height)
            camera_name: camera
            camera_matrix:
            \(matrix(3, 3, [f.x, 0, c.x, 0, f.y, c.y, 0, 0, 1]))
            distortion_model: \(model)
            distortion_coefficients:
            \(matrix(1, lens.values.count, lens.values))
            rectification_matrix:
            \(matrix(3, 3, [1, 0, 0, 0, 1, 0, 0, 0, 1]))
            projection_matrix:
            \(matrix(3, 4, [f.x, 0, c.x, 0, 0, f.y, c.y, 0, 0, 0, 1, 0]))

            """
    }

    private static func matrix(_ rows: Int, _ columns: Int, _ values: [Double]) -> String {
        "  rows: \(rows)\n  cols: \(columns)\n  data: \(YAMLText.list(values))"
    }

    static func read(_ source: ForeignText) throws(ConfigurationError) -> CalibratedCamera {
        if ROSIniFormat.isIni(source.lines) { return try ROSIniFormat.read(source) }
        if ROSMessageFormat.isMessage(try source.keys()) { return try ROSMessageFormat.read(source) }
        var section = try source.section()
        let size = try source.size(&section)
        let k = try section.calibrationMatrix("camera_matrix")
        let d = try section.matrix("distortion_coefficients", "the distortion")
        let formula = try lens(
            &section, source, coefficients: d.values, field: "distortion_coefficients", line: d.line)
        let lens = LensCoefficients(
            formula, focalLength: k.focal, principalPoint: k.centre, values: d.values)
        return try source.camera(lens, size, line: k.line, field: "camera_matrix")
    }

    /// What the field `distortion_model` means, for so many coefficients.
    static func lens(
        _ section: inout YAMLSection, _ source: ForeignText, coefficients d: [Double], field: String, line: Int
    ) throws(ConfigurationError) -> CameraModel.Formula {
        let modelNode = section.take("distortion_model")
        var name = "plumb_bob"  // What old files without the field mean.
        if let modelNode, case .scalar(let text, _) = modelNode.content { name = text }
        guard let foreign = ForeignLens(.ros, named: name) else {
            throw ConfigurationError(
                file: source.path, line: modelNode?.line, field: "distortion_model",
                "'\(name)' is unknown (allowed: \(ForeignLens.names(.ros).joined(separator: ", ")))")
        }
        guard foreign.counts.contains(d.count) else {
            throw ConfigurationError(
                file: source.path, line: line, field: field,
                "\(name) has \(foreign.counted) coefficients, \(d.count) are given")
        }
        return foreign.formula
    }
}
