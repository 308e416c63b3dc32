/// An error that knows what a program says of it and how a program ends with it. Each module's errors adopt it, so that
/// the same error has the same text and the same status in every program.
public protocol ReportedError: Error, CustomStringConvertible {
    /// The status with which a program that cannot go on without what failed ends.
    var exitStatus: ExitStatus { get }
    /// What the program says: names the file or device, the field and the cure, without the program's name. The
    /// description, unless a type says otherwise.
    var report: String { get }
}

extension ReportedError {
    /// The description.
    public var report: String { description }
}
