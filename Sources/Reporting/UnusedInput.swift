/// What was read, or lies where it would be read, and is not used: counted and named, so that nothing is lost without a
/// word.
public struct UnusedInput: Sendable, Equatable {
    /// What it is, in the plural, such as "names in split.txt".
    public let what: String
    /// Why it is not used, behind ``what``, such as "match no image".
    public let reason: String
    /// All of them, at least one.
    public let names: [String]

    /// So many things that are not used for one reason; nil if there is none.
    public init?(_ what: String, _ reason: String, _ names: [String]) {
        guard !names.isEmpty else { return nil }
        (self.what, self.reason, self.names) = (what, reason, names)
    }

    /// `names in split.txt match no image: 2 (a.jpg, b.jpg)`.
    public var text: String { "\(what) \(reason): \(names.count) (\(NameList.text(names)))" }

    /// One object: `what`, `reason`, `count` and the first `names`.
    package var json: String {
        JSONText.object([
            ("what", JSONText.string(what)), ("reason", JSONText.string(reason)), ("count", "\(names.count)"),
            ("names", JSONText.array(names.prefix(NameList.most).map(JSONText.string))),
        ])
    }
}

/// Names in a message: the first ones, then how many more.
package enum NameList {
    /// How many are named.
    package static let most = 10

    /// `a, b, c`, or the first ten `and 5 more`.
    package static func text(_ names: [String]) -> String {
        let rest = names.count - most
        return names.prefix(most).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}
