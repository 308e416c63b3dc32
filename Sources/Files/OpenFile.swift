internal import Glibc

/// A file that is open for reading, closed with this value: the one place that says what is not read.
struct OpenFile: ~Copyable {
    let path: String
    let descriptor: Int32
    /// Bytes; nil for what has no size before its end.
    let size: Int?

    /// - Parameters:
    ///   - path: of the file.
    ///   - acceptsStreams: also a pipe or a device, which may have to be waited for. Without this they are refused at
    ///     once.
    init(reading path: String, acceptsStreams: Bool = false) throws(FileError) {
        // Non-blocking, so that a pipe in place of a file is an error and not a wait.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | (acceptsStreams ? 0 : O_NONBLOCK))
        guard descriptor >= 0 else { throw .refused(path, errno) }
        do throws(FileError) {
            size = try Self.size(descriptor, path, acceptsStreams)
        } catch {
            _ = close(descriptor)
            throw error
        }
        (self.path, self.descriptor) = (path, descriptor)
    }

    private static func size(_ descriptor: Int32, _ path: String, _ acceptsStreams: Bool) throws(FileError) -> Int? {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .refused(path, errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return Int(status.st_size)
        case S_IFDIR: throw .irregular(path, "is a folder")
        default:
            guard acceptsStreams else { throw .irregular(path, "is not a file") }
            return nil
        }
    }

    deinit { _ = close(descriptor) }

    /// So many bytes, or what is left.
    func piece(_ count: Int) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // Not the array's own initializer, which knows no typed errors before Swift 6.3.
        let filled = try unsafe bytes.withUnsafeMutableBufferPointer { (buffer) throws(FileError) in
            try unsafe fill(UnsafeMutableRawBufferPointer(buffer))
        }
        bytes.removeLast(count - filled)
        return bytes
    }

    /// Reads on until `buffer` is full or the file ends.
    ///
    /// - Returns: how many bytes came.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let got = unsafe read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else {
                throw FileError(.unreadable, path, errno, "cannot be read", cure: "check the disk")
            }
            if got == 0 { break }
            filled += got
        }
        return filled
    }
}
