package import Configuration
internal import Container
internal import Features
internal import Geometry

/// What a finished live calibration is written as: the views' images, the camera file and the report.
package struct LiveResult {
    /// What is known of the camera.
    package struct Device: Sendable {
        /// What it calls itself, with its mode.
        package var name: String
        /// The controls that were locked.
        package var controls: [CalibrationRecord.Control]

        package init(name: String = "", controls: [CalibrationRecord.Control] = []) {
            self.name = name
            self.controls = controls
        }
    }

    /// A view's image as binary PGM.
    package struct Image {
        package let name: String
        package let bytes: [UInt8]
    }

    /// Of all views, also of those that the calibration left out.
    package let images: [Image]
    /// The text of hfloc's camera file; it names the images that were used, with their hashes.
    package let cameraFile: String
    /// The report's HTML.
    package let report: String
    private let calibration: Calibration

    /// - Parameters:
    ///   - calibration: the result.
    ///   - shots: the views that were taken, with their images.
    ///   - device: the camera's name; nil for image files.
    ///   - part: of the device's frames; nil: all of it.
    ///   - program: name and version.
    ///   - date: UTC, as in `2026-11-22T18:00:00Z`.
    package init(
        _ calibration: Calibration, _ shots: [LiveSession.CapturedView], device: Device, part: FramePart?,
        program: String, date: String
    ) throws(CameraFormatError) {
        self.calibration = calibration
        images = shots.map { Image(name: $0.view.name, bytes: Self.pgm($0.image)) }
        let used = Set(calibration.views.filter { !$0.isRejected }.map(\.name))
        let hashes = images.filter { used.contains($0.name) }.map { image in
            var hasher = Hasher256()
            unsafe image.bytes.withUnsafeBytes { unsafe hasher.update($0) }
            return CalibrationRecord.Image(name: image.name, hash: hasher.finish().description)
        }
        let whole = CalibrationRecord.Part(
            frameWidth: calibration.camera.width, frameHeight: calibration.camera.height, x: 0, y: 0)
        let camera = CalibratedCamera(
            calibration, images: hashes, program: program, date: date, device: device.name, part: part?.part ?? whole,
            controls: device.controls)
        cameraFile = try CameraFormat.hfloc.text(of: camera)
        let pictures = Dictionary(shots.map { ($0.view.name, $0.image) }) { _, newest in newest }
        report = ReportContent(calibration: calibration, camera: camera) { pictures[$0] }.html
    }

    /// How good it is and where it was written, in a line.
    package func summary(output: String, report: String) -> String {
        let uncertainty = figure(calibration.statedUncertainty, 2)
        return
            "\(calibration.grade.title): 95 % of the image is known to \(uncertainty) px. Written: \(output), \(report)"
    }

    private static func pgm(_ image: GreyImage) -> [UInt8] {
        Array("P5\n\(image.width) \(image.height)\n255\n".utf8) + image.pixels
    }
}
