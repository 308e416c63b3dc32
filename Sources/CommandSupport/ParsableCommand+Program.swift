public import ArgumentParser
internal import Errors
internal import Files
internal import Glibc

extension ParsableCommand {
    /// Runs a program's root command with the arguments that it was given, and ends the process: as `main()` does, but
    /// help, version or completion script that standard output does not take are an error.
    ///
    /// - Parameter program: its name, with which its errors begin.
    public static func runProgram(_ program: String) -> Never {
        FileFaults.prepare(program: program)
        do {
            var command = try parseAsRoot()
            try command.run()
            Glibc.exit(EXIT_SUCCESS)
        } catch {
            Glibc.exit(say(fullMessage(for: error), exitCode(for: error), program))
        }
    }

    /// Says how the command ended, where it has not done so itself.
    ///
    /// - Returns: the exit status.
    private static func say(_ message: String, _ code: ExitCode, _ program: String) -> Int32 {
        guard !message.isEmpty else { return code.rawValue }
        guard code.isSuccess else {
            StandardError.write(message + "\n")
            return code.rawValue
        }
        do {
            try StandardOutput.writeLine(message)
            return code.rawValue
        } catch {
            StandardError.write("\(program): \(error.description)\n")
            return error.exitStatus.rawValue
        }
    }
}
