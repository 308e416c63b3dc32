internal import CLinux
internal import Glibc

/// A file that is needed while something is made, beside the place of what is made: it goes with this value, and with
/// the signals that end a program.
public struct ScratchFile: ~Copyable {
    /// What lies here is removed.
    public let path: String
    private let number: Int32

    /// - Parameters:
    ///   - path: of what is made.
    ///   - suffix: what the file's name has behind it.
    public init(beside path: String, suffix: String) {
        self.path = path + suffix
        number = unsafe hf_remove_on_signal(self.path)
    }

    deinit {
        unsafe _ = unlink(path)
        hf_release_file(number)
    }
}

/// A folder of files that are needed while something is made, beside the place of what is made: it goes with this value
/// where it was not there before. What a killed program left of it is used again.
public struct ScratchFolder: ~Copyable {
    /// What lies here is removed, but for folders in it.
    public let path: String
    private let isOurs: Bool

    /// - Parameters:
    ///   - path: of what is made.
    ///   - suffix: what the folder's name has behind it.
    public init(beside path: String, suffix: String) {
        self.path = path + suffix
        isOurs = !FileStatus.exists(self.path)
    }

    deinit {
        if isOurs { Folder.remove(path) }
    }
}
