internal import CameraCalibration
internal import Capture
internal import Configuration
internal import Container
internal import Features
internal import Reporting

/// What a solution is written as: the camera file and the report.
enum ResultFiles {
    /// Of a calibration from image files: hashes those that were used.
    ///
    /// - Parameter hasImages: false when the corners came from a table.
    static func camera(_ calibration: Calibration, hasImages: Bool) throws(ConfigurationError) -> CalibratedCamera {
        var images: [CalibrationRecord.Image] = []
        for view in calibration.views where hasImages && !view.isRejected {
            images.append(.init(name: view.name, hash: try InputFile.hash(view.name)))
        }
        return CalibratedCamera(calibration, images: images, program: Program.name, date: UTCDate.now)
    }

    /// - Throws: ``Failure`` or ``CameraFormatError``.
    static func write(_ camera: CalibratedCamera, to path: String) throws {
        try OutputFile.write(try CameraFormat.hfloc.text(of: camera), to: path)
    }

    /// The report of a calibration from image files.
    static func report(
        _ calibration: Calibration, _ camera: CalibratedCamera, absences: [BoardImages.Absence]
    ) -> String {
        ReportContent(calibration: calibration, camera: camera, without: absences) { name in
            var image = GreyImage(width: 1, height: 1)
            do { try ImageFile.readGrey(name, into: &image) } catch { return nil }
            return image
        }.html
    }
}

/// What the program calls itself in its files.
enum Program {
    static let name = "hfloc-calibrate \(Version.text)"
}
