internal import Glibc

/// A file under another name beside `path`, that takes its place when committed.
///
/// So that a crash, a full disk or a pulled plug leaves either the old file or the new one, whole.
public struct TemporaryFile: Sendable {
    private let path: String
    private let temporaryPath: String
    private let directory: String
    private let descriptor: Int32

    /// Creates the temporary file; readable by all, as the file it replaces.
    public init(replacing path: String) throws(ContainerError) {
        self.path = path
        let slash = path.lastIndex(of: "/")
        directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let prefix = slash.map { String(path[...$0]) } ?? ""
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        var template = Array("\(prefix).\(name).XXXXXX".utf8CString)
        descriptor = unsafe mkstemp(&template)
        temporaryPath = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard descriptor >= 0 else { throw failure("cannot be created", "check the directory and its permissions") }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fchmod(descriptor, 0o644)
    }

    public func write(_ bytes: UnsafeRawBufferPointer) throws(ContainerError) {
        var done = 0
        while done < bytes.count {
            guard let start = bytes.baseAddress else { return }
            let written = unsafe Glibc.write(descriptor, start + done, bytes.count - done)
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw failure("cannot be written", "free space on the disk") }
            done += written
        }
    }

    /// Syncs the bytes, renames over the final path, and syncs the directory.
    ///
    /// - Parameter syncs: false for a file that may be lost, or found damaged, after a power cut; a crash of the
    ///   program still leaves it whole.
    public func commit(syncs: Bool = true) throws(ContainerError) {
        guard !syncs || fsync(descriptor) == 0 else { throw failure("cannot be synced", "check the disk") }
        guard unsafe rename(temporaryPath, path) == 0 else {
            throw failure("cannot be renamed into place", "check the directory and its permissions")
        }
        _ = close(descriptor)
        guard syncs else { return }
        let folder = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            // Some file systems cannot sync a directory; the file itself is safe by now.
            _ = fsync(folder)
            _ = close(folder)
        }
    }

    /// Removes the temporary file, after an error.
    public func discard() {
        _ = close(descriptor)
        unsafe _ = unlink(temporaryPath)
    }

    private func failure(_ reason: String, _ cure: String) -> ContainerError {
        ContainerError(.system, file: path, field: "file", reason: "\(reason) (\(systemReason(errno)))", cure: cure)
    }
}
