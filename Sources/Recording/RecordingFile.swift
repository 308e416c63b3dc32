package import Files
internal import Glibc

/// A file that grows, and is on the disk up to what was synced last.
package final class RecordingFile: RecordingOutput {
    package let path: String
    private let descriptor: Int32
    private var size: off_t = 0

    /// Refuses a name that is taken, and links.
    package init(creating path: String) throws(FileError) {
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw FileError.uncreatable(path, errno)
        }
        self.path = path
    }

    deinit { _ = close(descriptor) }

    package func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        try unsafe FileError.writing(bytes, to: descriptor, path)
        size += off_t(bytes.count)
    }

    package func truncate(to size: Int) {
        _ = ftruncate(descriptor, off_t(size))
        self.size = lseek(descriptor, off_t(size), SEEK_SET)
    }

    /// Waits until the disk has everything, and lets go of the pages: what was recorded is read by nobody now, and
    /// would fill the memory that the service may have.
    func sync() {
        _ = fdatasync(descriptor)
        _ = posix_fadvise(descriptor, 0, size, POSIX_FADV_DONTNEED)
    }
}
