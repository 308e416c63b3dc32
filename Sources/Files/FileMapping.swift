internal import Glibc

/// A whole file in memory, read-only, for as long as this object lives: as a copy of its own, or mapped, so that pages
/// come from the page cache when touched.
///
/// A copy stays as it was read, whatever becomes of the file. Of a mapped file, ``hasChanged`` tells that another
/// program has written over it in place; one that shortens it kills the reader (SIGBUS, see ``FileFaults``). Files that
/// are replaced by renaming, as ``AtomicFile`` does, leave both whole.
@safe public final class FileMapping: Sendable {
    // Immutable after init and never written through.
    /// The file's content, valid as long as this object: whoever keeps the pointer keeps the object.
    public nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
    /// Whether the bytes are a copy.
    public let isCopy: Bool
    private let path: String
    private let opened: FileState
    /// Of the mapped file, which has a new name by now or none; -1 of a copy.
    private let descriptor: Int32

    /// Takes in the regular file at `path`; an empty one has no bytes.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - limit: bytes. A file of at most so many is copied, a larger one mapped.
    public init(_ path: String, copyingUpTo limit: Int = 0) throws(FileError) {
        let file = try OpenFile(reading: path)
        guard let state = FileState(of: file.descriptor) else { throw .refused(path, errno) }
        let size = state.size
        (self.path, opened, isCopy) = (path, state, size <= limit || size == 0)
        guard size > 0 else {
            unsafe bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            descriptor = -1
            return
        }
        if isCopy {
            unsafe bytes = try Self.copy(file, state)
            descriptor = -1
        } else {
            let address = try unsafe Self.memory(size, PROT_READ, MAP_SHARED, file.descriptor, path)
            unsafe bytes = UnsafeRawBufferPointer(start: address, count: size)
            descriptor = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
        }
    }

    /// Bytes.
    public var count: Int { unsafe bytes.count }

    /// Whether another program has written to the mapped file since it was opened, so that its bytes may be others by
    /// now. Never of a copy. One call of the system.
    ///
    /// Told by its size and times. Being renamed, replaced or removed changes a file's time too, and none of its bytes.
    public var hasChanged: Bool {
        guard descriptor >= 0, let now = FileState(of: descriptor) else { return false }
        if now.size != opened.size || now.modified != opened.modified { return true }
        guard now.changed != opened.changed, now.links == opened.links else { return false }
        return FileState(of: path).map { $0.device == now.device && $0.inode == now.inode } ?? false
    }

    /// - Throws: `FileError` if ``hasChanged``.
    public func requireUnchanged() throws(FileError) {
        if hasChanged { throw .changing(path) }
    }

    private static func memory(
        _ size: Int, _ protection: Int32, _ flags: Int32, _ descriptor: Int32, _ path: String
    ) throws(FileError) -> UnsafeMutableRawPointer {
        let address = unsafe mmap(nil, size, protection, flags, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw FileError(
                .unreadable, path, errno, "cannot be taken into memory", cure: "free memory or raise its limit")
        }
        return unsafe address
    }

    private static func copy(
        _ file: borrowing OpenFile, _ state: FileState
    ) throws(FileError) -> UnsafeRawBufferPointer {
        let size = state.size
        let address = try unsafe memory(size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, file.path)
        do throws(FileError) {
            let got = try unsafe file.fill(UnsafeMutableRawBufferPointer(start: address, count: size))
            guard got == size, FileState(of: file.descriptor) == state else { throw .changing(file.path) }
        } catch {
            unsafe munmap(address, size)
            throw error
        }
        // Nobody writes to it any more, our own bugs neither.
        unsafe mprotect(address, size, PROT_READ)
        return unsafe UnsafeRawBufferPointer(start: address, count: size)
    }

    deinit {
        if descriptor >= 0 { _ = close(descriptor) }
        guard let address = unsafe bytes.baseAddress else { return }
        unsafe munmap(UnsafeMutableRawPointer(mutating: address), bytes.count)
    }
}
