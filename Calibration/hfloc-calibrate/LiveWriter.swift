internal import Files
internal import CameraCalibration
internal import Errors
internal import Glibc
internal import Reporting

/// Writes what a live calibration gives: camera file, report and, if wanted, the views' images.
struct LiveWriter: Sendable {
    let output: String
    let report: String
    /// For the images; nil to keep none.
    let folder: String?
    /// The part of the device's frames that is used; nil: all of it.
    let part: FramePart?
    /// The camera's name, and the controls that were locked.
    let device = Latest(LiveResult.Device())

    /// Before anybody has waved a board: can the files be written?
    func check() throws {
        for path in [output, report] { try AtomicFile.check(path) }
        guard let folder else { return }
        guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST else {
            throw Failure(
                .cannotCreate, "\(folder): the folder cannot be made: \(unsafe String(cString: strerror(errno)))")
        }
    }

    /// - Throws: ``Failure`` or ``CameraFormatError``.
    func write(
        _ calibration: Calibration, _ shots: [LiveSession.CapturedView]
    ) throws -> (files: LiveSession.Files, summary: String) {
        let result = try LiveResult(
            calibration, shots, device: device.current.value, part: part, program: Program.name, date: UTCDate.now)
        if let folder {
            for image in result.images { try AtomicFile.write(image.bytes, to: "\(folder)/\(image.name)") }
        }
        try AtomicFile.write(result.cameraFile, to: output)
        try AtomicFile.write(result.report, to: report)
        let files = LiveSession.Files(camera: result.cameraFile, report: result.report)
        return (files, result.summary(output: output, report: report))
    }
}
