internal import ArgumentParser

/// The exit codes of `sysexits.h` that the programs use.
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
}
