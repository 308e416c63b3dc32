internal import Files

/// Reads an MCAP file from its begin on, as far as its chunks are whole: the summary at the end is not needed, so that
/// a file that was cut is read like any other.
///
/// Every length and offset is checked, and every chunk's checksum before a message of it is given. The file is mapped:
/// memory does not grow with it.
public struct MCAPReader {
    /// As it was given.
    public let path: String
    /// What wrote the file.
    public private(set) var library = ""
    /// Of what has been read so far.
    public var schemas: [MCAP.Schema] { summary.schemas }
    public var channels: [MCAP.Channel] { summary.channels }
    public var attachments: [MCAP.Attachment] { summary.attachments }
    /// Why reading ended before the file's end; nil at its end, and as long as there is more.
    public private(set) var damage: String?
    /// What to do about the damage; empty where there is none.
    public var damageCure: String {
        guard damage != nil else { return "" }
        if isCompressed { return "`mcap compress --compression none` makes a file of it that is" }
        return hasMessages ? "`hfloc recording repair` completes it" : "nothing of it is whole; record again"
    }
    /// Whether reading ended at a chunk that is compressed.
    private(set) var isCompressed = false
    /// Whether any message was given.
    var hasMessages: Bool { summary.counts.values.contains { $0 > 0 } }
    /// The end of the last whole chunk or other record.
    private(set) var wholeEnd: Int
    /// What a writer would know by now.
    private(set) var summary = MCAPSummary()
    /// Of the last chunk, as far as it has been read.
    private(set) var index = ChunkIndex()

    /// What is read; it may outlive this value.
    let file: FileMapping
    private var chunk: RecordCursor?
    private var isAtEnd = false

    /// Opens the file at `path`.
    public init(opening path: String) throws {
        self.path = path
        file = try FileMapping(path)
        let magic = MCAP.magic
        guard file.count >= magic.count, unsafe magic.elementsEqual(file.bytes.prefix(magic.count)) else {
            throw RecordingError(path, "is no MCAP file", cure: "give a file that `hfloc record` or hflocd wrote")
        }
        wholeEnd = magic.count
    }

    /// Bytes of the file.
    public var size: Int { file.count }

    /// The next message in the file's order; nil at the end, or where ``damage`` then says.
    public mutating func next() -> MCAP.Message? {
        while true {
            if var inner = chunk {
                do throws(RecordCursor.Short) {
                    let message = try self.next(in: &inner)
                    chunk = inner.isAtEnd ? nil : inner
                    if let message { return message }
                } catch {
                    // Its checksum was right: whoever wrote it did not know better.
                    end("the chunk that ends before byte \(wholeEnd) holds a record that is cut")
                    return nil
                }
            } else if !advance() {
                return nil
            }
        }
    }

