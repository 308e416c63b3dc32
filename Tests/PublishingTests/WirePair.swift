import Publishing
import SwiftProtobuf
import Testing

/// A message as both generators have it. The list of all of them is generated: `WirePair.all`.
struct WirePair: Sendable, CustomTestStringConvertible {
    /// "hfloc.v1.Status".
    let name: String
    /// The daemon decodes it.
    let isReceived: Bool
    /// Decoded and encoded again by what is generated for the daemon; nil if it is refused.
    let ours: @Sendable ([UInt8]) -> [UInt8]?
    /// The same by SwiftProtobuf, without what is unknown.
    let theirs: @Sendable ([UInt8]) -> [UInt8]?

    var testDescription: String { name }

    init<Ours: EncodableMessage & DecodableMessage, Theirs: SwiftProtobuf.Message>(
        _ ours: Ours.Type, _ theirs: Theirs.Type, isReceived: Bool
    ) {
        name = Theirs.protoMessageName
        self.isReceived = isReceived
        self.ours = { bytes in (try? Ours(decoding: bytes.span))?.encoded() }
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        self.theirs = { [options] bytes in
            let message = try? Theirs(serializedBytes: bytes, options: options)
            return try? message?.serializedBytes()
        }
    }
}
