/// A value for the page, and its text.
public enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case text(String)
    case list([JSON])
    /// In this order.
    case object([(String, JSON)])
    /// Text that is JSON already, of one line.
    case raw(String)

    public static func == (a: JSON, b: JSON) -> Bool { a.encoded == b.encoded }

    /// Of one line.
    public var encoded: String {
        var text = ""
        write(into: &text)
        return text
    }

    /// A number with so many digits behind the point; null of what is no number.
    static func rounded(_ value: Double, _ digits: Int) -> JSON {
        guard value.isFinite else { return .null }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        return .number((value * scale).rounded() / scale)
    }

    static func integer(_ value: some BinaryInteger) -> JSON { .number(Double(value)) }

    private func write(into text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let value): text += Self.digits(of: value)
        case .text(let value): Self.quote(value, into: &text)
        case .list(let values): Self.write(values, "[", "]", into: &text) { $0.write(into: &$1) }
        case .object(let members):
            Self.write(members, "{", "}", into: &text) { member, text in
                Self.quote(member.0, into: &text)
                text += ":"
                member.1.write(into: &text)
            }
        case .raw(let value): text += value
        }
    }

    private static func write<Part>(
        _ parts: [Part], _ open: String, _ close: String, into text: inout String,
        _ body: (Part, inout String) -> Void
    ) {
        text += open
        for (index, part) in parts.enumerated() {
            if index > 0 { text += "," }
            body(part, &text)
        }
        text += close
    }

    private static func digits(of value: Double) -> String {
        guard value.isFinite else { return "null" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    private static func quote(_ value: String, into text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
