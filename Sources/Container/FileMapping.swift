internal import Glibc

/// A whole file in memory, read-only, for as long as this object lives. Pages come from the page cache when touched.
///
/// A file that another program shortens in place kills the reader (SIGBUS); files that are replaced by renaming, as
/// `TensorFileWriter` does, leave the mapping whole.
@safe @usableFromInline final class FileMapping: Sendable {
    // Immutable after init and never written through.
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    init(path: String) throws(ContainerError) {
        // Non-blocking, so that a pipe in place of the file is an error and not a wait.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw Self.failure(path, "cannot be opened", "check the path and its permissions")
        }
        defer { _ = close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw Self.failure(path, "cannot be examined", "check the disk")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ContainerError(
                .system, file: path, field: "file", reason: "is not a regular file", cure: "give the path of a file")
        }
        guard status.st_size >= 10 else {
            throw ContainerError(
                .truncated, file: path, field: "file", reason: "has only \(status.st_size) bytes",
                cure: "fetch or build it again")
        }
        let size = Int(status.st_size)
        let address = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw Self.failure(path, "cannot be mapped into memory", "free address space or raise its limit")
        }
        unsafe bytes = UnsafeRawBufferPointer(start: address, count: size)
    }

    deinit {
        unsafe munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }

    private static func failure(_ path: String, _ reason: String, _ cure: String) -> ContainerError {
        ContainerError(.system, file: path, field: "file", reason: "\(reason) (\(systemReason(errno)))", cure: cure)
    }
}

/// What `errno` means, in words.
func systemReason(_ code: Int32) -> String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
}
