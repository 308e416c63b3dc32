internal import Container

/// JSON as text, a space behind each comma and colon: what commands print with `--json`.
package enum JSONText {
    /// A quoted and escaped string.
    package static func string(_ text: String) -> String { JSON.string(text).text }

    /// A number, or null if it is not finite: JSON has no infinity.
    package static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "null" }
        return "\(value)"
    }

    /// An array of elements that are JSON already.
    package static func array(_ elements: [String]) -> String { "[" + elements.joined(separator: ", ") + "]" }

    /// An object from its members in the given order; the values are JSON already.
    package static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { string($0.0) + ": " + $0.1 }.joined(separator: ", ") + "}"
    }
}
