/// What MCAP's records hold, and their numbers.
///
/// Source: https://mcap.dev/spec
public enum MCAP {
    /// A file begins and ends with these.
    static let magic: [UInt8] = [0x89, 0x4D, 0x43, 0x41, 0x50, 0x30, 0x0D, 0x0A]

    /// The first byte of a record; its length follows, in eight.
    enum Opcode: UInt8 {
        case header = 0x01
        case footer = 0x02
        case schema = 0x03
        case channel = 0x04
        case message = 0x05
        case chunk = 0x06
        case messageIndex = 0x07
        case chunkIndex = 0x08
        case attachment = 0x09
        case attachmentIndex = 0x0A
        case statistics = 0x0B
        case summaryOffset = 0x0E
        case dataEnd = 0x0F
    }

    /// What the messages of a channel are.
    public struct Schema: Equatable, Sendable {
        public var id: UInt16
        /// Such as "hfloc.v1.Status".
        public var name: String
        /// "protobuf".
        public var encoding: String
        /// For protobuf, a serialized `google.protobuf.FileDescriptorSet`.
        public var data: [UInt8]
    }

    /// Where messages of one kind stand.
    public struct Channel: Equatable, Sendable {
        public var id: UInt16
        public var schema: UInt16
        /// Such as "/status".
        public var topic: String
        /// "protobuf".
        public var encoding: String
    }

    /// A file within the file.
    public struct Attachment: Equatable, Sendable {
        public var name: String
        /// Such as "application/yaml".
        public var mediaType: String
        /// Nanoseconds since the Unix epoch.
        public var time: UInt64
        /// Of the content, in the recording.
        public var content: Range<Int>
        /// Of the whole record.
        var record: Range<Int>
    }

    /// A message's frame: what it says stands at `content`.
    public struct Message: Equatable, Sendable {
        public var channel: UInt16
        /// Counts a channel's messages, from 0.
        public var sequence: UInt32
        /// Nanoseconds since the Unix epoch: when it was recorded, and when what it tells of happened.
        public var logTime: UInt64
        public var publishTime: UInt64
        /// In the recording.
        public var content: Range<Int>
    }

    /// Where a chunk stands, and what of.
    struct Chunk: Equatable {
        var times: ClosedRange<UInt64>
        var start: Int
        var length: Int
        /// Where each channel's index stands, in ascending order of the channels.
        var indexes: [(channel: UInt16, offset: Int)]
        var indexLength: Int
        var size: Int

        static func == (a: Chunk, b: Chunk) -> Bool {
            a.times == b.times && a.start == b.start && a.length == b.length && a.indexLength == b.indexLength
                && a.size == b.size && a.indexes.elementsEqual(b.indexes) { $0 == $1 }
        }
    }
}
