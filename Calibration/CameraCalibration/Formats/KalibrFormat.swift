internal import Configuration
internal import Geometry

/// Kalibr's camchain.
///
/// Source: https://github.com/ethz-asl/kalibr/wiki/yaml-formats and its `supported-models`.
enum KalibrFormat {
    static func text(of calibrated: CalibratedCamera) throws(CameraFormatError) -> String {
        let camera = calibrated.camera
        let lens = LensCoefficients(camera)
        guard lens.values.count <= 4 else {
            throw CameraFormatError(
                format: .kalibr, model: camera.model,
                reason: "its radtan has four coefficients; solve with --model radtan4 or fisheye")
        }
        let intrinsics = [lens.focalLength.x, lens.focalLength.y, lens.principalPoint.x, lens.principalPoint.y]
        let model = lens.isFisheye ? "equidistant" : lens.values.isEmpty ? "none" : "radtan"
        return """
            cam0:
              cam_overlaps: []
              camera_model: pinhole
              distortion_coeffs: \(YAMLText.list(lens.values))
              distortion_model: \(model)
              intrinsics: \(YAMLText.list(intrinsics))
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
        try require(&camera, "camera_model", ["pinhole"])
        let model = try require(&camera, "distortion_model", ["radtan", "equidistant", "none"])
        let node = try camera.need("intrinsics", "[fx, fy, cx, cy]")
        let k = try camera.numbers(node, "intrinsics")
        guard k.count == 4 else { throw camera.error(node, "intrinsics", "expected [fx, fy, cx, cy]") }
        let d = try camera.numbers("distortion_coeffs") ?? []
        let count = model == "none" ? 0 : 4
        guard d.count == count else {
            throw camera.missing("distortion_coeffs", "\(model) has \(count) coefficients, \(d.count) are given")
        }
        guard let size = try camera.integers("resolution", 1...65535), size.count == 2 else {
            throw camera.missing("resolution", "missing: [width, height], pixels")
        }
        let lens = LensCoefficients(
            isFisheye: model == "equidistant", focalLength: Vector2(k[0], k[1]), principalPoint: Vector2(k[2], k[3]),
            values: d)
        return try source.camera(lens, (size[0], size[1]), line: node.line, field: "\(name).intrinsics")
    }

    @discardableResult
    private static func require(
        _ section: inout YAMLSection, _ key: String, _ allowed: [String]
    ) throws(ConfigurationError) -> String {
        let node = try section.need(key, allowed.joined(separator: ", "))
        guard case .scalar(let text, _) = node.content, allowed.contains(text) else {
            throw section.error(
                node, key, "\(node.kind) is not supported (allowed: \(allowed.joined(separator: ", ")))")
        }
        return text
    }
}
