/// Makes JSON of a message that one of our encoders wrote.
///
/// Source: the proto3 JSON mapping, https://protobuf.dev/programming-guides/json, with the names of the .proto files:
/// numbers of 64 bits are strings, enums names, values that are not finite "NaN" and "Infinity"; fields at their
/// default are left out.
package enum JSONTranscoder {
    /// UTF-8, one line. `bytes` are our own: what is not a message gives an empty object.
    package static func json(_ bytes: [UInt8], _ schema: JSONSchema) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(4 * bytes.count + 64)
        var writer = JSONWriter(out)
        do throws(Wire.Malformed) {
            try writer.message(bytes.span, 0..<bytes.count, schema)
        } catch {
            return Array("{}".utf8)
        }
        return writer.out
    }
}

private struct JSONWriter {
    private(set) var out: [UInt8]

    init(_ out: [UInt8]) { self.out = out }

    mutating func message(_ bytes: Span<UInt8>, _ range: Range<Int>, _ schema: JSONSchema) throws(Wire.Malformed) {
        write("{")
        var reader = WireReader(range)
        /// The repeated field whose list is open: our encoders write its values side by side.
        var open: UInt64 = 0
        var isFirst = true
        while let (number, value) = try reader.next(bytes) {
            guard let field = schema.fields[number] else { continue }
            if number != open {
                if open != 0 { write("]") }
                open = field.isRepeated ? number : 0
                write((isFirst ? "\"" : ",\"") + field.name + (field.isRepeated ? "\":[" : "\":"))
            } else {
                write(",")
            }
            isFirst = false
            try self.value(bytes, value, field)
        }
        write(open == 0 ? "}" : "]}")
    }

    private mutating func value(
        _ bytes: Span<UInt8>, _ value: WireReader.Value, _ field: JSONSchema.Field
    ) throws(Wire.Malformed) {
        switch (field.kind, value) {
        case (.number, .varint(let number)): write("\(UInt32(truncatingIfNeeded: number))")
        case (.unsigned, .varint(let number)), (.unsigned, .fixed64(let number)): write("\"\(number)\"")
        case (.signed, .varint(let number)): write("\"\(Int64(bitPattern: number))\"")
        case (.double, .fixed64(let bits)): double(Double(bitPattern: bits))
        case (.double, .bytes(let range)): doubles(try WireReader.doubles(bytes, range))
        case (.bool, .varint(let number)): write(number == 0 ? "false" : "true")
        case (.names(let names), .varint(let number)):
            write(names[number].map { "\"\($0)\"" } ?? "\(Int32(truncatingIfNeeded: number))")
        case (.text, .bytes(let range)): text(bytes, range)
        case (.message(let schema), .bytes(let range)): try message(bytes, range, schema)
        default: throw Wire.Malformed()
        }
    }

    private mutating func doubles(_ values: [Double]) {
        for (index, value) in values.enumerated() {
            if index > 0 { write(",") }
            double(value)
        }
    }

    private mutating func double(_ value: Double) {
        if value.isNaN {
            write("\"NaN\"")
        } else if value.isInfinite {
            write(value < 0 ? "\"-Infinity\"" : "\"Infinity\"")
        } else {
            write("\(value)")
        }
    }

    private mutating func text(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        out.append(UInt8(ascii: "\""))
        for index in range {
            switch bytes[index] {
            case UInt8(ascii: "\""): write("\\\"")
            case UInt8(ascii: "\\"): write("\\\\")
            case let byte where byte < 0x20:
                write("\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16))
            case let byte: out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    private mutating func write(_ text: String) { out.append(contentsOf: text.utf8) }
}
