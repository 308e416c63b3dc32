import Capture
import Daemon
import Configuration
import TestSupport
import Testing

@Suite("What a configuration asks of its device")
struct VideoOptionsTests {
    private func configuration(_ fields: String) throws -> DaemonConfiguration {
        let file = TemporaryFile(
            "map: a\npublish: ipc:///tmp/b\ncamera:\n  device: /dev/video9\n  calibration: c\n\(fields)")
        return try withExtendedLifetime(file) { try ConfigurationDraft(reading: file.path).complete() }
    }

    /// A calibration of 640x480 pixels, of the whole frame or of a part.
    private func cameraFile(_ fields: String = "") throws -> CameraFile {
        let text = "model: PINHOLE\nwidth: 640\nheight: 480\nparameters: [500, 500, 320, 240]\n\(fields)"
        return try CameraFile(parsing: Array(text.utf8), path: "c.yaml")
    }

    private func options(_ file: CameraFile, _ fields: String = "") throws -> VideoOptions {
        let configuration = try configuration(fields)
        guard case .device(let path, let format, let rate) = configuration.source else {
            throw CaptureError.notACamera("the configuration", "names none")
        }
        return try VideoOptions(path: path, format: format, rate: rate, of: configuration, for: file)
    }

    @Test("little: the size that was calibrated, and what the driver has")
    func plain() throws {
        #expect(try options(cameraFile()) == VideoOptions(path: "/dev/video9", size: (640, 480)))
    }

    @Test("every field arrives, the controls in their order")
    func everything() throws {
        let fields = """
              format: Y16 -BE
              rate: 12.5
              size: [1280, 960]
              crop: [16, 8, 640, 480]
              reduction: 4
              controls: {zoom_absolute: 3, auto_exposure: 1, backlight: off}
            """
        let expected = VideoOptions(
            path: "/dev/video9", format: PixelFormat("Y16 -BE"), size: (1280, 960), rate: 12.5,
            crop: VideoCrop(x: 16, y: 8, width: 640, height: 480), reduction: 4,
            controls: [
                ControlSetting("zoom_absolute", 3), ControlSetting("auto_exposure", 1), ControlSetting("backlight", 0),
            ])
        #expect(try options(cameraFile(), fields) == expected)
    }

    @Test("of a calibrated part: the frame that it is of, and this part, or a smaller one that is asked for")
    func part() throws {
        let file = try cameraFile("frame: [1280, 960]\ncrop: [300, 200, 640, 480]\n")
        let whole = try options(file)
        #expect(whole.size?.width == 1280 && whole.size?.height == 960)
        #expect(whole.crop == VideoCrop(x: 300, y: 200, width: 640, height: 480))
        let less = try options(file, "  crop: [320, 240, 320, 240]\n")
        #expect(less.size?.width == 1280 && less.crop == VideoCrop(x: 320, y: 240, width: 320, height: 240))
    }

    @Test("a format that is none is refused with its field, and how to find one", arguments: ["QQQQQ", "\"\u{e9}\""])
    func format(name: String) throws {
        let file = try cameraFile()
        let error = #expect(throws: CaptureError.self) { try options(file, "  format: \(name)\n") }
        guard case .unsupportedFormat("/dev/video9", let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.hasPrefix("camera.format: '") && reason.contains("v4l2-ctl --device /dev/video9 --list-formats"))
        #expect(error?.mayPass == false)
    }
}
