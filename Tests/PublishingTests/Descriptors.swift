import Publishing
import SwiftProtobuf
import TestSupport
import Testing

/// The messages of `hfloc.v1` as protoc describes them, whatever any of our encoders knows of them.
struct Descriptors {
    typealias Field = Google_Protobuf_FieldDescriptorProto

    /// By full names: "hfloc.v1.Status".
    let messages: [String: Google_Protobuf_DescriptorProto]
    private let enumerations: [String: [UInt64]]

    /// Read once: from the file that `tools/generate/generate-wire` wrote.
    static func read() throws -> Descriptors { try once.get() }

    private static let once = Result { try Descriptors() }

    private init() throws {
        let bytes = try #require(testFile("Generated/hfloc.v1.descriptors"))
        let files = try Google_Protobuf_FileDescriptorSet(serializedBytes: bytes).file
        var messages: [String: Google_Protobuf_DescriptorProto] = [:]
        var enumerations: [String: [UInt64]] = [:]
        func add(_ enumeration: Google_Protobuf_EnumDescriptorProto, in scope: String) {
            enumerations[scope + enumeration.name] = enumeration.value.map { UInt64($0.number) }
        }
        for file in files {
            for enumeration in file.enumType { add(enumeration, in: file.package + ".") }
            for message in file.messageType {
                let name = file.package + "." + message.name
                messages[name] = message
                for enumeration in message.enumType { add(enumeration, in: name + ".") }
            }
        }
        (self.messages, self.enumerations) = (messages, enumerations)
    }

    /// In ascending order of their numbers.
    func fields(of message: String) throws -> [Field] {
        try #require(messages[message], "no message \(message)").field.sorted { $0.number < $1.number }
    }

    /// The numbers that a field's enum has.
    func values(of field: Field) throws -> [UInt64] {
        try #require(enumerations[String(field.typeName.dropFirst())])
    }

    /// Every field of the message and of the messages in it: "pose.position.x". Fields that hold messages are none of
    /// their own.
    func paths(of message: String) throws -> Set<String> {
        var paths: Set<String> = []
        for field in try fields(of: message) {
            guard field.type == .message else {
                paths.insert(field.name)
                continue
            }
            paths.formUnion(try self.paths(of: String(field.typeName.dropFirst())).map { field.name + "." + $0 })
        }
        return paths
    }

    /// Those of them that stand in a serialized message.
    func paths(in bytes: [UInt8], of message: String) throws -> Set<String> {
        let fields = Dictionary(uniqueKeysWithValues: try fields(of: message).map { (UInt64($0.number), $0) })
        var paths: Set<String> = []
        var reader = WireReader(0..<bytes.count)
        while let (number, value) = try reader.next(bytes.span) {
            let field = try #require(fields[number], "\(message) has no field \(number)")
            guard field.type == .message else {
                paths.insert(field.name)
                continue
            }
            guard case .bytes(let range) = value else {
                Issue.record("\(message).\(field.name) is no message")
                continue
            }
            let inner = try self.paths(in: Array(bytes[range]), of: String(field.typeName.dropFirst()))
            paths.formUnion(inner.map { field.name + "." + $0 })
        }
        return paths
    }
}

/// Makes serialized messages from their descriptors alone.
struct MessageGenerator {
    let descriptors: Descriptors
    /// Every field is given, none at its default; else each is missing now and then.
    var isFull = false
    /// Only values that all writers of JSON write alike: numbers with one decimal, and text without control characters.
    var isPlain = false

    func bytes(of message: String, _ random: inout SeededGenerator) throws -> [UInt8] {
        var wire = WireEncoder(capacity: 1024)
        try encode(message, into: &wire, &random)
        return wire.bytes
    }

    private func encode(_ message: String, into wire: inout WireEncoder, _ random: inout SeededGenerator) throws {
        var chosen: [Int32: Int32] = [:]
        let fields = try descriptors.fields(of: message)
        for field in fields where field.hasOneofIndex {
            let rivals = fields.filter { $0.hasOneofIndex && $0.oneofIndex == field.oneofIndex }
            chosen[field.oneofIndex] = chosen[field.oneofIndex] ?? rivals.randomElement(using: &random)?.number
        }
        for field in fields {
            if field.hasOneofIndex, chosen[field.oneofIndex] != field.number { continue }
            guard isFull || Int.random(in: 0..<5, using: &random) > 0 else { continue }
            try encode(field, into: &wire, &random)
        }
    }

    private func encode(_ field: Descriptors.Field, into wire: inout WireEncoder, _ random: inout SeededGenerator)
        throws
    {
        let number = Int(field.number)
        let count = field.label == .repeated ? Int.random(in: isFull ? 1...4 : 0...4, using: &random) : 1
        switch field.type {
        case .uint32: wire.varint(number, integer(&random) & 0xffff_ffff)
        case .uint64, .int64: wire.varint(number, integer(&random))
        case .fixed64: wire.fixed64(number, integer(&random))
        case .bool: wire.bool(number, isFull || Bool.random(using: &random))
        case .enum: wire.varint(number, try value(of: field, &random))
        case .string: wire.string(number, text(&random))
        case .bytes:
            let length = Int.random(in: isFull ? 1...40 : 0...40, using: &random)
            wire.string(number, (0..<length).map { _ in .random(in: 0...255, using: &random) })
        case .double where field.label == .repeated:
            wire.packedDoubles(number, count: count)
            for _ in 0..<count { wire.element(double(&random)) }
        case .double: wire.double(number, double(&random))
        case .message:
            for _ in 0..<count {
                let content = try bytes(of: String(field.typeName.dropFirst()), &random)
                // What has contents is written as text would be.
                if content.isEmpty { wire.message(number) { _ in } } else { wire.string(number, content) }
            }
        default: Issue.record("\(field.name): no values of the type \(field.type)")
        }
    }

    private func integer(_ random: inout SeededGenerator) -> UInt64 {
        isFull ? .random(in: 1..<1 << 32, using: &random) : randomInteger(&random)
    }

    private func double(_ random: inout SeededGenerator) -> Double {
        isFull || isPlain ? Double(Int.random(in: -999...999, using: &random)) + 0.5 : randomDouble(&random)
    }

    private func text(_ random: inout SeededGenerator) -> String {
        let plain = ["x", "/dev/video0: weg — „Gerät“ fehlt", "a\\b", "\"quoted\""]
        let others = isFull ? [] : isPlain ? [""] : ["", "\u{0}\"\\\n", "\u{7f}\u{2028}"]
        return (plain + others).randomElement(using: &random) ?? ""
    }

    private func value(of field: Descriptors.Field, _ random: inout SeededGenerator) throws -> UInt64 {
        let values = try descriptors.values(of: field)
        return (isFull ? Array(values.dropFirst()) : values).randomElement(using: &random) ?? 0
    }
}

/// A message of the daemon with random contents.
func randomMessage<M: DecodableMessage>(
    _ type: M.Type, _ name: String, _ random: inout SeededGenerator, isFull: Bool = false
) throws -> M {
    let generator = MessageGenerator(descriptors: try Descriptors.read(), isFull: isFull)
    let bytes = try generator.bytes(of: "hfloc.v1." + name, &random)
    return try M(decoding: bytes.span)
}
