internal import Container

/// Values as every YAML reader understands them.
enum YAMLText {
    /// The shortest text that reads as the same number. With a point: YAML 1.1 takes `1e-05` for text.
    static func number(_ value: Double) -> String {
        let text = "\(value)"
        guard let e = text.firstIndex(of: "e"), !text.contains(".") else { return text }
        return text[..<e] + ".0" + text[e...]
    }

    /// `[a, b, c]`.
    static func list(_ values: [Double]) -> String { "[" + values.map(number).joined(separator: ", ") + "]" }

    /// In double quotes.
    static func string(_ text: String) -> String { JSON.string(text).text }
}
