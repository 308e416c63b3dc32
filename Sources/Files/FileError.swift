public import Errors
internal import Glibc

/// Why a file could not be read or written. Where a field or another cure is to be named, callers say it in their own
/// words.
public struct FileError: ReportedError, Equatable, Sendable {
    /// What went wrong; programs choose their exit status by it.
    public enum Kind: Sendable {
        /// Nothing is there.
        case missing
        /// The system refuses to read it.
        case unreadable
        /// A folder, or a pipe or a device where only files are read.
        case irregular
        /// More bytes than the reader allows.
        case tooLarge
        /// No text in UTF-8, where one is read.
        case notText
        /// The system refuses to create it, or to put it in its place.
        case uncreatable
        /// It was created, and could not be filled.
        case unwritable
        /// An output that is something else of the same command as well.
        case overlapping
    }

    /// What went wrong, for programs.
    public let kind: Kind
    /// The path that the caller gave.
    public let path: String
    /// The bare reason, such as "Permission denied" or "larger than the 64 KiB allowed".
    public let reason: String
    /// errno; 0 where the system had nothing against it.
    public let code: Int32
    /// The end of a sentence that begins with the file, such as "cannot be opened (Permission denied)".
    public let problem: String
    /// What the user can do about it, in the imperative.
    public let cure: String

    /// One line in the form of all modules' errors: `PATH: file: PROBLEM; CURE`.
    public var description: String { "\(path): file: \(problem); \(cure)" }

    public var exitStatus: ExitStatus {
        switch kind {
        case .missing: .missingInput
        case .unreadable, .irregular, .unwritable: .inputOutput
        case .tooLarge, .notText: .badData
        case .uncreatable: .cannotCreate
        case .overlapping: .usage
        }
    }
}

extension FileError {
    /// The system refused, with `code`, to do what `problem` says.
    init(_ kind: Kind, _ path: String, _ code: Int32, _ problem: String, cure: String) {
        let reason = unsafe String(cString: strerror(code))
        self.init(kind: kind, path: path, reason: reason, code: code, problem: "\(problem) (\(reason))", cure: cure)
    }

    /// The system refused, with `code`, to open the file.
    static func refused(_ path: String, _ code: Int32) -> FileError {
        FileError(
            code == ENOENT || code == ENOTDIR ? .missing : .unreadable, path, code, "cannot be opened",
            cure: "check the path and its permissions")
    }

    /// The system refused, with `code`, to take the bytes.
    static func unwritable(_ path: String, _ code: Int32) -> FileError {
        let cure =
            switch code {
            case ENOSPC, EDQUOT: "free space on the disk"
            case EFBIG: "raise the limit of file sizes (ulimit -f)"
            default: "check where it leads"
            }
        return FileError(.unwritable, path, code, "cannot be written", cure: cure)
    }

    /// The disk has nothing left but what is kept for others.
    package static func full(_ path: String, keeping bytes: UInt64) -> FileError {
        let reason = "only \(bytes / 1_000_000) MB are free on the disk, which are kept for others"
        return FileError(
            kind: .unwritable, path: path, reason: reason, code: ENOSPC, problem: "cannot be written: \(reason)",
            cure: "free space on the disk")
    }

    /// The system refused, with `code`, to create the file.
    package static func uncreatable(_ path: String, _ code: Int32) -> FileError {
        FileError(
            .uncreatable, path, code, "cannot be created", cure: "check the directory and its permissions")
    }

    /// Writes all of `bytes` to a file that is open.
    package static func writing(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String
    ) throws(FileError) {
        let code = unsafe writeAll(bytes, to: descriptor)
        guard code == 0 else { throw .unwritable(path, code) }
    }

    /// What is at an output's path is not replaced, and not written into.
    static func noOutput(_ path: String, _ problem: String) -> FileError {
        FileError(
            kind: .uncreatable, path: path, reason: problem, code: 0, problem: problem, cure: "give the path of a file")
    }

    /// The output would replace a file that is read.
    static func isInput(_ path: String, _ input: String) -> FileError {
        let problem = path == input ? "is read by the same command" : "is \(input), which the same command reads"
        return FileError(
            kind: .overlapping, path: path, reason: problem, code: 0, problem: problem, cure: "give another path")
    }

    /// A file of a name that the program has chosen is there already, and may be all that somebody has.
    package static func taken(_ path: String) -> FileError {
        let problem = "is there already"
        return FileError(
            kind: .uncreatable, path: path, reason: problem, code: EEXIST, problem: problem,
            cure: "give another folder")
    }

    /// Two outputs have the same path.
    static func isTwice(_ path: String) -> FileError {
        let problem = "is another output of the same command"
        return FileError(
            kind: .overlapping, path: path, reason: problem, code: 0, problem: problem, cure: "give another path")
    }

    /// - Parameters:
    ///   - path: of the file.
    ///   - reason: what it is instead of a file.
    static func irregular(_ path: String, _ reason: String) -> FileError {
        FileError(
            kind: .irregular, path: path, reason: reason, code: 0, problem: "is not a regular file",
            cure: "give the path of a file")
    }

    /// Another program writes to the file: what was read is neither the old nor the new one.
    static func changing(_ path: String) -> FileError {
        let problem = "was written to while it was read"
        return FileError(
            kind: .unreadable, path: path, reason: problem, code: 0, problem: problem,
            cure: "put files in place by renaming, as `hfloc map install` does")
    }

    /// - Parameters:
    ///   - path: of the file.
    ///   - limit: bytes.
    static func tooLarge(_ path: String, limit: Int) -> FileError {
        let units = [(30, "GiB"), (20, "MiB"), (10, "KiB")]
        let (shift, unit) = units.first { limit >= 1 << $0.0 && limit % (1 << $0.0) == 0 } ?? (0, "bytes")
        let reason = "larger than the \(limit >> shift) \(unit) allowed"
        return FileError(
            kind: .tooLarge, path: path, reason: reason, code: 0, problem: "is \(reason)",
            cure: "check that it is what its name says")
    }
}
