internal import Configuration
internal import Geometry

/// Kalibr's camchain.
///
/// Source: https://github.com/ethz-asl/kalibr/wiki/yaml-formats and its `supported-models`.
enum KalibrFormat {
    static func text(of calibrated: CalibratedCamera) throws(CameraFormatError) -> String {
        let camera = calibrated.camera
        let (model, lens) = try ForeignLens.written(camera, as: .kalibr)
        return """
            cam0:
              cam_overlaps: []
              camera_model: pinhole
              distortion_coeffs: \(YAMLText.list(lens.values))
              distortion_model: \(model)
              intrinsics: \(YAMLText.list(lens.intrinsics))
              resolution: [\(camera.width), \(camera.height)]
              rostopic: /camera/image_raw

            """
    }

    static func read(_ source: ForeignText) throws(ConfigurationError) -> CalibratedCamera {
        var root = try source.section()
        let cameras = try source.keys().filter { $0.hasPrefix("cam") && Int($0.dropFirst(3)) != nil }.sorted()
        guard let first = cameras.first else { throw root.missing("cam0", "missing: a camchain has cam0, cam1, ...") }
        let name = source.options.camera ?? first
        guard source.options.camera != nil || cameras.count == 1 else {
            throw root.missing(
                first, "is one of \(cameras.count) cameras; choose with --camera \(cameras.joined(separator: "|"))")
        }
        guard var camera = try root.section(name) else {
            throw root.missing(name, "missing (there are: \(cameras.joined(separator: ", ")))")
        }
        _ = try require(&camera, "camera_model", ["pinhole"]) { $0 == "pinhole" ? $0 : nil }
        let foreign = try require(&camera, "distortion_model", ForeignLens.names(.kalibr)) {
            ForeignLens(.kalibr, named: $0)
        }
        let node = try camera.need("intrinsics", "[fx, fy, cx, cy]")
        let k = try camera.numbers(node, "intrinsics")
        guard k.count == 4 else { throw camera.error(node, "intrinsics", "expected [fx, fy, cx, cy]") }
        let d = try camera.numbers("distortion_coeffs") ?? []
        guard foreign.counts.contains(d.count) else {
            throw camera.missing(
                "distortion_coeffs",
                "\(foreign.name) has \(foreign.counted) coefficients, \(d.count) are given")
        }
        guard let size = try camera.integers("resolution", 1...65535), size.count == 2 else {
            throw camera.missing("resolution", "missing: [width, height], pixels")
        }
        let lens = LensCoefficients(
            foreign.formula, focalLength: Vector2(k[0], k[1]), principalPoint: Vector2(k[2], k[3]), values: d)
        return try source.camera(lens, (size[0], size[1]), line: node.line, field: "\(name).intrinsics")
    }

    /// A field's meaning, which must be one that is allowed.
    private static func require<Meaning>(
        _ section: inout YAMLSection, _ key: String, _ allowed: [String], _ meaning: (String) -> Meaning?
    ) throws(ConfigurationError) -> Meaning {
        let names = allowed.joined(separator: ", ")
        let node = try section.need(key, names)
        guard case .scalar(let text, _) = node.content, let found = meaning(text) else {
            throw section.error(node, key, "\(node.kind) is not supported (allowed: \(names))")
        }
        return found
    }
}
