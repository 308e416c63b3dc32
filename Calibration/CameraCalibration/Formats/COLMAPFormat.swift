internal import Configuration
internal import Geometry

/// A line of COLMAP's cameras.txt: `CAMERA_ID MODEL WIDTH HEIGHT PARAMS...`, its pixels half a pixel further than ours.
///
/// Source: https://colmap.github.io/format.html
enum COLMAPFormat {
    static func text(of calibrated: CalibratedCamera) -> String {
        let camera = calibrated.camera
        let numbers = camera.colmapParameters.map { "\($0)" }.joined(separator: " ")
        return """
            # CAMERA_ID MODEL WIDTH HEIGHT PARAMS[]; the centre of the top-left pixel is (0.5, 0.5)
            1 \(camera.model.rawValue) \(camera.width) \(camera.height) \(numbers)

            """
    }

    static func read(_ source: ForeignText) throws(ConfigurationError) -> CalibratedCamera {
        let lines = source.lines.map { ($0.number, $0.text.split(whereSeparator: \.isWhitespace).map(String.init)) }
        let wanted = source.options.camera
        let matching = lines.filter { wanted == nil || $0.1.first == wanted }
        guard let (number, words) = matching.first else {
            let there = lines.compactMap(\.1.first).joined(separator: ", ")
            throw ConfigurationError(
                file: source.path,
                wanted.map { "has no camera \($0) (there are: \(there))" } ?? "has no line with a camera")
        }
        guard matching.count == 1 else {
            let ids = matching.prefix(8).compactMap(\.1.first).joined(separator: "|")
            throw ConfigurationError(
                file: source.path, line: matching[1].0, "has \(matching.count) cameras; choose with --camera \(ids)")
        }
        func failure(_ field: String, _ reason: String) -> ConfigurationError {
            ConfigurationError(file: source.path, line: number, field: field, reason)
        }
        guard words.count > 4 else {
            throw failure("camera", "expected CAMERA_ID MODEL WIDTH HEIGHT PARAMS, found \(words.count) words")
        }
        guard let model = CameraModel(rawValue: words[1]) else {
            let names = CameraModel.allCases.map(\.rawValue).joined(separator: ", ")
            throw failure("MODEL", "'\(words[1])' is unknown (allowed: \(names))")
        }
        guard let width = Int(words[2]), let height = Int(words[3]) else {
            throw failure("WIDTH HEIGHT", "'\(words[2]) \(words[3])' are not two whole numbers")
        }
        var parameters: [Double] = []
        for word in words[4...] {
            guard let value = Double(word), value.isFinite else { throw failure("PARAMS", "'\(word)' is not a number") }
            parameters.append(value)
        }
        do {
            return CalibratedCamera(
                camera: try Camera(colmapModel: model, parameters: parameters, width: width, height: height))
        } catch {
            throw failure("PARAMS", error.description)
        }
    }
}
