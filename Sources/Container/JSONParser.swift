/// Recursive descent over UTF-8 bytes. Every read is behind `peek`, so that no text can take it past the end.
enum JSONParser {
    /// Deeper nesting is refused, so that a hostile file cannot exhaust the stack.
    static let maximumDepth = 32

    static func document(_ text: Span<UInt8>, _ position: inout Int) throws(JSON.Failure) -> JSON {
        let value = try value(text, &position, depth: 0)
        skipSpace(text, &position)
        guard position == text.count else { throw failure(position, "text after the value") }
        return value
    }

    private static func failure(_ position: Int, _ reason: String) -> JSON.Failure {
        JSON.Failure(offset: position, reason: reason)
    }

    private static func peek(_ text: Span<UInt8>, _ position: Int) -> UInt8? {
        position < text.count ? text[position] : nil
    }

    private static func skipSpace(_ text: Span<UInt8>, _ position: inout Int) {
        while let byte = peek(text, position), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    private static func value(
        _ text: Span<UInt8>, _ position: inout Int, depth: Int
    ) throws(JSON.Failure) -> JSON {
        guard depth < maximumDepth else { throw failure(position, "nesting deeper than \(maximumDepth)") }
        skipSpace(text, &position)
        switch peek(text, position) {
        case UInt8(ascii: "{"): return try object(text, &position, depth: depth)
        case UInt8(ascii: "["): return try array(text, &position, depth: depth)
        case UInt8(ascii: "\""): return .string(try string(text, &position))
        case UInt8(ascii: "t"): return try word("true", .bool(true), text, &position)
        case UInt8(ascii: "f"): return try word("false", .bool(false), text, &position)
        case UInt8(ascii: "n"): return try word("null", .null, text, &position)
        case nil: throw failure(position, "the text ends where a value should be")
        default: return try number(text, &position)
        }
    }

    private static func word(
        _ word: String, _ value: JSON, _ text: Span<UInt8>, _ position: inout Int
    ) throws(JSON.Failure) -> JSON {
        for byte in word.utf8 {
            guard peek(text, position) == byte else { throw failure(position, "not a value") }
            position += 1
        }
        return value
    }

    private static func object(
        _ text: Span<UInt8>, _ position: inout Int, depth: Int
    ) throws(JSON.Failure) -> JSON {
        var members: [JSON.Member] = []
        var names: Set<String> = []
        position += 1
        skipSpace(text, &position)
        if peek(text, position) == UInt8(ascii: "}") {
            position += 1
            return .object([])
        }
        while true {
            skipSpace(text, &position)
            let start = position
            guard peek(text, position) == UInt8(ascii: "\"") else { throw failure(position, "no name") }
            let name = try string(text, &position)
            guard names.insert(name).inserted else { throw failure(start, "the name '\(name)' occurs twice") }
            skipSpace(text, &position)
            guard peek(text, position) == UInt8(ascii: ":") else { throw failure(position, "no ':'") }
            position += 1
            members.append(JSON.Member(name, try value(text, &position, depth: depth + 1)))
            if try ends(text, &position, with: UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private static func array(
        _ text: Span<UInt8>, _ position: inout Int, depth: Int
    ) throws(JSON.Failure) -> JSON {
        var values: [JSON] = []
        position += 1
        skipSpace(text, &position)
        if peek(text, position) == UInt8(ascii: "]") {
            position += 1
            return .array([])
        }
        while true {
            values.append(try value(text, &position, depth: depth + 1))
            if try ends(text, &position, with: UInt8(ascii: "]")) { return .array(values) }
        }
    }

    /// True past the closing bracket, false past a comma.
    private static func ends(
        _ text: Span<UInt8>, _ position: inout Int, with bracket: UInt8
    ) throws(JSON.Failure) -> Bool {
        skipSpace(text, &position)
        let byte = peek(text, position)
        guard byte == bracket || byte == UInt8(ascii: ",") else { throw failure(position, "no ',' or closing bracket") }
        position += 1
        return byte == bracket
    }

    private static func number(_ text: Span<UInt8>, _ position: inout Int) throws(JSON.Failure) -> JSON {
        let start = position
        var digits: [UInt8] = []
        func take(_ allowed: (UInt8) -> Bool, _ position: inout Int) -> Int {
            var count = 0
            while let byte = peek(text, position), allowed(byte) {
                digits.append(byte)
                position += 1
                count += 1
            }
            return count
        }
        func takeOne(_ byte: UInt8, _ position: inout Int) -> Bool {
            guard peek(text, position) == byte else { return false }
            digits.append(byte)
            position += 1
            return true
        }
        let isDigit = { (byte: UInt8) in byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

        _ = takeOne(UInt8(ascii: "-"), &position)
        if !takeOne(UInt8(ascii: "0"), &position) {
            guard take(isDigit, &position) > 0 else { throw failure(start, "not a value") }
        }
        if takeOne(UInt8(ascii: "."), &position) {
            guard take(isDigit, &position) > 0 else { throw failure(start, "not a number") }
        }
        if takeOne(UInt8(ascii: "e"), &position) || takeOne(UInt8(ascii: "E"), &position) {
            if !takeOne(UInt8(ascii: "+"), &position) { _ = takeOne(UInt8(ascii: "-"), &position) }
            guard take(isDigit, &position) > 0 else { throw failure(start, "not a number") }
        }
        return .number(String(decoding: digits, as: UTF8.self))
    }
}

extension JSONParser {
    private static func string(_ text: Span<UInt8>, _ position: inout Int) throws(JSON.Failure) -> String {
        let start = position
        var bytes: [UInt8] = []
        position += 1
        while true {
            guard let byte = peek(text, position) else { throw failure(start, "a string without end") }
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: bytes, as: UTF8.self) else {
                    throw failure(start, "a string that is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"):
                try escape(text, &position, into: &bytes)
            case 0..<0x20:
                throw failure(position - 1, "a control character in a string")
            default:
                bytes.append(byte)
            }
        }
    }

    private static func escape(
        _ text: Span<UInt8>, _ position: inout Int, into bytes: inout [UInt8]
    ) throws(JSON.Failure) {
        guard let byte = peek(text, position) else { throw failure(position, "a string without end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): try codePoint(text, &position, into: &bytes)
        default: throw failure(position - 1, "an unknown escape")
        }
    }

    private static func codePoint(
        _ text: Span<UInt8>, _ position: inout Int, into bytes: inout [UInt8]
    ) throws(JSON.Failure) {
        let start = position
        var code = try fourDigits(text, &position)
        if code >= 0xD800 && code < 0xDC00 {  // a surrogate pair
            guard peek(text, position) == UInt8(ascii: "\\"), peek(text, position + 1) == UInt8(ascii: "u") else {
                throw failure(start, "half a surrogate pair")
            }
            position += 2
            let low = try fourDigits(text, &position)
            guard low >= 0xDC00 && low < 0xE000 else { throw failure(start, "half a surrogate pair") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw failure(start, "half a surrogate pair") }
        bytes.append(contentsOf: String(Character(scalar)).utf8)
    }

    private static func fourDigits(_ text: Span<UInt8>, _ position: inout Int) throws(JSON.Failure) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(text, position), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure(position, "not four hexadecimal digits")
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }
}
