public import Container
public import Geometry

/// A camera's intrinsics as a person or a calibration program wrote them: YAML with `model`, `width`, `height` and
/// `parameters`.
///
/// The model has COLMAP's name, the parameters COLMAP's order; the principal point counts from the centre of the
/// top-left pixel (OpenCV, ROS). What a calibration program says beside them (covariance, date, ...) is checked as
/// well; a field that is not known is an error.
public struct CameraFile: Sendable {
    /// As it was given, for messages.
    public let path: String
    /// The intrinsics, checked.
    public let camera: Camera
    /// What a calibration program said beside them.
    public let record: CalibrationRecord
    /// The file's own bytes, as they were read.
    public let content: [UInt8]

    public init(reading path: String) throws(ConfigurationError) {
        let bytes = try TextFile.read(path, what: "a camera file")
        do throws(ConfigurationError) {
            try self.init(parsing: bytes, path: path)
        } catch {
            throw error.proposingConversion()
        }
    }

    /// - Parameters:
    ///   - bytes: the content of a camera file.
    ///   - path: where the bytes come from, for messages.
    public init(parsing bytes: [UInt8], path: String) throws(ConfigurationError) {
        (self.path, content) = (path, bytes)
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
        record = try CalibrationRecord(
            &section, parameterNames: model.parameterNames, width: width, height: height)
        try section.finish()
    }
}

extension ConfigurationError {
    /// Of a file that is no camera file of hfloc's at all: what may make one of it.
    fileprivate func proposingConversion() -> ConfigurationError {
        guard kind == .invalid, let mistake = mistakes.first, !mistake.reason.contains("UTF-"),
            mistake.field == nil || mistake.field == "model" && mistake.reason.hasPrefix("missing")
        else { return self }
        // A whole document may stand where the message quotes it.
        let reason = mistake.reason.count > 200 ? "is no camera file" : mistake.reason
        return ConfigurationError(
            file: mistake.origin, line: mistake.line, field: mistake.field,
            "\(reason); of another program? `hfloc-calibrate convert` makes a camera file of it")
    }
}

extension Camera {
    /// Names what a pose's pixels were interpreted with: equal for equal intrinsics, whatever file, part and reduction
    /// they came from, and another as soon as any of them differs. It is `calibration_id` on the wire.
    ///
    /// The hash of the text `MODEL WIDTH HEIGHT`, a line feed, and the parameters in their order as little-endian
    /// doubles.
    public var identity: Hash256 {
        var bytes = Array("\(model.rawValue) \(width) \(height)\n".utf8)
        for parameter in parameters {
            for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: parameter.bitPattern >> (8 * byte))) }
        }
        return Hash256(of: bytes)
    }
}
