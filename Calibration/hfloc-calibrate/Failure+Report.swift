internal import CameraCalibration
internal import FailureReporting

extension Failure {
    /// Errors of CameraCalibration, which the other programs do not know, and all others as everywhere.
    init(ofCommand error: any Error) {
        self =
            switch error {
            case let error as BoardError: Failure(.usage, error.description)
            case let error as CameraFormatError: Failure(.usage, error.description)
            case let error as CalibrationError: Failure(.badData, "no calibration: \(error.description)")
            case let error as HTTPError: Failure(.unavailable, error.description)
            default: Failure(describing: error)
            }
    }

    /// Runs the body of one of hfloc-calibrate's commands.
    static func reporting(_ body: () throws -> Void) throws {
        try reporting(as: "hfloc-calibrate", describing: Failure.init(ofCommand:), body)
    }
}
