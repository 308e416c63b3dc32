internal import ArgumentParser
internal import CameraCalibration
internal import Capture
internal import Configuration
internal import Errors
internal import Features

/// The camera of a live calibration. One thread at a time may use it.
final class LiveCamera: LiveCameraSource, @unchecked Sendable {
    /// How to open it.
    struct Arguments: ParsableArguments {
        @Option(
            help: ArgumentHelp("The camera's device; names under /dev/v4l/by-id stay the same.", valueName: "device"))
        var device = "/dev/video0"
        @Option(help: ArgumentHelp("Image size; by default the camera's present one.", valueName: "WIDTHxHEIGHT"))
        var size: String?
        @Option(
            help: ArgumentHelp(
                "The part of the frames to calibrate, if only this will be used; needs --size.",
                valueName: "X,Y,WIDTH,HEIGHT"))
        var crop: String?
        @Option(help: ArgumentHelp("Pixel format, as v4l2-ctl --list-formats prints it.", valueName: "format"))
        var format: String?
        @Option(help: ArgumentHelp("Frames per second.", valueName: "rate"))
        var rate: Double?

        /// --crop, checked.
        func part() throws(Failure) -> FramePart? {
            guard let crop else { return nil }
            return try FramePart(parsing: crop, within: size)
        }
    }

    private let device: VideoDevice
    private let path: String

    init(_ arguments: Arguments) throws {
        path = arguments.device
        var options = VideoOptions(
            path: arguments.device, size: try arguments.size.map { try ImageSize.parse($0) }, rate: arguments.rate,
            crop: try arguments.part().map {
                VideoCrop(x: $0.part.x, y: $0.part.y, width: $0.width, height: $0.height)
            })
        if let format = arguments.format {
            guard let pixelFormat = PixelFormat(format) else {
                throw Failure(
                    .usage, "--format '\(format)' is not a pixel format; v4l2-ctl --list-formats lists them")
            }
            options.format = pixelFormat
        }
        do throws(CaptureError) {
            device = try VideoDevice(options)
        } catch {
            throw Failure(.unavailable, error.description)
        }
    }

    /// The device and its mode.
    var description: String { "\(path), \(device.description ?? "not there yet")" }

    /// Holds focus, exposure, gain and white balance where they are now, also when the camera goes and returns.
    ///
    /// - Returns: the controls with their values, and a line for the person.
    func lock() -> (controls: [CalibrationRecord.Control], remark: String) {
        do throws(CaptureError) {
            let settings = try device.lockAutomatisms()
            guard !settings.isEmpty else {
                return ([], "no controls for focus and exposure: set them at the lens, and leave them")
            }
            return (settings.map { .init(name: $0.name, value: $0.value) }, "locked; the camera file says it")
        } catch {
            return ([], "focus and exposure could not be locked: \(error.description)")
        }
    }

    /// The newest frame, within a tenth of a second.
    func next(into image: inout GreyImage) -> LiveCameraEvent {
        switch device.next(into: &image, timeout: 100_000_000) {
        case .frame(let stamp): .frame(time: stamp.captureTime)
        case .noCamera, .end: .missing(device.problem?.description ?? "the camera is gone")
        case .corrupt, .waiting: .none
        }
    }
}
