package import Files

/// Where a recording's bytes go, in order. A test has others than the file.
package protocol RecordingOutput: AnyObject {
    func append(_ bytes: UnsafeRawBufferPointer) throws(FileError)
    /// Cuts off what was appended behind this.
    func truncate(to size: Int)
}

/// Writes an MCAP file: messages in chunks that are not compressed, each with a checksum and behind it an index, and
/// where everything is at the end.
///
/// What is appended is whole: a file that is cut anywhere can be read up to its last whole chunk. For a thread that has
/// time.
///
/// Source: https://mcap.dev/spec
package final class MCAPWriter {
    private let output: any RecordingOutput
    private var summary = MCAPSummary()
    /// Bytes that the output has, up to the end of a record.
    package private(set) var position = 0
    private var chunk = RecordBytes()
    private var times: ClosedRange<UInt64>?
    private var index = ChunkIndex()
    private var sequences: [UInt16: UInt32] = [:]
    private let chunkSize: Int
    private var scratch = RecordBytes()

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - output: takes its bytes.
    ///   - library: what wrote it, as "hfloc 0.1.0".
    ///   - chunkSize: bytes from which on a chunk is written.
    package init(_ output: any RecordingOutput, library: String, chunkSize: Int = 1 << 20) throws(FileError) {
        self.output = output
        self.chunkSize = chunkSize
        chunk.reserve(chunkSize + chunkSize / 4)
        scratch.raw(MCAP.magic)
        scratch.record(.header) {
            // No profile: topics and schemas are ours.
            $0.text("")
            $0.text(library)
        }
        try put(scratch.bytes)
    }

    /// A channel, with its schema if that is new. Best before any message.
    package func addChannel(topic: String, schemaName: String, schemaData: [UInt8]) throws(FileError) -> UInt16 {
        scratch.removeAll()
        let schema: MCAP.Schema
        if let known = summary.schemas.first(where: { $0.name == schemaName }) {
            schema = known
        } else {
            schema = MCAP.Schema(
                id: UInt16(summary.schemas.count + 1), name: schemaName, encoding: "protobuf", data: schemaData)
            scratch.schema(schema)
        }
        let channel = MCAP.Channel(
            id: UInt16(summary.channels.count + 1), schema: schema.id, topic: topic, encoding: "protobuf")
        scratch.channel(channel)
        try put(scratch.bytes)
        if !summary.schemas.contains(where: { $0.id == schema.id }) { summary.schemas.append(schema) }
        summary.channels.append(channel)
        summary.counts[channel.id] = 0
        return channel.id
    }

    /// A file within the file. Best before any message.
    ///
    /// - Parameters:
    ///   - name: of the file.
    ///   - mediaType: what its content is, such as `application/yaml`.
    ///   - content: its bytes.
    ///   - time: nanoseconds since the Unix epoch.
    package func attach(name: String, mediaType: String, content: [UInt8], time: UInt64) throws(FileError) {
        scratch.removeAll()
        let start = position
        var range = 0..<0
        scratch.record(.attachment) { out in
            let first = out.count
            out.number(time)
            out.number(time)
            out.text(name)
            out.text(mediaType)
            out.number(UInt64(content.count))
            range = (start + out.count)..<(start + out.count + content.count)
            out.raw(content)
            let sum = unsafe out.bytes.withUnsafeBytes {
                unsafe CRC32.of(UnsafeRawBufferPointer(rebasing: $0[first...]))
            }
            out.number(sum)
        }
        try put(scratch.bytes)
        summary.attachments.append(
            MCAP.Attachment(
                name: name, mediaType: mediaType, time: time, content: range, record: start..<position))
    }

    /// A message, into the chunk in memory; a chunk that has its size is written.
    ///
    /// - Parameters:
    ///   - channel: of ``addChannel(topic:schemaName:schemaData:)``.
    ///   - logTime: when it was recorded, nanoseconds since the Unix epoch.
    ///   - publishTime: when what it tells of happened.
    ///   - content: the serialized message.
    package func write(
        channel: UInt16, logTime: UInt64, publishTime: UInt64, content: UnsafeRawBufferPointer
    ) throws(FileError) {
        let offset = chunk.count
        let sequence = sequences[channel, default: 0]
        sequences[channel] = sequence &+ 1
        chunk.record(.message) {
            $0.number(channel)
            $0.number(sequence)
            $0.number(logTime)
            $0.number(publishTime)
            unsafe $0.raw(content)
        }
        index.add(channel, time: logTime, offset: offset)
        let before = times ?? logTime...logTime
        times = min(before.lowerBound, logTime)...max(before.upperBound, logTime)
        if chunk.count >= chunkSize { try flush() }
    }

    /// Writes the chunk that is in memory, if there is one.
    package func flush() throws(FileError) {
        guard let times else { return }
        let sum = unsafe chunk.bytes.withUnsafeBytes { unsafe CRC32.of($0) }
        scratch.removeAll()
        // The header and the length of what follows; the messages are not copied once more.
        let length = 8 + 8 + 8 + 4 + 4 + 8 + chunk.count
        scratch.raw([MCAP.Opcode.chunk.rawValue])
        scratch.number(UInt64(length))
        scratch.number(times.lowerBound)
        scratch.number(times.upperBound)
        scratch.number(UInt64(chunk.count))
        scratch.number(sum)
        scratch.text("")
        scratch.number(UInt64(chunk.count))
        let start = position
        var written = MCAP.Chunk(
            times: times, start: start, length: scratch.count + chunk.count, indexes: [], indexLength: 0,
            size: chunk.count)
        let indexes = index.records(behind: &written)
        do throws(FileError) {
            try append(scratch.bytes)
            try append(chunk.bytes)
            try append(indexes)
        } catch {
            output.truncate(to: start)
            throw error
        }
        position = start + written.length + indexes.count
        summary.chunks.append(written)
        for (channel, count) in index.counts { summary.counts[channel, default: 0] += UInt64(count) }
        discard()
    }

    /// Writes what is in memory, and the end. The file is complete then, and takes nothing more.
    package func finish() throws(FileError) {
        try flush()
        try put(summary.end(at: position))
    }

    /// Gives up what is in memory, and writes the end behind the last whole chunk if that is possible.
    package func abandon() {
        discard()
        try? put(summary.end(at: position))
    }

    /// The chunk in memory begins anew.
    private func discard() {
        chunk.removeAll()
        index.removeAll()
        times = nil
    }

    /// All of it, or nothing.
    private func put(_ bytes: [UInt8]) throws(FileError) {
        do throws(FileError) {
            try append(bytes)
            position += bytes.count
        } catch {
            output.truncate(to: position)
            throw error
        }
    }

    private func append(_ bytes: [UInt8]) throws(FileError) {
        try unsafe bytes.span.withUnsafeBytes { (bytes) throws(FileError) in try unsafe output.append(bytes) }
    }
}
