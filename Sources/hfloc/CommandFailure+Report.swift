internal import ArgumentParser
internal import Capture
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
        case let error as MapError: self.init(Self.status(of: error), error.description)
        case LocalizerError.map(let error): self.init(Self.status(of: error), error.description)
        default: self.init(.badData, "\(error)")
        }
    }

    private static func status(of error: MapError) -> ExitStatus {
        switch error.kind {
        case .missing: .missingInput
        case .unreadable: .inputOutput
        case .damaged, .foreign, .version, .model, .input: .badData
        case .cannotWrite: .cannotCreate
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
