internal import CLinux
internal import Glibc
internal import Synchronization

/// A file that is being filled beside its place, and goes with this value unless it has taken the place.
///
/// It has no name until the last moment where the file system can do that; else a name that tells whose it is. It is
/// locked while its writer lives: what a killed program has left is told by that, and removed by the next writer.
struct TemporaryFile: ~Copyable {
    let descriptor: Int32
    private let file: OutputFile
    /// As the user gave it, for errors.
    private let path: String
    /// Spelled so, it is not nil before it is set: Swift 6.2 cannot throw out of a half made value.
    private var name: Optional<Name>

    /// A name that is taken, and which signals remove.
    private struct Name {
        let path: String
        let number: Int32
    }

    /// - Parameters:
    ///   - file: whose place it shall take.
    ///   - path: of the file as the user gave it.
    init(for file: OutputFile, path: String) throws(FileError) {
        StaleFiles.remove(in: file.folder)
        let unnamed = unsafe hf_open_unnamed(file.folder)
        let (result, name) =
            unnamed < 0 ? Self.take(in: file.folder) { path in unsafe hf_open_temporary(path) } : (unnamed, nil)
        guard result >= 0 else {
            throw FileError(
                .uncreatable, path, -result, "cannot be created", cure: "check the directory and its permissions")
        }
        (self.file, self.path, descriptor, self.name) = (file, path, result, name)
    }

    /// Takes a free name for a temporary file in a folder.
    ///
    /// - Returns: what `create` returned: a negated errno if there is no name.
    private static func take(in folder: String, _ create: (String) -> Int32) -> (result: Int32, name: Name?) {
        while true {
            let path = "\(folder)/\(StaleFiles.newName())"
            let number = unsafe hf_remove_on_signal(path)
            let result = create(path)
            if result >= 0 { return (result, Name(path: path, number: number)) }
            hf_release_file(number)
            guard result == -EEXIST else { return (result, nil) }
        }
    }

    /// Takes the place at once: with the permissions of the file that was there, else readable by all.
    ///
    /// - Parameter syncs: first waits until the disk has the bytes, and at the end until it has the name.
    mutating func takePlace(syncs: Bool) throws(FileError) {
        keepPermissions()
        guard !syncs || fsync(descriptor) == 0 else {
            throw FileError(.unwritable, path, errno, "cannot be synced", cure: "check the disk")
        }
        if name == nil {
            let descriptor = descriptor
            let (result, taken) = Self.take(in: file.folder) { path in unsafe hf_name_file(descriptor, path) }
            guard result >= 0 else { throw uncreatable(-result) }
            name = taken
        }
        guard let taken = name, unsafe rename(taken.path, file.path) == 0 else { throw uncreatable(errno) }
        hf_release_file(taken.number)
        name = nil
        if syncs { syncFolder() }
    }

    private func uncreatable(_ code: Int32) -> FileError {
        FileError(
            .uncreatable, path, code, "cannot be renamed into place", cure: "check the directory and its permissions")
    }

    /// What the system refuses here is no loss of data, and stays as it is.
    private func keepPermissions() {
        guard let old = file.status else {
            _ = fchmod(descriptor, 0o644)
            return
        }
        _ = fchown(descriptor, old.st_uid, old.st_gid)
        _ = fchmod(descriptor, old.st_mode & 0o7777)
    }

    private func syncFolder() {
        let folder = unsafe open(file.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        // Some file systems cannot sync a directory; the file itself is safe by now.
        _ = fsync(folder)
        _ = close(folder)
    }

    deinit {
        _ = close(descriptor)
        guard let name else { return }
        unsafe _ = unlink(name.path)
        hf_release_file(name.number)
    }
}

/// What killed programs of ours have left beside the files that they were writing.
enum StaleFiles {
    /// Folders that this process has looked through.
    private static let visited = Mutex<Set<String>>([])
    private static let (prefix, suffix) = (".hfloc-", ".tmp")

    /// A name that is hardly taken.
    static func newName() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return prefix + String(repeating: "0", count: 16 - digits.count) + digits + suffix
    }

    /// Removes those in `folder` whose writers have ended: once in the life of a process.
    static func remove(in folder: String) {
        guard visited.withLock({ $0.insert(folder).inserted }), let names = try? Folder.names(folder) else { return }
        for name in names where isOurs(name) { unsafe _ = hf_remove_stale("\(folder)/\(name)") }
    }

    private static func isOurs(_ name: String) -> Bool {
        name.hasPrefix(prefix) && name.hasSuffix(suffix)
            && name.dropFirst(prefix.count).dropLast(suffix.count).utf8.count == 16
    }
}
