import CFakeCamera
import Capture
import Testing

extension CameraTests {
    @Suite("A device that is examined")
    struct Diagnostics {
        /// All that an opening may change.
        struct State: Equatable {
            var format: UInt32 = 0
            var rate: Int32 = 0
            var part: [Int32] = []
            var controls: [Int32] = []

            init() {
                unsafe fake_camera_state(&format, &rate)
                var (x, y, width, height): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
                unsafe fake_camera_part(&x, &y, &width, &height)
                part = [x, y, width, height]
                let names = [
                    "brightness", "auto_exposure", "exposure_time_absolute", "exposure_dynamic_framerate",
                    "focus_absolute", "focus_automatic_continuous", "privacy",
                ]
                controls = names.map { name in unsafe fake_camera_control(name) }
            }
        }

        /// What an opening makes of the camera, which has two formats, can cut out a part, and has its rate set.
        private func opened(_ options: VideoOptions) throws -> State {
            _ = try VideoDevice(options)
            return State()
        }

        private func setUp() {
            unsafe fake_camera_configure(cameraPath, 128, 96, "GREY", 100)
            unsafe fake_camera_offers("YUYV")
            fake_camera_crops(2)
        }

        private let other = VideoOptions(
            path: cameraPath, format: PixelFormat("YUYV"), size: (128, 96), rate: 25,
            crop: VideoCrop(x: 16, y: 8, width: 64, height: 48), reduction: 2,
            controls: [
                ControlSetting("auto_exposure", 1), ControlSetting("exposure_time_absolute", 20),
                ControlSetting("brightness", -3), ControlSetting("focus_automatic_continuous", 0),
                ControlSetting("focus_absolute", 100),
            ])

        @Test("says what an opening would make of it, and has its format, part, rate and controls back")
        func untouched() throws {
            setUp()
            let before = try opened(
                VideoOptions(
                    path: cameraPath, format: PixelFormat("GREY"), size: (128, 96), rate: 50,
                    crop: VideoCrop(x: 32, y: 16, width: 32, height: 32),
                    controls: [ControlSetting("auto_exposure", 1), ControlSetting("exposure_time_absolute", 77)]))
            let streamed = fake_camera_started()
            let examined = try DeviceDiagnostics(other)
            #expect(examined.description == "64x48 YUYV, 25.0 frames/s")
            #expect(examined.remarks == ["the device cuts out the part itself"])
            #expect(State() == before)
            #expect(fake_camera_started() == streamed)
            // Had it not been put back, it would show.
            let after = try opened(other)
            #expect(after.format != before.format && after.rate == 25 && after.part == [16, 8, 64, 48])
            #expect(zip(after.controls, before.controls).count { $0 != $1 } == 4)
        }

        @Test(
            "has all of it back when something is refused, however late",
            arguments: [[ControlSetting("brightness", 9), ControlSetting("warp", 1)], []])
        func refused(controls: [ControlSetting]) throws {
            setUp()
            let before = try opened(VideoOptions(path: cameraPath, format: PixelFormat("GREY"), rate: 50))
            var wrong = other
            wrong.controls = controls
            if controls.isEmpty { wrong.size = (1280, 960) }
            #expect(throws: CaptureError.self) { try DeviceDiagnostics(wrong) }
            #expect(State() == before)
        }

        @Test("that somebody streams from is left alone")
        func busy() throws {
            setUp()
            let device = try VideoDevice(VideoOptions(path: cameraPath, format: PixelFormat("GREY")))
            let (before, opened) = (State(), fake_camera_opened())
            #expect(throws: CaptureError.self) { try DeviceDiagnostics(other) }
            #expect(State() == before && fake_camera_opened() == opened)
            #expect(device.problem == nil)
        }
    }
}
