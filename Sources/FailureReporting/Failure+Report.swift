internal import ArgumentParser

extension Failure {
    /// Runs a command's body; a failure becomes one line on standard error, behind the program's name, and its exit
    /// status. An `ExitCode` passes.
    ///
    /// - Parameter describe: for a program whose errors not all modules here know.
    public static func reporting(
        as program: String, describing describe: (any Error) -> Failure = { Failure(describing: $0) },
        _ body: () throws -> Void
    ) throws {
        do {
            try body()
        } catch let exit as ExitCode {
            throw exit
        } catch {
            let failure = describe(error)
            StandardError.write("\(program): \(failure.description)\n")
            throw ExitCode(failure.status.rawValue)
        }
    }
}
