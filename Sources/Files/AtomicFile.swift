internal import Glibc

/// A file that is filled under another name beside its place, and takes the place once it is whole.
///
/// So that an error, a crash, a full disk or a pulled plug leaves either the old file or the new one, whole.
public struct AtomicFile {
    private let path: String
    private let temporaryPath: String
    private let directory: String
    private let descriptor: Int32

    /// Puts `bytes` at `path`.
    ///
    /// - Parameter syncs: false for a file that may be lost, or found damaged, after a power cut; a crash of the
    ///   program still leaves it whole.
    public static func write(_ bytes: [UInt8], to path: String, syncs: Bool = true) throws(FileError) {
        try write(to: path, syncs: syncs) { (file) throws(FileError) in
            try unsafe bytes.span.withUnsafeBytes { (bytes) throws(FileError) in try unsafe file.append(bytes) }
        }
    }

    /// Puts `text` at `path`, as UTF-8.
    public static func write(_ text: String, to path: String) throws(FileError) {
        try write(Array(text.utf8), to: path)
    }

    /// Puts what `content` appends at `path`.
    ///
    /// - Parameter syncs: as of ``write(_:to:syncs:)``.
    public static func write(
        to path: String, syncs: Bool = true, _ content: (AtomicFile) throws(FileError) -> Void
    ) throws(FileError) {
        let file = try AtomicFile(replacing: path)
        do throws(FileError) {
            try content(file)
            try file.commit(syncs: syncs)
        } catch {
            file.discard()
            throw error
        }
    }

    /// Refuses a path that cannot be written to: to be asked before the work whose result goes there.
    public static func check(_ path: String) throws(FileError) {
        try AtomicFile(replacing: path).discard()
    }

    /// Adds to the content; only while it is being written.
    public func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        let code = unsafe writeAll(bytes, to: descriptor)
        guard code == 0 else {
            throw FileError(.unwritable, path, code, "cannot be written", cure: "free space on the disk")
        }
    }

    /// Creates the temporary file; readable by all, as the file it replaces.
    private init(replacing path: String) throws(FileError) {
        self.path = path
        let slash = path.lastIndex(of: "/")
        directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let prefix = slash.map { String(path[...$0]) } ?? ""
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        var template = Array("\(prefix).\(name).XXXXXX".utf8CString)
        descriptor = unsafe mkstemp(&template)
        temporaryPath = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard descriptor >= 0 else {
            throw FileError(
                .uncreatable, path, errno, "cannot be created", cure: "check the directory and its permissions")
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fchmod(descriptor, 0o644)
    }

    /// Syncs the bytes, renames over the final path, and syncs the directory.
    private func commit(syncs: Bool) throws(FileError) {
        guard !syncs || fsync(descriptor) == 0 else {
            throw FileError(.unwritable, path, errno, "cannot be synced", cure: "check the disk")
        }
        guard unsafe rename(temporaryPath, path) == 0 else {
            throw FileError(
                .uncreatable, path, errno, "cannot be renamed into place",
                cure: "check the directory and its permissions")
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

    /// Removes the temporary file.
    private func discard() {
        _ = close(descriptor)
        unsafe _ = unlink(temporaryPath)
    }
}

/// Writes all of `bytes` to a descriptor; errno if it cannot, else 0.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
    var done = 0
    while done < bytes.count {
        guard let start = bytes.baseAddress else { return 0 }
        let written = unsafe write(descriptor, start + done, bytes.count - done)
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { return errno }
        done += written
    }
    return 0
}
