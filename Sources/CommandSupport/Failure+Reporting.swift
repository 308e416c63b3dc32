internal import ArgumentParser
public import Errors

extension Failure {
    /// Runs a command's body; an error becomes a line on standard error, behind the program's name, and its exit
    /// status. An `ExitCode` passes.
    public static func reporting(as program: String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let exit as ExitCode {
            throw exit
        } catch {
            let failure = Failure(describing: error)
            StandardError.write("\(program): \(failure.description)\n")
            throw ExitCode(failure.status.rawValue)
        }
    }
}
