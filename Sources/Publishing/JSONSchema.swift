/// The fields of one message, as JSON calls and writes them. The tables are generated from the .proto files.
package struct JSONSchema: Sendable {
    /// Such as "hfloc.v1.Status".
    package let name: String
    /// By field number.
    let fields: [UInt64: Field]

    struct Field: Sendable {
        let name: String
        let kind: Kind
        let isRepeated: Bool

        init(_ name: String, _ kind: Kind, isRepeated: Bool = false) {
            self.name = name
            self.kind = kind
            self.isRepeated = isRepeated
        }
    }

    indirect enum Kind: Sendable {
        /// 32 bits: a number in JSON.
        case number
        /// 64 bits: a string in JSON, as JavaScript's numbers lose digits.
        case unsigned
        case signed
        case double
        case bool
        case text
        /// Names by value; an unknown value stays a number.
        case names([UInt64: String])
        case message(JSONSchema)
    }

    init(_ name: String, _ fields: [UInt64: Field]) {
        self.name = name
        self.fields = fields
    }
}
