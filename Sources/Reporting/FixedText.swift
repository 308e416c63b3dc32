extension Double {
    /// Decimal text with `places` digits after the point ("0.013"), rounded half away from zero; no locale, no
    /// exponent. "nan", "inf" and "-inf" for what is no number; beyond 9e15 units of the last place as Swift writes it.
    package func text(_ places: Int) -> String {
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
    /// Filled with spaces on the right up to `width` characters; a longer text as it is.
    package func padded(_ width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }

    /// Filled with spaces on the left up to `width` characters; a longer text as it is.
    package func aligned(_ width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - count)) + self }
}
