public import Container
public import Errors

/// Why a model cannot be used: the file, the field, and what to do about it.
public struct ModelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Whether the file, the network in it, or what was asked of it is at fault: what the exit status depends on.
    public enum Kind: Sendable {
        /// The file cannot be read, or is damaged, foreign or unsuitable as a container.
        case file(ContainerError.Kind)
        /// The file is whole, but its network is not one that this program runs.
        case network
        /// The model is good, what was asked of it is not: an image too small, unknown kernels.
        case request
    }

    /// What is at fault.
    public let kind: Kind
    /// Path of the model file.
    public let file: String
    /// The tensor, metadata key or argument that is wrong.
    public let field: String
    /// What is wrong with the field, in words that follow its name.
    public let reason: String
    /// What the user can do about it.
    public let cure: String

    init(_ kind: Kind, file: String, field: String, reason: String, cure: String) {
        self.kind = kind
        self.file = file
        self.field = field
        self.reason = reason
        self.cure = cure
    }

    init(_ error: ContainerError) {
        kind = .file(error.kind)
        file = error.file
        field = error.field
        reason = error.reason
        cure = error.cure
    }

    /// The model is named only where it is at fault.
    public var description: String {
        (kind == .request ? "" : "\(file): ") + "\(field): \(reason); \(cure)"
    }
}

extension ModelError.Kind: Equatable {}

extension ModelError: ReportedError {
    public var exitStatus: ExitStatus {
        switch kind {
        case .file(.system): ExitStatus(refusedFile: file)
        case .file, .network, .request: .badData
        }
    }
}
