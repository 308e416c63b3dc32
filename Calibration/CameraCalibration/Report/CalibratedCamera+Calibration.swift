public import Configuration
internal import Geometry
internal import Glibc

extension CalibratedCamera {
    /// What a camera file shall say of a calibration. Parameters that the model keeps at zero have no variance.
    ///
    /// - Parameters:
    ///   - calibration: the result.
    ///   - images: those that were used, with their hashes.
    ///   - program: name and version.
    ///   - date: as ``CalibrationDate/now`` gives it.
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
        let uncertainty = calibration.projectionUncertainty.percentile95
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

/// When a calibration was made.
public enum CalibrationDate {
    /// Now, or the time of $SOURCE_DATE_EPOCH for files that must come out the same again; UTC, as in
    /// `2026-11-22T18:00:00Z`.
    public static var now: String {
        var seconds = time_t(0)
        if let epoch = unsafe getenv("SOURCE_DATE_EPOCH"), let value = unsafe Int(String(cString: epoch)) {
            seconds = value
        } else {
            unsafe time(&seconds)
        }
        var parts = unsafe tm()
        unsafe gmtime_r(&seconds, &parts)
        func digits(_ value: Int32, _ width: Int = 2) -> String {
            let text = "\(value)"
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let day = unsafe "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))"
        return unsafe day + "T\(digits(parts.tm_hour)):\(digits(parts.tm_min)):\(digits(parts.tm_sec))Z"
    }
}
