internal import ArgumentParser
internal import CameraCalibration
internal import Capture
internal import Configuration
internal import Container
internal import Glibc

/// The exit codes of `sysexits.h` that the program uses.
enum ExitStatus: Int32 {
    case usage = 64
    case badData = 65
    case missingInput = 66
    case unavailable = 69
    case cannotCreate = 73
    case inputOutput = 74
    case configuration = 78
}

/// A command that cannot go on: one line that names the file, the field and the cure, and an exit code.
struct CommandFailure: Error, CustomStringConvertible {
    let status: ExitStatus
    let description: String

    init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }

    init(describing error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as BoardError: self.init(.usage, error.description)
        case let error as ImageError: self.init(Self.status(of: error), error.description)
        case let error as CalibrationError: self.init(.badData, "no calibration: \(error.description)")
        case let error as ConfigurationError: self.init(Self.status(of: error), error.description)
        case let error as HTTPError: self.init(.unavailable, error.description)
        case let error as CameraFormatError: self.init(.usage, error.description)
        case let error as ContainerError: self.init(.cannotCreate, error.description)
        default: self.init(.badData, "\(error)")
        }
    }

    /// Runs a command's body; a failure becomes one line on standard error and a distinct exit code.
    static func reporting(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let exit as ExitCode {
            throw exit
        } catch {
            let failure = CommandFailure(describing: error)
            StandardError.write("hfloc-calibrate: \(failure.description)\n")
            throw ExitCode(failure.status.rawValue)
        }
    }

    private static func status(of error: ConfigurationError) -> ExitStatus {
        switch error.kind {
        case .missing: .missingInput
        case .unreadable: .inputOutput
        case .invalid: .badData
        }
    }

    private static func status(of error: ImageError) -> ExitStatus {
        switch error.kind {
        case .missing: .missingInput
        case .unreadable: .inputOutput
        case .unknownFormat, .damaged, .tooLarge: .badData
        }
    }
}

/// Standard error, unbuffered.
enum StandardError {
    /// A person is looking.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            _ = unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }
}
