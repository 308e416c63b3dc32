public import Errors
internal import Files

/// What is wrong with a container file, where, and what to do about it.
public struct ContainerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What went wrong; the exit status follows from it.
    public enum Kind: Sendable {
        /// The operating system refused to open or map it.
        case system
        /// The file is shorter than it says.
        case truncated
        /// Not a safetensors file, or a damaged one.
        case malformed
        /// A well-formed file of another kind or format version.
        case foreign
        /// A metadata entry or tensor is missing, or has another type, shape or value than this program needs.
        case unsuitable
        /// The bytes do not match their hash.
        case corrupt
    }

    /// What went wrong, for programs.
    public let kind: Kind
    /// Its path, as it was given.
    public let file: String
    /// The part of the file: "header", "tensor 'x' shape", "metadata 'kind'".
    public let field: String
    /// What is wrong with the part, as the end of a sentence that begins with it.
    public let reason: String
    /// What the user can do about it, in the imperative.
    public let cure: String

    /// An error about the part `field` of `file`.
    public init(_ kind: Kind, file: String, field: String, reason: String, cure: String) {
        self.kind = kind
        self.file = file
        self.field = field
        self.reason = reason
        self.cure = cure
    }

    /// One line: `FILE: FIELD: REASON; CURE`.
    public var description: String { "\(file): \(field): \(reason); \(cure)" }
}

extension ContainerError {
    /// A file that cannot be mapped.
    init(_ error: FileError) {
        self.init(.system, file: error.path, field: "file", reason: error.problem, cure: error.cure)
    }
}

extension ContainerError: ReportedError {
    public var exitStatus: ExitStatus { kind == .system ? ExitStatus(refusedFile: file) : .badData }
}
