#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Why a file could not be read. Callers say it in their own words, with their own cure.
public struct FileError: Error, Equatable, Sendable {
    public enum Kind: Sendable {
        /// Nothing is there.
        case missing
        /// The system refuses it, or it is a folder or a device.
        case unreadable
        case tooLarge
    }

    public let kind: Kind
    public let path: String
    /// Such as "Permission denied" or "larger than the 64 KiB allowed".
    public let reason: String

    public init(kind: Kind, path: String, reason: String) {
        self.kind = kind
        self.path = path
        self.reason = reason
    }
}

/// Whole files, read with plain system calls.
public enum WholeFile {
    /// The content of the file at `path`. Memory is taken once, as much as the file has.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - limit: bytes. A larger file is refused before memory is taken for it.
    ///   - acceptsStreams: also what has no size before its end: a pipe, `<(command)`, /dev/stdin. Without this, a pipe
    ///     is refused at once instead of waited for.
    public static func read(
        _ path: String, atMost limit: Int, acceptsStreams: Bool = false
    ) throws(FileError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | (acceptsStreams ? 0 : O_NONBLOCK))
        guard descriptor >= 0 else { throw refused(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw refused(path, errno) }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG || acceptsStreams && kind != S_IFDIR else {
            throw FileError(kind: .unreadable, path: path, reason: kind == S_IFDIR ? "is a folder" : "is not a file")
        }
        let size = kind == S_IFREG ? Int(status.st_size) : 0
        guard size <= limit else { throw tooLarge(path, limit) }
        // One byte more than it has tells the end from a file that grows.
        var bytes = try piece(descriptor, path, size > 0 ? size + 1 : 1 << 16)
        var isWhole = bytes.count < (size > 0 ? size + 1 : 1 << 16)
        while !isWhole, bytes.count <= limit {
            let next = try piece(descriptor, path, 1 << 16)
            isWhole = next.count < 1 << 16
            bytes += next
        }
        guard bytes.count <= limit else { throw tooLarge(path, limit) }
        return bytes
    }

    /// So many bytes, or what is left.
    private static func piece(_ descriptor: Int32, _ path: String, _ count: Int) throws(FileError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled)
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { break }
                filled += got
            }
        }
        guard failure == 0 else { throw refused(path, failure) }
        return bytes
    }

    private static func refused(_ path: String, _ code: Int32) -> FileError {
        let isMissing = code == ENOENT || code == ENOTDIR
        return FileError(
            kind: isMissing ? .missing : .unreadable, path: path, reason: unsafe String(cString: strerror(code)))
    }

    private static func tooLarge(_ path: String, _ limit: Int) -> FileError {
        let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")]
        let (shift, unit) = units.first { limit >= 1 << $0.0 && limit % (1 << $0.0) == 0 } ?? (0, "bytes")
        return FileError(kind: .tooLarge, path: path, reason: "larger than the \(limit >> shift) \(unit) allowed")
    }
}
