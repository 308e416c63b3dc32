internal import CLinux
internal import Glibc

/// What an output's path leads to, links followed: the one place that says what is replaced, what is written into, and
/// what is left alone.
enum OutputPlace {
    /// A file, or nothing yet, which a new file replaces by renaming.
    case file(OutputFile)
    /// A pipe or a character device: bytes are written into it.
    case stream(String)
    /// What this process has open under a number, as /dev/stdout and /dev/fd/3 say: bytes are written into it.
    case descriptor(Int32)

    /// Links that lead on to other links, at most: as the kernel has it.
    private static let longestChain = 40

    /// - Throws: `FileError`: a folder, a block device or a socket, or what the system has against the path.
    init(_ path: String) throws(FileError) {
        var next = path
        for _ in 0..<Self.longestChain {
            let file = try OutputFile(at: next, for: path)
            if file.folder == "/proc/\(getpid())/fd", let number = Int32(file.name) {
                self = .descriptor(number)
                return
            }
            guard let status = file.status else {
                self = .file(file)
                return
            }
            switch status.st_mode & S_IFMT {
            case S_IFLNK: next = try file.linkTarget(for: path)
            case S_IFREG:
                self = .file(file)
                return
            case S_IFIFO, S_IFCHR:
                self = .stream(file.path)
                return
            case S_IFDIR: throw .noOutput(path, "is a folder")
            case S_IFBLK: throw .noOutput(path, "is a block device")
            case S_IFSOCK: throw .noOutput(path, "is a socket")
            default: throw .noOutput(path, "is not a regular file")
            }
        }
        throw FileError(.uncreatable, path, ELOOP, "cannot be created", cure: "check where its links lead")
    }

    /// Refuses what cannot be written to, without opening it: a pipe would have to be waited for.
    func requireWritable(_ path: String) throws(FileError) {
        let isWritable =
            switch self {
            case .file(let file): file.status == nil ? true : unsafe access(file.path, W_OK) == 0
            case .stream(let stream): unsafe access(stream, W_OK) == 0
            case .descriptor(let number): hf_is_writable(number) == 1
            }
        guard isWritable else {
            throw FileError(.uncreatable, path, errno, "cannot be written", cure: "check its permissions")
        }
    }
}

/// A name in a folder, and what is there.
struct OutputFile {
    /// Absolute, without links.
    let folder: String
    let name: String
    /// Of the name itself, not of what it leads to; nil: nothing is there.
    let status: stat?

    var path: String { folder == "/" ? "/\(name)" : "\(folder)/\(name)" }

    /// - Parameters:
    ///   - place: a path, whose folder must exist.
    ///   - path: as the user gave it, for the error.
    fileprivate init(at place: String, for path: String) throws(FileError) {
        let slash = place.lastIndex(of: "/")
        name = slash.map { String(place[place.index(after: $0)...]) } ?? place
        guard !name.isEmpty else { throw .noOutput(path, "names no file") }
        let folder = slash.map { $0 == place.startIndex ? "/" : String(place[..<$0]) } ?? "."
        guard let real = unsafe realpath(folder, nil) else {
            throw FileError(
                .uncreatable, path, errno, "cannot be created", cure: "check the directory and its permissions")
        }
        defer { unsafe free(real) }
        self.folder = unsafe String(cString: real)
        var status = stat()
        let found = unsafe lstat("\(self.folder)/\(name)", &status) == 0
        guard found || errno == ENOENT else {
            throw FileError(
                .uncreatable, path, errno, "cannot be created", cure: "check the directory and its permissions")
        }
        self.status = found ? status : nil
    }

    /// Where a link leads, as a path that does not depend on the current folder.
    fileprivate func linkTarget(for given: String) throws(FileError) -> String {
        var text = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink(path, &text, text.count)
        guard count > 0 else {
            throw FileError(.uncreatable, given, errno, "cannot be read", cure: "check where its links lead")
        }
        let target = String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return target.hasPrefix("/") ? target : "\(folder)/\(target)"
    }

    /// The same name, or another name of the same file.
    func isSame(as other: OutputFile) -> Bool {
        if path == other.path { return true }
        guard let status, let theirs = other.status else { return false }
        return status.st_dev == theirs.st_dev && status.st_ino == theirs.st_ino
    }

    /// Whether the path, links followed, leads to the file that is there.
    func isSame(as path: String) -> Bool {
        var theirs = stat()
        guard let status, unsafe stat(path, &theirs) == 0 else { return false }
        return status.st_dev == theirs.st_dev && status.st_ino == theirs.st_ino
    }
}
