/// Why a program cannot go on: text that names the file or device, the field and the cure, and the exit status.
public struct Failure: ReportedError, Sendable {
    /// What the program ends with.
    public let status: ExitStatus
    /// What the program says, without its own name.
    public let description: String

    public var exitStatus: ExitStatus { status }

    /// A failure of this status, with the text that the program says.
    public init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }

    /// What is reported of any error. One that is no ``ReportedError`` is our own bug.
    public init(describing error: any Error) {
        if let error = error as? any ReportedError {
            self.init(error.exitStatus, error.report)
        } else {
            self.init(.software, "\(error)")
        }
    }
}
