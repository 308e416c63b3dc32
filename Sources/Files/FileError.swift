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

    /// - Parameters:
    ///   - path: of the file.
    ///   - reason: what it is instead of a file.
    static func irregular(_ path: String, _ reason: String) -> FileError {
        FileError(
            kind: .irregular, path: path, reason: reason, code: 0, problem: "is not a regular file",
            cure: "give the path of a file")
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
