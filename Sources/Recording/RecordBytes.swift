/// Records as bytes: little-endian numbers, texts and tables behind their lengths.
struct RecordBytes {
    private(set) var bytes: [UInt8] = []

    var count: Int { bytes.count }

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func number(_ value: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: value.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func raw(_ content: UnsafeRawBufferPointer) { unsafe bytes.append(contentsOf: content) }

    mutating func raw(_ content: [UInt8]) { bytes.append(contentsOf: content) }

    mutating func text(_ value: String) {
        number(UInt32(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func list(_ content: [UInt8]) {
        number(UInt32(content.count))
        bytes.append(contentsOf: content)
    }

    /// A list or a table: its length in bytes, then what `content` writes.
    mutating func list(_ content: (inout RecordBytes) -> Void) {
        let start = bytes.count
        number(UInt32(0))
        content(&self)
        replace(UInt32(bytes.count - start - 4), at: start)
    }

    /// A whole record: its number, its length, then what `content` writes.
    mutating func record(_ opcode: MCAP.Opcode, _ content: (inout RecordBytes) -> Void) {
        bytes.append(opcode.rawValue)
        let start = bytes.count
        number(UInt64(0))
        content(&self)
        replace(UInt64(bytes.count - start - 8), at: start)
    }

    private mutating func replace(_ value: some FixedWidthInteger, at start: Int) {
        unsafe withUnsafeBytes(of: value.littleEndian) { number in
            for index in number.indices { unsafe bytes[start + index] = number[index] }
        }
    }
}

extension RecordBytes {
    mutating func schema(_ schema: MCAP.Schema) {
        record(.schema) {
            $0.number(schema.id)
            $0.text(schema.name)
            $0.text(schema.encoding)
            $0.list(schema.data)
        }
    }

    mutating func channel(_ channel: MCAP.Channel) {
        record(.channel) {
            $0.number(channel.id)
            $0.number(channel.schema)
            $0.text(channel.topic)
            $0.text(channel.encoding)
            $0.list { _ in }
        }
    }

    mutating func chunkIndex(_ chunk: MCAP.Chunk) {
        record(.chunkIndex) {
            $0.number(chunk.times.lowerBound)
            $0.number(chunk.times.upperBound)
            $0.number(UInt64(chunk.start))
            $0.number(UInt64(chunk.length))
            $0.list { table in
                for (channel, offset) in chunk.indexes {
                    table.number(channel)
                    table.number(UInt64(offset))
                }
            }
            $0.number(UInt64(chunk.indexLength))
            // Not compressed.
            $0.text("")
            $0.number(UInt64(chunk.size))
            $0.number(UInt64(chunk.size))
        }
    }

    mutating func attachmentIndex(_ attachment: MCAP.Attachment) {
        record(.attachmentIndex) {
            $0.number(UInt64(attachment.record.lowerBound))
            $0.number(UInt64(attachment.record.count))
            $0.number(attachment.time)
            $0.number(attachment.time)
            $0.number(UInt64(attachment.content.count))
            $0.text(attachment.name)
            $0.text(attachment.mediaType)
        }
    }
}
