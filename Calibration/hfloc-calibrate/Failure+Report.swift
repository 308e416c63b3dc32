internal import CommandSupport
internal import Errors

extension Failure {
    /// Runs the body of one of hfloc-calibrate's commands.
    static func reporting(_ body: () throws -> Void) throws { try reporting(as: "hfloc-calibrate", body) }
}
