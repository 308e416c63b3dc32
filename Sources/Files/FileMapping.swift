internal import Glibc

/// A whole file in memory, read-only, for as long as this object lives. Pages come from the page cache when touched.
///
/// A file that another program shortens in place kills the reader (SIGBUS); files that are replaced by renaming, as
/// ``AtomicFile`` does, leave the mapping whole.
@safe public final class FileMapping: Sendable {
    // Immutable after init and never written through.
    /// The file's content, valid as long as this object: whoever keeps the pointer keeps the object.
    public nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    /// Maps the regular file at `path`; an empty one has no bytes.
    public init(_ path: String) throws(FileError) {
        let file = try OpenFile(reading: path)
        guard let size = file.size, size > 0 else {
            unsafe bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let address = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, file.descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw FileError(
                .unreadable, path, errno, "cannot be mapped into memory", cure: "free address space or raise its limit")
        }
        unsafe bytes = UnsafeRawBufferPointer(start: address, count: size)
    }

    /// Bytes.
    public var count: Int { unsafe bytes.count }

    deinit {
        guard let address = unsafe bytes.baseAddress else { return }
        unsafe munmap(UnsafeMutableRawPointer(mutating: address), bytes.count)
    }
}
