/// Whole files, read with plain system calls.
public enum WholeFile {
    /// The content of the file at `path`. Memory is taken once, as much as the file has.
    ///
    /// - Parameters:
    ///   - path: of the file; also a pipe where that is accepted.
    ///   - limit: bytes. A larger file is refused before memory is taken for it.
    ///   - acceptsStreams: also what has no size before its end: a pipe, `<(command)`, /dev/stdin. Without this, a pipe
    ///     is refused at once instead of waited for.
    public static func read(
        _ path: String, atMost limit: Int, acceptsStreams: Bool = false
    ) throws(FileError) -> [UInt8] {
        let file = try OpenFile(reading: path, acceptsStreams: acceptsStreams)
        let size = file.size ?? 0
        guard size <= limit else { throw .tooLarge(path, limit: limit) }
        // One byte more than it has tells the end from a file that grows.
        let step = 1 << 16
        let first = size > 0 ? size + 1 : step
        var bytes = try file.piece(first)
        var isWhole = bytes.count < first
        while !isWhole, bytes.count <= limit {
            let next = try file.piece(step)
            isWhole = next.count < step
            bytes += next
        }
        guard bytes.count <= limit else { throw .tooLarge(path, limit: limit) }
        return bytes
    }
}
