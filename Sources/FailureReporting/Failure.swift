internal import Capture
internal import Configuration
internal import Container
internal import Glibc
internal import Inference
internal import Localizer
internal import Publishing
internal import ReferenceMap
internal import Supervision

/// Why a program cannot go on: text that names the file or device, the field and the cure, and the exit status.
public struct Failure: Error, Sendable, CustomStringConvertible {
    public let status: ExitStatus
    public let description: String

    public init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }

    /// The same error has the same status in every program. An error that no module of ours documents is a bug.
    public init(describing error: any Error) {
        self =
            switch error {
            case let failure as Failure: failure
            case let error as MapError: Failure(ExitStatus(error), error.description)
            case let error as ModelError: Failure(ExitStatus(error), error.description)
            case let error as LocalizerError: Failure(ExitStatus(error), error.description)
            case let error as ImageError: Failure(ExitStatus(error), error.description)
            case let error as CaptureError: Failure(ExitStatus(error), error.description)
            case let error as ConfigurationError: Failure(ExitStatus(error), error.description)
            case let error as ContainerError: Failure(ExitStatus(error), error.description)
            case let error as PublishingError: Failure(ExitStatus(error), error.description)
            case let error as SupervisionError: Failure(.system, error.description)
            default: Failure(.software, "\(error)")
            }
    }
}

extension ExitStatus {
    fileprivate init(_ error: LocalizerError) {
        switch error {
        case .map(let error): self = ExitStatus(error)
        case .model(let error): self = ExitStatus(error)
        }
    }

    fileprivate init(_ error: MapError) {
        switch error.kind {
        case .missing: self = .missingInput
        case .unreadable: self = .inputOutput
        case .damaged, .foreign, .version, .model, .input: self = .badData
        case .cannotWrite: self = .cannotCreate
        }
    }

    fileprivate init(_ error: ModelError) {
        switch error.kind {
        case .file(.system): self = ExitStatus(refused: error.file)
        case .file, .network, .request: self = .badData
        }
    }

    fileprivate init(_ error: ContainerError) {
        self = error.kind == .system ? ExitStatus(refused: error.file) : .badData
    }

    fileprivate init(_ error: ImageError) {
        switch error.kind {
        case .missing: self = .missingInput
        case .unreadable: self = .inputOutput
        case .unknownFormat, .damaged, .tooLarge: self = .badData
        }
    }

    fileprivate init(_ error: CaptureError) {
        switch error {
        case .folder, .system(_, _, ENOENT): self = .missingInput
        case .image(let error): self = ExitStatus(error)
        case .system, .notReady, .lost, .frame: self = .unavailable
        case .anotherSize: self = .badData
        case .notACamera, .unsupportedFormat, .control: self = .configuration
        }
    }

    fileprivate init(_ error: ConfigurationError) {
        switch error.kind {
        case .missing: self = .missingInput
        case .unreadable: self = .inputOutput
        case .invalid: self = .configuration
        }
    }

    fileprivate init(_ error: PublishingError) {
        switch error {
        case .invalidEndpoint: self = .configuration
        case .noDirectory, .notWritable, .inUse, .failed: self = .unavailable
        }
    }

    /// The system would not give us this file: because it is not there, or for another reason.
    private init(refused file: String) {
        self = unsafe access(file, F_OK) == 0 ? .inputOutput : .missingInput
    }
}
