internal import Configuration
internal import Geometry

/// ROS's camera_info as .ini, which `camera_calibration` writes as ost.txt and camera_info_manager loads: lines with a
/// name, and below it numbers.
///
/// Source: https://wiki.ros.org/camera_calibration_parsers
enum ROSIniFormat {
    /// The names that have numbers below them.
    private static let names: Set = ["width", "height", "camera matrix", "distortion", "rectification", "projection"]

    /// Whether the lines are of such a file.
    static func isIni(_ lines: [(number: Int, text: String)]) -> Bool {
        lines.first?.text.hasPrefix("[") == true && lines.contains { $0.text.hasPrefix("camera matrix") }
    }

    static func read(_ source: ForeignText) throws(ConfigurationError) -> CalibratedCamera {
        let fields = try fields(source)
        func need(_ name: String, _ counts: [Int]) throws(ConfigurationError) -> (line: Int, values: [Double]) {
            guard let field = fields[name] else {
                throw ConfigurationError(file: source.path, field: name, "missing in this .ini of ROS")
            }
            guard counts.contains(field.values.count) else {
                let expected = counts.map { "\($0)" }.joined(separator: " or ")
                throw ConfigurationError(
                    file: source.path, line: field.line, field: name,
                    "\(expected) numbers expected, \(field.values.count) found")
            }
            return field
        }
        let sides = [try need("width", [1]), try need("height", [1])].map { Int(exactly: $0.values[0]) ?? 0 }
        let (line, k) = try need("camera matrix", [9])
        let matrix = try CalibrationMatrix(k, file: source.path, line: line, field: "camera matrix")
        let d = try need("distortion", [4, 5, 8])
        guard d.values.count != 4 else {
            throw ConfigurationError(
                file: source.path, line: d.line, field: "distortion",
                """
                four coefficients may be a fisheye's, of which this format says nothing: take the YAML file \
                (ost.yaml), or write a fifth, 0, if it is none
                """)
        }
        let lens = LensCoefficients(
            .radialTangential, focalLength: matrix.focal, principalPoint: matrix.centre, values: d.values)
        return try source.camera(lens, (sides[0], sides[1]), line: line, field: "camera matrix")
    }

    /// Of each name the numbers below it, and the line of the first; of the first camera if there are several sections.
    private static func fields(
        _ source: ForeignText
    ) throws(ConfigurationError) -> [String: (line: Int, values: [Double])] {
        var fields: [String: (line: Int, values: [Double])] = [:]
        var current: String?
        for (number, text) in source.lines {
            let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            if line.hasPrefix("[") {
                current = nil
            } else if names.contains(line) {
                guard fields.updateValue((number, []), forKey: line) == nil else {
                    throw ConfigurationError(
                        file: source.path, line: number, field: line, "a second camera begins; give a file of one")
                }
                current = line
            } else if let name = current {
                for word in line.split(separator: " ") {
                    guard let value = Double(word), value.isFinite else {
                        throw ConfigurationError(
                            file: source.path, line: number, field: name, "'\(word)' is not a number")
                    }
                    fields[name]?.values.append(value)
                }
            }
        }
        return fields
    }
}
