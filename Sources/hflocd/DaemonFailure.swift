internal import Capture
internal import Configuration
internal import Container
internal import Glibc
internal import Inference
internal import Localizer
internal import Publishing
internal import ReferenceMap
internal import Supervision

/// Why the daemon cannot start: one line, and an exit code of `sysexits.h`. systemd does not restart after 64, 65, 66 and 78.
struct DaemonFailure: Error, CustomStringConvertible {
    enum Status: Int32 {
        case badData = 65
        case missingInput = 66
        case unavailable = 69
        case software = 70
        case system = 71
        case inputOutput = 74
        case configuration = 78
    }

    let status: Status
    let description: String

    init(_ status: Status, _ description: String) {
        self.status = status
        self.description = description
    }

    init(describing error: any Error) {
        let status: Status =
            switch error {
            case let failure as DaemonFailure: failure.status
            case let error as ConfigurationError: Self.status(of: error)
            case let error as MapError: Self.status(of: error)
            case let error as ModelError: Self.status(of: error)
            case LocalizerError.map(let error): Self.status(of: error)
            case LocalizerError.model(let error): Self.status(of: error)
            case PublishingError.invalidEndpoint: .configuration
            case is PublishingError: .unavailable
            case let error as CaptureError: Self.status(of: error)
            case let error as ImageError: error.kind == .missing ? .missingInput : .badData
            case is SupervisionError: .system
            default: .software
            }
        self.init(status, "\(error)")
    }

    private static func status(of error: ConfigurationError) -> Status {
        switch error.kind {
        case .missing: .missingInput
        case .unreadable: .inputOutput
        case .invalid: .configuration
        }
    }

    private static func status(of error: MapError) -> Status {
        switch error.kind {
        case .missing: .missingInput
        case .unreadable: .inputOutput
        default: .badData
        }
    }

    private static func status(of error: ModelError) -> Status {
        switch error.kind {
        case .file(.system): unsafe access(error.file, F_OK) == 0 ? .inputOutput : .missingInput
        default: .badData
        }
    }

    private static func status(of error: CaptureError) -> Status {
        switch error {
        case .folder, .system(_, _, 2): .missingInput
        case .image(let error): error.kind == .missing ? .missingInput : .badData
        case .system, .lost: .unavailable
        case .notACamera, .unsupportedFormat: .configuration
        }
    }
}
