internal import ArgumentParser
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

    /// Runs a command's body; a failure becomes one line on standard error and its exit status.
    static func reporting(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let exit as ExitCode {
            throw exit
        } catch {
            let failure = Failure(ofCommand: error)
            StandardError.write("hfloc-calibrate: \(failure.description)\n")
            throw ExitCode(failure.status.rawValue)
        }
    }
}
