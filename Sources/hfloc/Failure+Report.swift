internal import FailureReporting

extension Failure {
    /// Runs the body of one of hfloc's commands.
    static func reporting(_ body: () throws -> Void) throws { try reporting(as: "hfloc", body) }
}
