internal import ArgumentParser
internal import FailureReporting

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
