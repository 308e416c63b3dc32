import Container
public import Errors
package import Files

/// Why a map, a COLMAP model or a folder of posed images cannot be used: the file, the field, what is wrong with it,
/// and the cure.
public struct MapError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What went wrong, coarsely; programs choose their exit code by it.
    public enum Kind: Sendable {
        /// A file or folder that must exist does not.
        case missing
        /// The system refused to read it.
        case unreadable
        /// It is a file of the right kind, with values that cannot be.
        case damaged
        /// It is a file of another kind.
        case foreign
        /// It is a map of a format version that this program does not know.
        case version
        /// The map was made with another network.
        case model
        /// What was asked for cannot be done with this input.
        case input
        /// The result cannot be written.
        case cannotWrite
    }

    /// What went wrong; the exit status follows from it.
    public let kind: Kind
    /// Path of the file, as it was given.
    public let file: String
    /// Tensor, metadata key, or line and column name.
    public let field: String
    /// What is wrong there, with the value found where there is one; no full stop.
    public let problem: String
    /// What the user can do about it.
    public let cure: String

    /// An error about `field` of `file`; problem and cure become parts of one sentence, so without full stops.
    public init(_ kind: Kind, file: String, field: String, problem: String, cure: String) {
        self.kind = kind
        self.file = file
        self.field = field
        self.problem = problem
        self.cure = cure
    }

    /// One line: `FILE: FIELD: PROBLEM; CURE`.
    public var description: String { "\(file): \(field): \(problem); \(cure)" }
}

extension MapError {
    /// An error met while reading a map's container.
    init(reading error: ContainerError) {
        let kind: Kind =
            switch error.kind {
            case .system: FileStatus.exists(error.file) ? .unreadable : .missing
            case .truncated, .malformed, .unsuitable, .corrupt: .damaged
            case .foreign: error.field.contains("format_version") ? .version : .foreign
            }
        self.init(kind, file: error.file, field: error.field, problem: error.reason, cure: error.cure)
    }

    /// An error met while reading or writing a whole file.
    package init(_ error: FileError) {
        let (kind, field, problem, cure): (Kind, String, String, String) =
            switch error.kind {
            case .missing: (.missing, "file", "does not exist", "check the path")
            case .unreadable, .irregular: (.unreadable, "file", error.reason, "check that it is a readable file")
            case .tooLarge: (.damaged, "size", error.reason, "check that it is what its name says")
            case .notText: (.damaged, "text", error.problem, error.cure)
            case .uncreatable, .unwritable, .overlapping: (.cannotWrite, "file", error.problem, error.cure)
            }
        self.init(kind, file: error.path, field: field, problem: problem, cure: cure)
    }
}

extension MapError: ReportedError {
    public var exitStatus: ExitStatus {
        switch kind {
        case .missing: .missingInput
        case .unreadable: .inputOutput
        case .damaged, .foreign, .version, .model, .input: .badData
        case .cannotWrite: .cannotCreate
        }
    }
}
