/// A JSON value (RFC 8259), as strict as a file format needs: no duplicate keys, no trailing text, bounded depth.
public enum JSON: Sendable, Equatable {
    /// The word `null`.
    case null
    /// The word `true` or `false`.
    case bool(Bool)
    /// The number's own text, so that 64-bit integers survive.
    case number(String)
    /// Without quotes and escapes.
    case string(String)
    /// In the order of the text.
    case array([JSON])
    /// In the order of the text.
    case object([Member])

    /// A name of an object with its value; in a parsed text each name occurs once in its object.
    public struct Member: Sendable, Equatable {
        /// Without quotes and escapes.
        public let name: String
        /// What the object has under the name.
        public let value: JSON

        /// The value that an object shall have under a name.
        public init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    /// Where and why a text is not JSON.
    public struct Failure: Error, Equatable, Sendable, CustomStringConvertible {
        /// Bytes from the start of the text.
        public let offset: Int
        /// What is wrong there, or what was expected.
        public let reason: String
        public var description: String { "\(reason) at byte \(offset)" }
    }

    /// The value that a whole text is; nesting deeper than 32 is refused.
    public init(parsing text: String) throws(Failure) {
        let bytes = Array(text.utf8)
        self = try Self(parsing: bytes.span)
    }

    /// The value that a whole text in UTF-8 is; nesting deeper than 32 is refused.
    public init(parsing bytes: Span<UInt8>) throws(Failure) {
        var position = 0
        self = try JSONParser.document(bytes, &position)
    }

    /// The value that an object has under a name; nil without it, and if this is no object.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text of a string; nil of another value.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// A number that is written as a whole one and fits 64 bits; nil of another value.
    public var int: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text)
    }

    /// Finite, or `nil`.
    public var double: Double? {
        guard case .number(let text) = self, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// The elements of an array; nil of another value.
    public var array: [JSON]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    /// The members of an object, in the order of the text; nil of another value.
    public var object: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}

extension JSON {
    /// The value as compact UTF-8 text.
    public var text: String {
        var out = ""
        write(to: &out)
        return out
    }

    private func write(to out: inout String) {
        switch self {
        case .null: out += "null"
        case .bool(let value): out += value ? "true" : "false"
        case .number(let text): out += text
        case .string(let text): Self.quote(text, to: &out)
        case .array(let values):
            out += "["
            for (index, value) in values.enumerated() {
                if index > 0 { out += "," }
                value.write(to: &out)
            }
            out += "]"
        case .object(let members):
            out += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { out += "," }
                Self.quote(member.name, to: &out)
                out += ":"
                member.value.write(to: &out)
            }
            out += "}"
        }
    }

    private static func quote(_ text: String, to out: inout String) {
        out += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case "\u{0}"..<" ":
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        out += "\""
    }
}
