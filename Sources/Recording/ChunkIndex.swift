/// Where each channel's messages stand in a chunk.
struct ChunkIndex {
    private var entries: [UInt16: [(time: UInt64, offset: Int)]] = [:]

    /// How many channels have messages in it.
    var channels: Int { entries.values.count { !$0.isEmpty } }

    /// How many messages each channel has.
    var counts: [(channel: UInt16, count: Int)] { entries.map { ($0.key, $0.value.count) } }

    /// - Parameters:
    ///   - channel: of the message.
    ///   - time: of the message, nanoseconds.
    ///   - offset: of the message's record in the chunk's content.
    mutating func add(_ channel: UInt16, time: UInt64, offset: Int) {
        entries[channel, default: []].append((time, offset))
    }

    mutating func removeAll() {
        for channel in entries.keys { entries[channel]?.removeAll(keepingCapacity: true) }
    }

    /// The records that follow the chunk, which learns where they stand.
    func records(behind chunk: inout MCAP.Chunk) -> [UInt8] {
        var out = RecordBytes()
        chunk.indexes = []
        for (channel, entries) in entries.sorted(by: { $0.key < $1.key }) where !entries.isEmpty {
            chunk.indexes.append((channel, chunk.start + chunk.length + out.count))
            out.record(.messageIndex) {
                $0.number(channel)
                $0.list { table in
                    for (time, offset) in entries {
                        table.number(time)
                        table.number(UInt64(offset))
                    }
                }
            }
        }
        chunk.indexLength = out.count
        return out.bytes
    }
}
