public import Configuration
internal import Geometry

extension CalibratedCamera {
    /// What a camera file shall say of a calibration. Parameters that the model keeps at zero have no variance.
    ///
    /// - Parameters:
    ///   - calibration: the result.
    ///   - images: those that were used, with their hashes.
    ///   - program: name and version.
    ///   - date: UTC, as in `2026-11-22T18:00:00Z`.
    ///   - device: the camera's name; nil for image files.
    ///   - part: of the device's frame; nil for the whole.
    ///   - controls: those that were locked, with their values.
    public init(
        _ calibration: Calibration, images: [CalibrationRecord.Image], program: String, date: String,
        device: String? = nil, part: CalibrationRecord.Part? = nil, controls: [CalibrationRecord.Control] = []
    ) {
        let (n, count) = (calibration.model.parameterCount, calibration.camera.model.parameterCount)
        var record = CalibrationRecord()
        record.standardDeviations = calibration.deviations + [Double](repeating: 0, count: count - n)
        record.covariance = (0..<count).map { i in
            (0..<count).map { j in i < n && j < n ? calibration.covariance[i * n + j] : 0 }
        }
        record.rms = calibration.rmsPixels
        let uncertainty = calibration.statedUncertainty
        record.projectionUncertainty = uncertainty.isFinite ? uncertainty : nil
        record.heldOutError = calibration.heldOutErrors.first { $0.isChosen && $0.pixels.isFinite }?.pixels
        record.views = calibration.usedImages
        record.corners = calibration.usedCorners
        record.rejectedCorners = calibration.cornerCount - calibration.usedCorners
        record.board = calibration.board.description
        record.boardWarp = calibration.warp.map { [$0.x, $0.y] }
        (record.date, record.program, record.device) = (date, program, device)
        (record.part, record.controls, record.images) = (part, controls, images)
        self.init(camera: calibration.camera, record: record)
    }
}
