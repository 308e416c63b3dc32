internal import Files
internal import CameraCalibration
internal import Capture
internal import Configuration
internal import Container
internal import Features
internal import ProgramVersion
internal import Reporting

/// What a solution is written as: the camera file and the report.
enum ResultFiles {
    /// Of a calibration from image files: hashes those that were used.
    ///
    /// - Parameters:
    ///   - calibration: the result.
    ///   - hasImages: false when the corners came from a table.
    static func camera(_ calibration: Calibration, hasImages: Bool) throws(ConfigurationError) -> CalibratedCamera {
        var images: [CalibrationRecord.Image] = []
        for view in calibration.views where hasImages && !view.isRejected {
            images.append(.init(name: view.name, hash: try hash(view.name)))
        }
        return CalibratedCamera(calibration, images: images, program: Program.name, date: UTCDate.now)
    }

    /// BLAKE2b-256 of an image file that has been read, in hexadecimal digits.
    private static func hash(_ path: String) throws(ConfigurationError) -> String {
        do throws(FileError) {
            return Hash256(of: try WholeFile.read(path, atMost: ImageFile.largestFile)).description
        } catch {
            throw error.kind == .missing
                ? ConfigurationError(.missing, file: path, "was there a moment ago; why is it gone?")
                : ConfigurationError(.unreadable, file: path, "cannot be read")
        }
    }

    /// - Throws: `FileError` or `CameraFormatError`.
    static func write(_ camera: CalibratedCamera, to path: String) throws {
        try AtomicFile.write(try CameraFormat.hfloc.text(of: camera), to: path)
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
