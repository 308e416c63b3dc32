internal import ArgumentParser
internal import FailureReporting
internal import Glibc

extension Failure {
    /// Runs a command's body; a failure becomes one line on standard error and its exit status.
    static func reporting(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let exit as ExitCode {
            throw exit
        } catch {
            let failure = Failure(describing: error)
            StandardError.write("hfloc: \(failure.description)\n")
            throw ExitCode(failure.status.rawValue)
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
