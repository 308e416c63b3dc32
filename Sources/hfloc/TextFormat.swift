internal import Container

extension Double {
    /// Decimal text with `places` digits after the point ("0.013"), rounded half away from zero; no locale, no
    /// exponent.
    func text(_ places: Int) -> String {
        guard isFinite else { return isNaN ? "nan" : (self < 0 ? "-inf" : "inf") }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (magnitude * scale).rounded()
        guard scaled < 9e15 else { return "\(self)" }
        let digits = Int64(scaled)
        let sign = self < 0 && digits != 0 ? "-" : ""
        guard places > 0 else { return sign + "\(digits)" }
        let fraction = String(digits % Int64(scale))
        return sign + "\(digits / Int64(scale))." + String(repeating: "0", count: places - fraction.count) + fraction
    }
}

extension String {
    /// Filled with spaces on the right, or on the left, up to `width`.
    func padded(_ width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
    func aligned(_ width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - count)) + self }
}

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
