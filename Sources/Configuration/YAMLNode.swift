/// A part of a YAML document, with the line on which it begins.
struct YAMLNode {
    indirect enum Content {
        /// `isPlain`: written without quotes, so that it may mean a number, a truth value or nothing.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        /// In the file's order; keys differ.
        case mapping([(key: String, line: Int, value: YAMLNode)])
    }

    let content: Content
    /// From 1.
    let line: Int

    /// Written as nothing, `~` or `null`.
    var isNull: Bool {
        guard case .scalar(let text, true) = content else { return false }
        return ["", "~", "null"].contains(text)
    }

    /// For messages: what kind of thing stands here.
    var kind: String {
        switch content {
        case .scalar(let text, _): "'\(text)'"
        case .sequence: "a list"
        case .mapping: "a section"
        }
    }
}
