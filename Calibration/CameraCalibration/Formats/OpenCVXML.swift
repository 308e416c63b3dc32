internal import Configuration

/// OpenCV's FileStorage in XML, as the same tree that its YAML gives.
///
/// Only what OpenCV writes is understood: elements, attributes (which say nothing that is needed), numbers and text.
struct OpenCVXML {
    private let file: String
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    /// The fields of the document's root element.
    static func parse(_ bytes: [UInt8], file: String) throws(ConfigurationError) -> YAMLNode {
        var parser = OpenCVXML(file: file, bytes: bytes)
        try parser.skipProlog()
        guard let root = try parser.element(depth: 0), root.name == "opencv_storage" else {
            throw parser.error("is XML, but not OpenCV's: the root element is not opencv_storage")
        }
        return root.node
    }

    private init(file: String, bytes: [UInt8]) { (self.file, self.bytes) = (file, bytes) }

    private func error(_ reason: String) -> ConfigurationError {
        ConfigurationError(file: file, line: line, reason)
    }

    private func starts(with text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    private mutating func advance(_ count: Int) {
        for _ in 0..<min(count, bytes.count - position) {
            if bytes[position] == 0x0A { line += 1 }
            position += 1
        }
    }

    /// The text up to `end`, which is passed over.
    private mutating func text(upTo end: String) throws(ConfigurationError) -> String {
        let start = position
        while position < bytes.count, !starts(with: end) { advance(1) }
        guard position < bytes.count else { throw error("the file ends here; '\(end)' is missing") }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        advance(end.utf8.count)
        return text
    }

    private mutating func skipBlank() {
        while position < bytes.count, [0x20, 0x09, 0x0A].contains(bytes[position]) { advance(1) }
    }

    /// Blanks, comments and declarations.
    private mutating func skipProlog() throws(ConfigurationError) {
        while true {
            skipBlank()
            if starts(with: "<!--") {
                _ = try text(upTo: "-->")
            } else if starts(with: "<?") {
                _ = try text(upTo: "?>")
            } else if starts(with: "<!") {
                throw error("document types and CDATA are not supported")
            } else {
                return
            }
        }
    }

    /// The element that begins here; nil at an end tag, or where there is none.
    private mutating func element(depth: Int) throws(ConfigurationError) -> (name: String, node: YAMLNode)? {
        guard starts(with: "<"), !starts(with: "</") else { return nil }
        guard depth < 16 else { throw error("nested more than 16 deep") }
        let start = line
        advance(1)
        let tag = try text(upTo: ">")
        let name = String(tag.prefix { !$0.isWhitespace && $0 != "/" })
        guard !name.isEmpty else { throw error("an element without a name") }
        if tag.hasSuffix("/") { return (name, YAMLNode(content: .scalar("", isPlain: true), line: start)) }
        var children: [(key: String, line: Int, value: YAMLNode)] = []
        var content = ""
        while true {
            let contentLine = line
            let piece = try text(upTo: "<")
            position -= 1
            if !piece.allSatisfy(\.isWhitespace) { content += piece }
            try skipProlog()
            if starts(with: "</") { break }
            guard let child = try element(depth: depth + 1) else { throw error("the file ends here") }
            children.append((child.name, contentLine, child.node))
        }
        advance(2)
        guard try text(upTo: ">").split(whereSeparator: \.isWhitespace).first.map(String.init) == name else {
            throw error("'\(name)', of line \(start), is not ended here")
        }
        return (name, try node(name, children, content, start))
    }

    private func node(
        _ name: String, _ children: [(key: String, line: Int, value: YAMLNode)], _ content: String, _ line: Int
    ) throws(ConfigurationError) -> YAMLNode {
        if !children.isEmpty {
            return children.allSatisfy { $0.key == "_" }
                ? YAMLNode(content: .sequence(children.map(\.value)), line: line)
                : YAMLNode(content: .mapping(children), line: line)
        }
        let words = content.split(whereSeparator: \.isWhitespace).map(String.init)
        let isText = words.first?.hasPrefix("\"") ?? false
        if !isText, name == "data" || words.count > 1 {
            let items = words.map { YAMLNode(content: .scalar($0, isPlain: true), line: line) }
            return YAMLNode(content: .sequence(items), line: line)
        }
        let text = isText ? String(content.drop { $0 != "\"" }.dropFirst().prefix { $0 != "\"" }) : words.joined()
        return YAMLNode(content: .scalar(text, isPlain: !isText), line: line)
    }
}
