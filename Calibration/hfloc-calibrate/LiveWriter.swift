internal import CameraCalibration
internal import Configuration
internal import Container
internal import Errors
internal import Features
internal import Files
internal import Geometry
internal import Glibc

/// Writes what a live calibration gives: camera file, report and, if wanted, the views' images.
struct LiveWriter: Sendable {
    let output: String
    let report: String
    /// For the images; nil to keep none.
    let folder: String?
    /// The part of the device's frames that is used; nil: all of it.
    let crop: LiveCamera.Crop?
    /// The camera's name, and the controls that were locked.
    let camera = Latest<(name: String, controls: [CalibrationRecord.Control])>(("", []))

    /// Before anybody has waved a board: can the files be written?
    func check() throws {
        for path in [output, report] { try AtomicFile.check(path) }
        guard let folder else { return }
        guard unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST else {
            throw Failure(
                .cannotCreate, "\(folder): the folder cannot be made: \(unsafe String(cString: strerror(errno)))")
        }
    }

    func write(
        _ calibration: Calibration, _ shots: [LiveSession.CapturedView]
    ) throws -> (files: LiveSession.Files, summary: String) {
        var images: [CalibrationRecord.Image] = []
        var pictures: [String: GreyImage] = [:]
        for shot in shots {
            let bytes = Self.pgm(shot.image)
            if let folder { try AtomicFile.write(bytes, to: "\(folder)/\(shot.view.name)") }
            images.append(.init(name: shot.view.name, hash: Hash256(of: bytes).description))
            pictures[shot.view.name] = shot.image
        }
        let used = Set(calibration.views.filter { !$0.isRejected }.map(\.name))
        let (name, controls) = camera.current.value
        let calibrated = CalibratedCamera(
            calibration, images: images.filter { used.contains($0.name) }, program: Program.name,
            date: CalibrationDate.now, device: name,
            part: crop?.part
                ?? .init(
                    frameWidth: calibration.camera.width, frameHeight: calibration.camera.height, x: 0, y: 0),
            controls: controls)
        let file = try CameraFormat.hfloc.text(of: calibrated)
        let page = ReportContent(calibration: calibration, camera: calibrated) { pictures[$0] }.html
        try AtomicFile.write(file, to: output)
        try AtomicFile.write(page, to: report)
        let uncertainty = SolveText.decimal(calibration.projectionUncertainty.percentile95, 2)
        let summary =
            "\(calibration.grade.title): 95 % of the image is known to \(uncertainty) px. Written: \(output), \(report)"
        return (LiveSession.Files(camera: file, report: page), summary)
    }

    private static func pgm(_ image: GreyImage) -> [UInt8] {
        Array("P5\n\(image.width) \(image.height)\n255\n".utf8) + image.pixels
    }
}
