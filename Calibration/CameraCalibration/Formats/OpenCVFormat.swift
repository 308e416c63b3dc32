internal import Configuration
internal import Geometry

/// OpenCV's FileStorage, with the names that OpenCV's own calibration sample writes; written as YAML, read as YAML, XML
/// and JSON, and with ORB-SLAM's names.
///
/// Source: https://docs.opencv.org/4.x/d4/d94/tutorial_camera_calibration.html
enum OpenCVFormat {
    static func text(of calibrated: CalibratedCamera) throws(CameraFormatError) -> String {
        let camera = calibrated.camera
        let (model, lens) = try ForeignLens.written(camera, as: .opencv)
        let (f, c) = (lens.focalLength, lens.principalPoint)
        var lines = ["%YAML:1.0", "---"]
        if let date = calibrated.record.date { lines.append("calibration_time: \(YAMLText.string(date))") }
        if let views = calibrated.record.views { lines.append("nframes: \(views)") }
        lines += ["image_width: \(camera.width)", "image_height: \(camera.height)"]
        lines.append("fisheye_model: \(model)")
        lines += matrix("camera_matrix", 3, 3, [f.x, 0, c.x, 0, f.y, c.y, 0, 0, 1])
        lines += matrix("distortion_coefficients", lens.values.count, 1, lens.values)
        if let rms = calibrated.record.rms { lines.append("avg_reprojection_error: \(YAMLText.number(rms))") }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func matrix(_ name: String, _ rows: Int, _ columns: Int, _ values: [Double]) -> [String] {
        [
            "\(name): !!opencv-matrix", "   rows: \(rows)", "   cols: \(columns)", "   dt: d",
            "   data: \(YAMLText.list(values))",
        ]
    }

    /// Of each name that a camera matrix has the one that its distortion has.
    private static let names = [
        "camera_matrix": "distortion_coefficients", "cameraMatrix": "distCoeffs", "K": "D", "M1": "D1",
    ]

    /// Whether a JSON document with these fields is OpenCV's.
    static func isStorage(_ keys: Set<String>) -> Bool { names.contains { keys.contains($0.key) } }

    /// Fields by OpenCV's sample, or by the names that its users give to `K` and `D`.
    static func read(_ source: ForeignText) throws(ConfigurationError) -> CalibratedCamera {
        if ORBSLAMFormat.isSettings(try source.keys()) { return try ORBSLAMFormat.read(source) }
        var section = try source.section()
        var size = source.options.size
        if let node = section.take("image_size") {
            let values = try section.numbers(node, "image_size").compactMap(Int.init(exactly:))
            guard values.count == 2, values.allSatisfy((1...65535).contains) else {
                throw section.error(node, "image_size", "expected [width, height], pixels")
            }
            size = (values[0], values[1])
        }
        if size == nil { size = try source.size(&section) }
        let present = try source.keys()
        guard let matrixName = ["camera_matrix", "cameraMatrix", "K", "M1"].first(where: present.contains),
            let vectorName = names[matrixName]
        else { throw section.missing("camera_matrix", "missing: the camera matrix") }
        let k = try section.calibrationMatrix(matrixName)
        let d = try section.matrix(vectorName, "the distortion coefficients")
        let models = ForeignLens.table(.opencv)
        let foreign = models[try section.integer("fisheye_model", 0...models.count - 1) ?? 0]
        let counts = foreign.counts
        // OpenCV's models with 12 and 14 coefficients are the one with 8 if the others are zero.
        let isPadded = [12, 14].contains(d.values.count) && d.values.dropFirst(8).allSatisfy { $0 == 0 }
        guard counts.contains(d.values.count) || isPadded && counts.contains(8) else {
            let supported = counts.map { "\($0)" }.joined(separator: ", ")
            throw ConfigurationError(
                file: source.path, line: d.line, field: vectorName,
                "\(supported) coefficients are supported, \(d.values.count) are given")
        }
        let lens = LensCoefficients(
            foreign.formula, focalLength: k.focal, principalPoint: k.centre, values: Array(d.values.prefix(8)))
        var result = try source.camera(lens, size ?? (0, 0), line: k.line, field: matrixName)
        result.record.rms = try section.number("avg_reprojection_error", 0...1e6)
        return result
    }
}

extension ForeignText {
    /// The names of the document's fields.
    func keys() throws(ConfigurationError) -> Set<String> {
        guard case .mapping(let entries) = try yaml().content else { return [] }
        return Set(entries.map(\.key))
    }
}
