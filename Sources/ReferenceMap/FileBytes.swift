import Container

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Whole files and folders, read with plain system calls.
enum FileBytes {
    /// The content of the file at `path`, at most `limit` bytes.
    static func read(_ path: String, limit: Int = 8 << 30) throws(MapError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw systemError(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw systemError(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw MapError(.unreadable, file: path, field: "file", problem: "not a regular file", cure: "give a file")
        }
        let size = Int(status.st_size)
        guard size <= limit else {
            throw MapError(
                .damaged, file: path, field: "size", problem: "\(size) bytes, more than the \(limit) allowed",
                cure: "split it, or check that it is what its name says")
        }
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            while filled < size {
                let count = unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), size - filled)
                if count < 0 && errno == EINTR { continue }
                if count < 0 { failure = errno }
                if count <= 0 { break }
                filled += count
            }
        }
        guard failure == 0 else { throw systemError(path, failure) }
        return bytes
    }

    /// Whether something is at `path`.
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Writes `bytes` to `path`, all or nothing.
    static func replace(_ path: String, with bytes: [UInt8]) throws(MapError) {
        do throws(ContainerError) {
            let file = try TemporaryFile(replacing: path)
            do throws(ContainerError) {
                try unsafe bytes.span.withUnsafeBytes { (buffer) throws(ContainerError) in
                    try unsafe file.write(buffer)
                }
                try file.commit()
            } catch {
                file.discard()
                throw error
            }
        } catch {
            throw MapError(writing: error)
        }
    }

    private static func systemError(_ path: String, _ code: Int32) -> MapError {
        if code == ENOENT || code == ENOTDIR {
            return MapError(.missing, file: path, field: "file", problem: "does not exist", cure: "check the path")
        }
        return MapError(
            .unreadable, file: path, field: "file", problem: unsafe String(cString: strerror(code)),
            cure: "check that it is a readable file")
    }
}
