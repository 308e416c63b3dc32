internal import Glibc

/// What tells a file, and its content, from another: where it is on the disk, its size and its times.
public struct FileState: Sendable, Equatable {
    let device: UInt64
    let inode: UInt64
    let links: UInt64
    /// Bytes.
    let size: Int
    /// When it was written to, and when anything of it changed: nanoseconds since 1970.
    let modified: Int
    let changed: Int

    /// Of the file that a path leads to; nil if there is none.
    public init?(of path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Of an open file; nil with errno if the system does not know.
    init?(of descriptor: Int32) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        (device, inode, links) = (UInt64(status.st_dev), UInt64(status.st_ino), UInt64(status.st_nlink))
        size = Int(status.st_size)
        modified = status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
        changed = status.st_ctim.tv_sec * 1_000_000_000 + status.st_ctim.tv_nsec
    }
}
