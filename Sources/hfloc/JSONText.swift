internal import Container

/// JSON as text: just enough to print results, without a dependency.
enum JSONText {
    /// A quoted and escaped string.
    static func string(_ text: String) -> String { JSON.string(text).text }

    /// A number, or null if it is not finite: JSON has no infinity.
    static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "null" }
        return "\(value)"
    }

    static func array(_ elements: [String]) -> String { "[" + elements.joined(separator: ", ") + "]" }

    /// An object from its members in the given order; the values are JSON already.
    static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { string($0.0) + ": " + $0.1 }.joined(separator: ", ") + "}"
    }
}
