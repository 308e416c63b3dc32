package import Capture
package import Configuration
internal import Errors
internal import Features
internal import Geometry
internal import Publishing

extension DaemonConfiguration {
    /// Opens the source that the configuration names, for frames of the size that was calibrated.
    package func openSource(for file: CameraFile) throws -> any FrameSource {
        switch source {
        case .folder(let path, let rate, let loops, let follows):
            do {
                return try ImageFolder(path: path, rate: rate, loops: loops, follows: follows, calibratedBy: file)
            } catch let mismatch as ImageSizeMismatch {
                throw StartupError(mismatch, blaming: .badCalibration)
            }
        case .device(let path, let format, let rate):
            let options = try VideoOptions(path: path, format: format, rate: rate, of: self, for: file)
            do throws(CaptureError) {
                return try VideoDevice(options)
            } catch {
                // Frames of another size are the calibration's fault.
                guard case .anotherSize = error else { throw error }
                throw StartupError(error, blaming: .badCalibration)
            }
        }
    }
}

extension ImageFolder {
    /// A folder whose first image, if it has one yet, has the size that was calibrated.
    ///
    /// - Throws: ``CaptureError``, ``ImageError``, or ``ImageSizeMismatch``.
    convenience init(
        path: String, rate: Double?, loops: Bool, follows: Bool, calibratedBy file: CameraFile
    ) throws {
        try self.init(path: path, rate: rate, loops: loops, follows: follows)
        guard imageCount > 0 else { return }
        var image = GreyImage(width: 0, height: 0)
        let first = path + "/" + self.file(ofSequence: 0)
        try ImageFile.readGrey(first, into: &image)
        guard image.width == file.camera.width, image.height == file.camera.height else {
            throw ImageSizeMismatch(image: first, size: (image.width, image.height), file: file)
        }
    }
}

/// An image that the camera file is not of.
struct ImageSizeMismatch: ReportedError {
    let image: String
    /// Pixels.
    let size: (width: Int, height: Int)
    let file: CameraFile

    var exitStatus: ExitStatus { .badData }

    var description: String {
        "\(file.path): width, height: \(file.camera.width)x\(file.camera.height), but \(image) has "
            + "\(size.width)x\(size.height) pixels; give the camera file of these images"
    }
}

extension FrameSource {
    /// What the wire says while there are no frames: a camera that came with frames of another size waits for its
    /// calibration, not for its cable.
    var absence: Wire.State {
        if case .anotherSize = problem { .badCalibration } else { .noCamera }
    }
}
