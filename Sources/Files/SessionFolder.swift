internal import CLinux
internal import Glibc

/// A folder for files that are needed while a program works, below $TMPDIR or /tmp: it goes with this object, and with
/// the signals that end a program. What a killed program has left there is removed by the next that makes one.
public final class SessionFolder {
    /// Of this program's user alone.
    public let path: String
    private let number: Int32
    private let lock: Int32

    /// - Parameter purpose: a word for the folder's name.
    public init(for purpose: String) throws(FileError) {
        let around = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        let prefix = "hfloc-\(purpose)-"
        Self.removeStale(in: around, prefix)
        var template = Array("\(around)/\(prefix)XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw FileError(.uncreatable, around, errno, "cannot hold a folder", cure: "check TMPDIR")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        lock = unsafe hf_lock_folder(path)
        number = unsafe hf_remove_on_signal(path)
    }

    /// Those whose makers have ended, which nobody locks any more.
    private static func removeStale(in folder: String, _ prefix: String) {
        for name in (try? Folder.names(folder)) ?? [] where name.hasPrefix(prefix) {
            let path = "\(folder)/\(name)"
            let lock = unsafe hf_lock_folder(path)
            guard lock >= 0 else { continue }
            Folder.remove(path)
            close(lock)
        }
    }

    deinit {
        Folder.remove(path)
        hf_release_file(number)
        if lock >= 0 { close(lock) }
    }
}
