internal import ArgumentParser
internal import Capture
internal import Configuration
internal import Container
internal import Glibc
internal import Inference
internal import Localizer
internal import ReferenceMap

extension CommandFailure {
    /// Runs a command's body; a failure becomes one line on standard error and a distinct exit code.
    static func reporting(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let exit as ExitCode {
            throw exit
        } catch {
            let failure = CommandFailure(describing: error)
            StandardError.write("hfloc: \(failure.description)\n")
            throw ExitCode(failure.status.rawValue)
        }
    }

    init(describing error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as MapError: self.init(ExitStatus(error), error.description)
        case LocalizerError.map(let error): self.init(ExitStatus(error), error.description)
        case let error as ModelError: self.init(ExitStatus(error), error.description)
        case LocalizerError.model(let error): self.init(ExitStatus(error), error.description)
        case let error as ImageError: self.init(ExitStatus(error), error.description)
        case let error as ConfigurationError: self.init(ExitStatus(error), error.description)
        default: self.init(.badData, "\(error)")
        }
    }
}

extension ExitStatus {
    init(_ error: MapError) {
        switch error.kind {
        case .missing: self = .missingInput
        case .unreadable: self = .inputOutput
        case .damaged, .foreign, .version, .model, .input: self = .badData
        case .cannotWrite: self = .cannotCreate
        }
    }

    init(_ error: ModelError) {
        switch error.kind {
        case .file(.system): self = .missingInput
        case .file, .network, .request: self = .badData
        }
    }

    init(_ error: ImageError) {
        switch error.kind {
        case .missing: self = .missingInput
        case .unreadable: self = .inputOutput
        case .unknownFormat, .damaged, .tooLarge: self = .badData
        }
    }

    init(_ error: ConfigurationError) {
        switch error.kind {
        case .missing: self = .missingInput
        case .unreadable: self = .inputOutput
        case .invalid: self = .configuration
        }
    }
}

/// Standard error, unbuffered.
enum StandardError {
    static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            _ = unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }
}
