/// What a file's end says of the whole: schemas, channels, and where chunks and attachments stand. Gathered while a
/// file is written, or while one that has lost its end is read.
struct MCAPSummary: Equatable {
    var schemas: [MCAP.Schema] = []
    var channels: [MCAP.Channel] = []
    var chunks: [MCAP.Chunk] = []
    var attachments: [MCAP.Attachment] = []
    /// Messages of each channel.
    var counts: [UInt16: UInt64] = [:]

    /// The file's last bytes: the end of the data, the summary, where its parts stand, the footer.
    ///
    /// - Parameter start: where in the file they will stand.
    func end(at start: Int) -> [UInt8] {
        var out = RecordBytes()
        out.raw(Self.dataEnd)
        let summaryStart = start + out.count
        var groups: [(opcode: MCAP.Opcode, range: Range<Int>)] = []
        func group(_ opcode: MCAP.Opcode, _ content: (inout RecordBytes) -> Void) {
            let begin = out.count
            content(&out)
            if out.count > begin { groups.append((opcode, (start + begin)..<(start + out.count))) }
        }
        group(.schema) { out in for schema in schemas { out.schema(schema) } }
        group(.channel) { out in for channel in channels { out.channel(channel) } }
        group(.statistics) { statistics(into: &$0) }
        group(.attachmentIndex) { out in for attachment in attachments { out.attachmentIndex(attachment) } }
        group(.chunkIndex) { out in for chunk in chunks { out.chunkIndex(chunk) } }
        let offsetStart = start + out.count
        for (opcode, range) in groups {
            out.record(.summaryOffset) {
                $0.number(opcode.rawValue)
                $0.number(UInt64(range.lowerBound))
                $0.number(UInt64(range.count))
            }
        }
        footer(summaryStart: summaryStart, offsetStart: offsetStart, from: summaryStart - start, into: &out)
        out.raw(MCAP.magic)
        return out.bytes
    }

    /// The record that ends the data; without a checksum, which would take in every byte.
    private static let dataEnd: [UInt8] = {
        var out = RecordBytes()
        out.record(.dataEnd) { $0.number(UInt32(0)) }
        return out.bytes
    }()

    private func statistics(into out: inout RecordBytes) {
        out.record(.statistics) {
            $0.number(counts.values.reduce(0, +))
            $0.number(UInt16(schemas.count))
            $0.number(UInt32(channels.count))
            $0.number(UInt32(attachments.count))
            $0.number(UInt32(0))
            $0.number(UInt32(chunks.count))
            $0.number(chunks.map(\.times.lowerBound).min() ?? 0)
            $0.number(chunks.map(\.times.upperBound).max() ?? 0)
            $0.list { table in
                for (channel, count) in counts.sorted(by: { $0.key < $1.key }) {
                    table.number(channel)
                    table.number(count)
                }
            }
        }
    }

    /// Its checksum is of everything from the summary's begin to itself.
    private func footer(summaryStart: Int, offsetStart: Int, from begin: Int, into out: inout RecordBytes) {
        out.raw([MCAP.Opcode.footer.rawValue])
        out.number(UInt64(20))
        out.number(UInt64(summaryStart))
        out.number(UInt64(offsetStart))
        let sum = unsafe out.bytes.withUnsafeBytes { unsafe CRC32.of(UnsafeRawBufferPointer(rebasing: $0[begin...])) }
        out.number(sum)
    }
}
