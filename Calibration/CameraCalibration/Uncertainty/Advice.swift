/// One thing that would make a calibration better, or that is wrong with it.
public struct Advice: Sendable, Equatable {
    public enum Severity: String, Sendable {
        /// The calibration should not be used as it is.
        case warning
        /// It would become better.
        case hint
    }

    /// What it is about, for programs.
    public enum Topic: String, Sendable {
        case edge, tilt, rotation, views, rejection, residuals, warp, model, crossValidation, uncertainty
    }

    public var severity: Severity
    public var topic: Topic
    /// One or two sentences for the person with the board.
    public var text: String
}
