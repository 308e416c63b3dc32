internal import Files
internal import CameraCalibration
internal import Errors
internal import Features
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
        try AtomicFile.check([output, report])
        guard let folder else { return }
        try Folder.make(folder)
        // The views of another session: replaced in part, the rest would be taken for this one's.
        if let image = try Folder.names(folder).first(where: ImageFileName.isImage) {
            throw Failure(.cannotCreate, "--images: \(folder) holds images already (\(image)); give a new folder")
        }
    }

    /// - Throws: `Failure` or `CameraFormatError`.
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
