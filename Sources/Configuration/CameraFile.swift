public import Geometry

/// A camera's intrinsics as a person or a calibration program wrote them: YAML with `model`, `width`, `height` and `parameters`.
///
/// The model has COLMAP's name, the parameters COLMAP's order; the principal point counts from the centre of the top-left pixel (OpenCV, ROS).
/// Further fields (covariance, date, ...) may stand in the file, and are ignored.
public struct CameraFile: Sendable {
    public let path: String
    public let camera: Camera
    /// The file itself, for its hash.
    public let bytes: [UInt8]

    public init(reading path: String) throws(ConfigurationError) {
        self.path = path
        bytes = try TextFile.read(path, what: "a camera file")
        var section = try YAMLSection(try YAMLParser.parse(bytes, file: path), file: path)
        let names = CameraModel.allCases.map(\.rawValue).joined(separator: ", ")
        let modelNode = section.take("model")
        guard let modelNode, case .scalar(let name, _) = modelNode.content else {
            throw section.missing("model", "missing (allowed: \(names))")
        }
        guard let model = CameraModel(rawValue: name) else {
            throw section.error(modelNode, "model", "'\(name)' is unknown (allowed: \(names))")
        }
        let limit = 1...65535
        guard let width = try section.integer("width", limit) else {
            throw section.missing("width", "missing: the image's width, pixels")
        }
        guard let height = try section.integer("height", limit) else {
            throw section.missing("height", "missing: the image's height, pixels")
        }
        guard let parameters = try section.numbers("parameters") else {
            throw section.missing("parameters", "missing: [\(model.parameterNames.joined(separator: ", "))]")
        }
        do {
            camera = try Camera(model: model, parameters: parameters, width: width, height: height)
        } catch {
            throw ConfigurationError(file: path, field: "parameters", error.description)
        }
    }
}
