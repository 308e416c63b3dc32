import CFakeCamera
import CLinux
import Capture
import Features
import Testing

extension CameraTests {
    @Suite("Controls")
    struct Controls {
        private func options(_ controls: [ControlSetting]) -> VideoOptions {
            unsafe fake_camera_configure(cameraPath, 64, 48, "GREY", 100)
            return VideoOptions(path: cameraPath, controls: controls)
        }

        private func value(_ name: String) -> Int { Int(unsafe fake_camera_control(name)) }

        @Test("They are listed as v4l2-ctl spells them, with range and value")
        func list() throws {
            let device = try VideoDevice(options([]))
            let controls = device.controls
            let names = controls.map(\.name)
            #expect(
                names == [
                    "brightness", "auto_exposure", "exposure_time_absolute", "exposure_dynamic_framerate",
                    "focus_absolute",
                    "focus_automatic_continuous", "privacy",
                ])
            let exposure = try #require(controls.first { $0.name == "exposure_time_absolute" })
            #expect((exposure.minimum, exposure.maximum) == (1, 5000))
            #expect(exposure.value == 156 && !exposure.isReadOnly)
            #expect(controls.last?.isReadOnly == true)
        }

        @Test("They are set before the first frame, whatever their order, and again after every reopening")
        func applied() throws {
            // The exposure time can only be set once the automatism is off, which comes after it.
            let settings = [
                ControlSetting("exposure_time_absolute", 20), ControlSetting("auto_exposure", 1),
                ControlSetting("brightness", -3),
            ]
            let source = try VideoDevice(options(settings))
            var image = GreyImage(width: 0, height: 0)
            for round in 0..<2 {
                #expect(nextFrame(source, &image).stamp != nil)
                #expect(
                    value("auto_exposure") == 1 && value("exposure_time_absolute") == 20 && value("brightness") == -3)
                #expect(source.remarks.isEmpty)
                guard round == 0 else { break }
                fake_camera_unplug()
                #expect(value("brightness") == 0)
                _ = source.next(into: &image, timeout: second / 10)
                fake_camera_plug()
            }
            #expect(source.counts.reopened == 1)
        }

        @Test("What the device makes of them is said")
        func clamped() throws {
            let device = try VideoDevice(
                options([
                    ControlSetting("brightness", 900), ControlSetting("privacy", 1), ControlSetting("auto_exposure", 7),
                    ControlSetting("focus_automatic_continuous", 0), ControlSetting("focus_absolute", 33),
                ]))
            #expect(device.remarks.count == 4)
            #expect(device.remarks.first == "control brightness is 64, where 900 was asked for (allowed: -64...64)")
            #expect(device.remarks.contains("control privacy can only be read"))
            #expect(
                device.remarks.contains { $0.contains("cannot set the control auto_exposure = 7 (allowed: 0...3)") })
            #expect(device.remarks.contains("control focus_absolute is 35, where 33 was asked for (allowed: 0...250)"))
        }

        @Test("A name that the device does not have is an error with those that it has")
        func unknown() {
            let wrong = options([ControlSetting("exposure_auto", 1)])
            let error = #expect(throws: CaptureError.self) { try VideoDevice(wrong) }
            #expect(
                error?.description.hasPrefix(
                    "\(cameraPath): has no control 'exposure_auto'; it has: brightness, auto_exp") == true)
            #expect(error?.mayPass == false)
        }

        @Test("Locking holds what the automatisms have found, also after a reopening")
        func lock() throws {
            let device = try VideoDevice(options([ControlSetting("brightness", 5)]))
            let expected = [
                ControlSetting("focus_automatic_continuous", 0), ControlSetting("focus_absolute", 30),
                ControlSetting("auto_exposure", 1), ControlSetting("exposure_time_absolute", 156),
                ControlSetting("exposure_dynamic_framerate", 0),
            ]
            #expect(try device.lockAutomatisms() == expected)
            var image = GreyImage(width: 0, height: 0)
            _ = nextFrame(device, &image)
            fake_camera_unplug()
            _ = device.next(into: &image, timeout: second / 10)
            #expect(throws: CaptureError.self) { try device.lockAutomatisms() }
            fake_camera_plug()
            #expect(nextFrame(device, &image).stamp != nil)
            #expect(value("auto_exposure") == 1 && value("focus_automatic_continuous") == 0)
            #expect(
                value("focus_absolute") == 30 && value("exposure_dynamic_framerate") == 0 && value("brightness") == 5)
        }
    }
}
