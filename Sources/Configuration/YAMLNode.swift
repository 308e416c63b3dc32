/// A part of a YAML document, with the line on which it begins.
package struct YAMLNode: Sendable {
    package indirect enum Content: Sendable {
        /// `isPlain`: written without quotes, so that it may mean a number, a truth value or nothing.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        /// In the file's order; keys differ.
        case mapping([(key: String, line: Int, value: YAMLNode)])
    }

    package let content: Content
    /// From 1.
    package let line: Int

    /// Written as nothing, `~` or `null`.
    package var isNull: Bool {
        guard case .scalar(let text, true) = content else { return false }
        return ["", "~", "null"].contains(text)
    }

    /// For messages: what kind of thing stands here.
    package var kind: String {
        switch content {
        case .scalar(let text, _): "'\(text)'"
        case .sequence(let items): "a list of \(items.count)"
        case .mapping: "a section"
        }
    }
}
