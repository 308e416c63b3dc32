internal import Configuration
internal import Geometry

/// A file of an unknown program, and what the user said about it.
struct ForeignText {
    let path: String
    let bytes: [UInt8]
    let options: CameraImportOptions

    /// Written out: the tags that OpenCV puts before its matrices and other values.
    private static let tags = Set(
        ["opencv-matrix", "opencv-nd-matrix", "map", "seq", "str", "int", "float"].map { "tag:yaml.org,2002:" + $0 })

    /// The lines without comments (`#` first) and blank ones, with their numbers from 1.
    var lines: [(number: Int, text: String)] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .map { ($0.offset + 1, String($0.element.drop { " \t".contains($0) })) }
            .filter { !$0.text.isEmpty && !$0.text.hasPrefix("#") }
    }

    /// OpenCV's FileStorage in XML.
    private var isXML: Bool { lines.first?.text.hasPrefix("<") ?? false }

    /// The document as YAML, or what is as good; what OpenCV and mrcal add to that language is taken away, line numbers
    /// stay. Of several documents, as programs print messages one after another, it is the first.
    func yaml() throws(ConfigurationError) -> YAMLNode {
        if isXML { return try OpenCVXML.parse(bytes, file: path) }
        var text = String(decoding: bytes, as: UTF8.self)
        if text.hasPrefix("%YAML") { text = "#" + text.drop { $0 != "\n" } }
        let isPython = lines.first?.text.hasPrefix("{") ?? false
        let plain = isPython ? MrcalFormat.withoutBinary(Array(text.utf8)) : Array(firstMessage(text).utf8)
        return try YAMLParser.parse(plain, file: path, allowingTags: Self.tags)
    }

    /// What stands before the line `---` that ends a message.
    private func firstMessage(_ text: String) -> Substring {
        var hasContent = false
        var end = text.startIndex
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if hasContent, line.prefix(3) == "---" { return text[..<line.startIndex] }
            hasContent = hasContent || !(line.isEmpty || line.hasPrefix("#") || line.prefix(3) == "---")
            end = line.endIndex
        }
        return text[..<end]
    }

    func section() throws(ConfigurationError) -> YAMLSection { try YAMLSection(try yaml(), file: path) }

    func guessFormat() throws(ConfigurationError) -> CameraFormat {
        let unknown = ConfigurationError(
            file: path,
            """
            is of no camera format that is known; say which with --from \
            (\(CameraFormat.allCases.map(\.rawValue).joined(separator: ", ")))
            """
        )
        guard let first = lines.first?.text else { throw unknown }
        let words = first.split(whereSeparator: \.isWhitespace)
        if words.count > 3, Int(words[0]) != nil { return .colmap }
        if ROSIniFormat.isIni(lines) { return .ros }
        if isXML || String(decoding: bytes, as: UTF8.self).contains("!!opencv-matrix") { return .opencv }
        guard case .mapping(let entries) = try yaml().content else { throw unknown }
        let keys = Set(entries.map(\.key))
        if keys.contains("lensmodel") { return .mrcal }
        if ORBSLAMFormat.isSettings(keys) { return .opencv }
        if keys.contains("model") { return .hfloc }
        if first.hasPrefix("{"), OpenCVFormat.isStorage(keys) { return .opencv }
        if keys.contains("distortion_model") || keys.contains("image_width") && keys.contains("camera_matrix") {
            return .ros
        }
        if keys.contains(where: { $0.hasPrefix("cam") && Int($0.dropFirst(3)) != nil }) { return .kalibr }
        throw unknown
    }

    /// The image's size as the file says, else as the user says.
    func size(
        _ section: inout YAMLSection, width: String = "image_width", height: String = "image_height"
    ) throws(ConfigurationError) -> (width: Int, height: Int) {
        let limit = 1...65535
        let stated = (try section.integer(width, limit), try section.integer(height, limit))
        if case (let width?, let height?) = stated { return (width, height) }
        if let size = options.size { return size }
        throw section.missing(
            stated.0 == nil ? width : height, "missing: the image's size; give it with --size WIDTHxHEIGHT")
    }

    /// What the lens' numbers make, or why they make none.
    func camera(
        _ lens: LensCoefficients, _ size: (width: Int, height: Int), line: Int?, field: String
    ) throws(ConfigurationError) -> CalibratedCamera {
        do {
            return CalibratedCamera(camera: try lens.camera(width: size.width, height: size.height))
        } catch {
            throw ConfigurationError(file: path, line: line, field: field, error.description)
        }
    }
}

extension YAMLSection {
    /// A field that must be there.
    mutating func need(_ key: String, _ what: String) throws(ConfigurationError) -> YAMLNode {
        guard let node = take(key) else { throw missing(key, "missing: \(what)") }
        return node
    }

    /// A matrix as ROS and OpenCV write it: `rows`, `cols`, `data`. Values row by row.
    mutating func matrix(_ key: String, _ what: String) throws(ConfigurationError) -> (
        line: Int, rows: Int, values: [Double]
    ) {
        let node = try need(key, what)
        var fields = try YAMLSection(node, file: file, name: prefix + key)
        let counts = 0...1000
        guard let rows = try fields.integer("rows", counts), let columns = try fields.integer("cols", counts) else {
            throw fields.missing("rows", "missing: a matrix has rows, cols and data")
        }
        // OpenCV leaves the data of an empty matrix out.
        let values = try fields.numbers("data") ?? []
        guard values.count == rows * columns else {
            throw error(node, key, "\(rows) x \(columns) numbers expected, \(values.count) found")
        }
        return (node.line, rows, values)
    }

    /// A 3x3 matrix K with no skew: focal lengths and principal point.
    mutating func calibrationMatrix(_ key: String) throws(ConfigurationError) -> CalibrationMatrix {
        let (line, rows, k) = try matrix(key, "the camera matrix")
        guard rows == 3, k.count == 9 else {
            throw ConfigurationError(file: file, line: line, field: prefix + key, "a 3 x 3 matrix is expected")
        }
        return try CalibrationMatrix(k, file: file, line: line, field: prefix + key)
    }
}

/// A 3x3 matrix K with no skew: focal lengths and principal point.
struct CalibrationMatrix {
    let focal: Vector2
    let centre: Vector2
    let line: Int

    /// - Parameters:
    ///   - k: nine numbers, row by row.
    ///   - file: where they stand, for messages.
    ///   - line: of that file.
    ///   - field: on that line.
    init(_ k: [Double], file: String, line: Int, field: String) throws(ConfigurationError) {
        guard k.count == 9, k[1] == 0, k[3] == 0, Array(k[6...]) == [0, 0, 1] else {
            throw ConfigurationError(
                file: file, line: line, field: field,
                "not of the form [fx, 0, cx, 0, fy, cy, 0, 0, 1]; a camera with skew is not supported")
        }
        (focal, centre, self.line) = (Vector2(k[0], k[4]), Vector2(k[2], k[5]), line)
    }
}
