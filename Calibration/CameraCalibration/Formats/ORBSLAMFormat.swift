internal import Configuration
internal import Geometry

/// The settings of ORB-SLAM2 and ORB-SLAM3: OpenCV's YAML with a field for each number, `Camera.fx` or (since
/// ORB-SLAM3 1.0) `Camera1.fx`.
///
/// Source: https://github.com/UZ-SLAMLab/ORB_SLAM3, Calibration_Tutorial.pdf and Examples/.
enum ORBSLAMFormat {
    /// Whether a document with these fields is such a file.
    static func isSettings(_ keys: Set<String>) -> Bool { keys.contains("Camera.fx") || keys.contains("Camera1.fx") }

    static func read(_ source: ForeignText) throws(ConfigurationError) -> CalibratedCamera {
        var section = try source.section()
        let keys = try source.keys()
        let first = keys.contains("Camera1.fx") ? "Camera1" : "Camera"
        let camera = source.options.camera ?? first
        let cameras = ["Camera", "Camera1", "Camera2"].filter { keys.contains("\($0).fx") }
        guard cameras.contains(camera), source.options.camera != nil || cameras.count == 1 else {
            throw section.missing(
                "\(first).fx",
                "is one of \(cameras.count) cameras; choose with --camera \(cameras.joined(separator: "|"))")
        }
        func number(_ name: String) throws(ConfigurationError) -> Double? {
            try section.number("\(camera).\(name)", -1e9...1e9)
        }
        func need(_ name: String) throws(ConfigurationError) -> Double {
            guard let value = try number(name) else { throw section.missing("\(camera).\(name)", "missing, pixels") }
            return value
        }
        let size = try source.size(&section, width: "Camera.width", height: "Camera.height")
        let focal = Vector2(try need("fx"), try need("fy"))
        let centre = Vector2(try need("cx"), try need("cy"))
        var k: [String: Double] = [:]
        for name in ["k1", "k2", "k3", "k4", "p1", "p2"] { k[name] = try number(name) ?? 0 }
        func values(_ names: String...) -> [Double] { names.map { k[$0] ?? 0 } }
        let node = section.take("Camera.type")
        var type = "PinHole"  // What the settings of ORB-SLAM2 mean, which lack it.
        if let node, case .scalar(let text, _) = node.content { type = text }
        let lens: LensCoefficients
        switch type {
        case "PinHole", "Pinhole":
            lens = LensCoefficients(
                .radialTangential, focalLength: focal, principalPoint: centre,
                values: values("k1", "k2", "p1", "p2", "k3"))
        case "KannalaBrandt8":
            lens = LensCoefficients(
                .kannalaBrandt, focalLength: focal, principalPoint: centre, values: values("k1", "k2", "k3", "k4"))
        case "Rectified":
            lens = LensCoefficients(.radialTangential, focalLength: focal, principalPoint: centre, values: [])
        default:
            throw ConfigurationError(
                file: source.path, line: node?.line, field: "Camera.type",
                "'\(type)' is unknown (allowed: PinHole, KannalaBrandt8, Rectified)")
        }
        return try source.camera(lens, size, line: nil, field: "\(camera).fx")
    }
}
