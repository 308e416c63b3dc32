internal import Capture
internal import Configuration
internal import Errors
internal import Features
internal import Geometry
internal import Publishing

extension FrameSource {
    /// Opens what the configuration names, for frames of the size that was calibrated.
    init(opening configuration: DaemonConfiguration, for file: CameraFile) throws {
        switch configuration.source {
        case .folder(let path, let rate, let loops):
            let folder = try ImageFolder(path: path, rate: rate, loops: loops)
            try Self.check(folder, against: file)
            self = .folder(folder)
        case .device(let path, let format, let rate):
            let options = try VideoOptions(path: path, format: format, rate: rate, of: configuration, for: file)
            self = .device(try Self.open(options))
        }
    }

    /// Frames of another size are the calibration's fault.
    private static func open(_ options: VideoOptions) throws -> VideoDevice {
        do throws(CaptureError) {
            return try VideoDevice(options)
        } catch {
            guard case .anotherSize = error else { throw error }
            throw StartupError(error, blaming: .badCalibration)
        }
    }

    /// What the wire says while there are no frames: a camera that came with frames of another size waits for its
    /// calibration, not for its cable.
    var absence: Wire.State {
        if case .anotherSize = problem { .badCalibration } else { .noCamera }
    }

    /// The first image must be of the size that was calibrated.
    private static func check(_ folder: ImageFolder, against file: CameraFile) throws {
        var image = GreyImage(width: 0, height: 0)
        let path = folder.path + "/" + folder.file(ofSequence: 0)
        try ImageFile.readGrey(path, into: &image)
        guard image.width == file.camera.width, image.height == file.camera.height else {
            throw StartupError(
                .badCalibration,
                Failure(
                    .badData,
                    "\(file.path): width, height: \(file.camera.width)x\(file.camera.height), but \(path) has "
                        + "\(image.width)x\(image.height) pixels; give the camera file of these images"))
        }
    }

    /// For people.
    func text(_ source: DaemonConfiguration.Source) -> String {
        switch (source, self) {
        case (.folder(let path, _, _), .folder(let folder)): "\(path), \(folder.imageCount) images"
        case (.device(let path, _, _), .device(let device)):
            "\(path), "
                + (device.description ?? "waiting for it: \(device.problem?.description ?? "")")
        default: ""
        }
    }
}