    /// What stands there.
    public func bytes(_ range: Range<Int>) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(rebasing: file.bytes[range]))
    }

    /// The same, without a copy, as long as `body` runs.
    public func withBytes<Result>(_ range: Range<Int>, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        let part = unsafe UnsafeRawBufferPointer(rebasing: file.bytes[range])
        return try unsafe body(Span(_unsafeBytes: part))
    }

    /// The whole file.
    @unsafe func withFile(_ body: (UnsafeRawBufferPointer) throws(FileError) -> Void) throws(FileError) {
        try unsafe body(file.bytes)
    }

    /// The channel of a message.
    public func channel(of message: MCAP.Message) -> MCAP.Channel? {
        summary.channels.first { $0.id == message.channel }
    }

    /// The name of the schema of a channel.
    public func schemaName(of channel: MCAP.Channel) -> String {
        summary.schemas.first { $0.id == channel.schema }?.name ?? ""
    }

    private mutating func end(_ reason: String?) {
        (isAtEnd, damage, chunk) = (true, reason, nil)
    }

    /// Takes the next record of the file in; false at the end.
    private mutating func advance() -> Bool {
        guard !isAtEnd else { return false }
        let start = wholeEnd
        var outer = unsafe RecordCursor(file.bytes, start..<file.count)
        do throws(RecordCursor.Short) {
            let code = try outer.number(UInt8.self)
            let length = try outer.number(UInt64.self)
            let range = try outer.take(length)
            try take(MCAP.Opcode(rawValue: code), range, from: start)
        } catch {
            end(
                start == file.count
                    ? "it has no end: the program that wrote it, or the machine, stopped"
                    : "it is cut or damaged at byte \(start) of \(file.count)")
        }
        return !isAtEnd
    }

    private mutating func take(_ opcode: MCAP.Opcode?, _ range: Range<Int>, from start: Int) throws(RecordCursor.Short)
    {
        var cursor = unsafe RecordCursor(file.bytes, range)
        switch opcode {
        case .header:
            _ = try cursor.text()
            library = try cursor.text()
        case .schema: try takeSchema(&cursor)
        case .channel: try takeChannel(&cursor)
        case .attachment: try takeAttachment(&cursor, range, from: start)
        case .chunk: try takeChunk(&cursor, from: start, to: range.upperBound)
        case .messageIndex: try takeIndex(&cursor, from: start, to: range.upperBound)
        case .dataEnd:
            // Other programs read a file from its end on.
            let hasEnd = unsafe file.bytes.suffix(MCAP.magic.count).elementsEqual(MCAP.magic)
            end(hasEnd ? nil : "it is cut behind its messages, in its index")
            return
        // What stands in no data, or is of a later version.
        default: break
        }
        wholeEnd = range.upperBound
    }

    private mutating func takeSchema(_ cursor: inout RecordCursor) throws(RecordCursor.Short) {
        let schema = MCAP.Schema(
            id: try cursor.number(), name: try cursor.text(), encoding: try cursor.text(),
            data: bytes(try cursor.list()))
        guard !summary.schemas.contains(where: { $0.id == schema.id }) else { return }
        summary.schemas.append(schema)
    }

    private mutating func takeChannel(_ cursor: inout RecordCursor) throws(RecordCursor.Short) {
        let channel = MCAP.Channel(
            id: try cursor.number(), schema: try cursor.number(), topic: try cursor.text(),
            encoding: try cursor.text())
        guard summary.counts[channel.id] == nil else { return }
        summary.channels.append(channel)
        summary.counts[channel.id] = 0
    }

    private mutating func takeAttachment(
        _ cursor: inout RecordCursor, _ range: Range<Int>, from start: Int
    ) throws(RecordCursor.Short) {
        let time = try cursor.number(UInt64.self)
        _ = try cursor.number(UInt64.self)
        let (name, mediaType) = (try cursor.text(), try cursor.text())
        let content = try cursor.take(try cursor.number(UInt64.self))
        let summed = range.lowerBound..<cursor.position
        let sum = try cursor.number(UInt32.self)
        guard unsafe sum == 0 || sum == CRC32.of(UnsafeRawBufferPointer(rebasing: file.bytes[summed])) else {
            throw RecordCursor.Short()
        }
        summary.attachments.append(
            MCAP.Attachment(
                name: name, mediaType: mediaType, time: time, content: content, record: start..<range.upperBound))
    }

    private mutating func takeChunk(
        _ cursor: inout RecordCursor, from start: Int, to end: Int
    ) throws(RecordCursor.Short) {
        let (first, last) = (try cursor.number(UInt64.self), try cursor.number(UInt64.self))
        let (size, sum) = (try cursor.number(UInt64.self), try cursor.number(UInt32.self))
        let compression = try cursor.text()
        let content = try cursor.take(try cursor.number(UInt64.self))
        guard compression.isEmpty else {
            isCompressed = true
            self.end("its chunks are compressed (\(compression)), which is not read here")
            return
        }
        guard size == UInt64(content.count), first <= last,
            unsafe sum == 0 || sum == CRC32.of(UnsafeRawBufferPointer(rebasing: file.bytes[content]))
        else { throw RecordCursor.Short() }
        index.removeAll()
        chunk = unsafe content.isEmpty ? nil : RecordCursor(file.bytes, content)
        summary.chunks.append(
            MCAP.Chunk(
                times: first...last, start: start, length: end - start, indexes: [], indexLength: 0,
                size: content.count))
    }

    /// Belongs to the chunk before it.
    private mutating func takeIndex(
        _ cursor: inout RecordCursor, from start: Int, to end: Int
    ) throws(RecordCursor.Short) {
        guard var chunk = summary.chunks.popLast() else { return }
        chunk.indexes.append((try cursor.number(), start))
        chunk.indexLength += end - start
        summary.chunks.append(chunk)
    }

    /// A chunk's next record: nil if it is no message.
    private mutating func next(in chunk: inout RecordCursor) throws(RecordCursor.Short) -> MCAP.Message? {
        let start = chunk.position
        let opcode = MCAP.Opcode(rawValue: try chunk.number(UInt8.self))
        let range = try chunk.take(try chunk.number(UInt64.self))
        var cursor = unsafe RecordCursor(file.bytes, range)
        switch opcode {
        case .message:
            let message = MCAP.Message(
                channel: try cursor.number(), sequence: try cursor.number(), logTime: try cursor.number(),
                publishTime: try cursor.number(), content: cursor.position..<range.upperBound)
            summary.counts[message.channel, default: 0] += 1
            index.add(message.channel, time: message.logTime, offset: start - chunk.begin)
            return message
        case .schema: try takeSchema(&cursor)
        case .channel: try takeChannel(&cursor)
        default: break
        }
        return nil
    }
}
