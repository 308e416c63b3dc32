import CFakeCamera
import CLinux
import Capture
import Features
import Testing

extension CameraTests {
    @Suite("Frames that come and go")
    struct Loss {
        @Test("The stamp is the driver's, of CLOCK_MONOTONIC, and the sequence ascends")
        func stamps() throws {
            var camera = try OpenCamera()
            var last: FrameStamp?
            for _ in 0..<10 {
                let stamp = try #require(camera.next().stamp)
                #expect(stamp.captureTime <= hf_monotonic_ns())
                if let last { #expect(stamp.sequence > last.sequence && stamp.captureTime > last.captureTime) }
                last = stamp
            }
        }

        @Test("A slow consumer gets the newest frame; those before it are counted, not queued")
        func newestWins() throws {
            var camera = try OpenCamera("YUYV")
            let first = try #require(camera.next().stamp)
            hf_sleep_until_ns(hf_monotonic_ns() + second / 2)
            let second = try #require(camera.next().stamp)
            #expect(camera.showsPattern(second))
            let counts = camera.source.counts
            #expect(second.sequence >= first.sequence + 4)
            // Every frame between is accounted for: replaced by a newer one, or dropped by the driver without a buffer.
            #expect(counts.skipped + counts.dropped + counts.captured == second.sequence + 1 || first.sequence > 0)
            #expect(counts.skipped >= 1)
        }

        @Test("A gap in the driver's sequence is counted as dropped")
        func dropped() throws {
            var camera = try OpenCamera(rate: 50)
            let before = try #require(camera.next().stamp)
            let counted = camera.source.counts
            fake_camera_drop(7)
            let after = try #require(camera.next().stamp)
            #expect(after.sequence >= before.sequence + 8)
            #expect(camera.source.counts.dropped >= counted.dropped + 7)
            // Every frame of the gap is accounted for, once; a busy machine may drop more than the seven.
            #expect(camera.source.counts.frames - counted.frames == after.sequence - before.sequence)
        }

        @Test("A frame that is flagged, or too short, is corrupt and never handed out", arguments: [true, false])
        func corrupt(flagged: Bool) throws {
            var camera = try OpenCamera("UYVY")
            let first = try #require(camera.next().stamp)
            let counted = camera.source.counts
            if flagged { fake_camera_flag(3) } else { fake_camera_cut(3) }
            let (stamp, before) = camera.next()
            #expect(camera.showsPattern(stamp))
            #expect(camera.source.counts.corrupt == 3)
            #expect(before.contains { if case .corrupt = $0 { true } else { false } })
            // None of the three counts as dropped too.
            #expect(camera.source.counts.frames - counted.frames == (stamp?.sequence ?? 0) - first.sequence)
        }

        @Test("A v4l2loopback that nobody feeds yet is a camera that is not there yet", arguments: [Int32(1), 2])
        func unfed(how: Int32) throws {
            unsafe fake_camera_configure(cameraPath, 64, 48, "YUYV", 100)
            fake_camera_unfed(how)
            let options = VideoOptions(path: cameraPath, format: PixelFormat("YUYV"), size: (64, 48))
            let source = try VideoDevice(options)
            var image = GreyImage(width: 0, height: 0)
            let (none, events) = nextFrame(source, &image, patience: second)
            #expect(none == nil && events.allSatisfy { $0 == .noCamera })
            let problem = try #require(source.problem?.description)
            #expect(problem.contains(cameraPath) && problem.contains("start what feeds it"))
            fake_camera_unfed(0)
            let stamp = try #require(nextFrame(source, &image).stamp)
            #expect(showsPattern(image, stamp))
            #expect(source.problem == nil && source.counts.reopened == 0)
        }

        @Test("An unplugged camera is reported, and delivers again after its return")
        func unplugged() throws {
            var camera = try OpenCamera()
            _ = camera.next()
            fake_camera_unplug()
            let (none, events) = camera.next(patience: 2 * second + second / 2)
            #expect(none == nil)
            #expect(events.contains(.noCamera))
            #expect(camera.source.problem?.description.contains(cameraPath) == true)
            let dropped = camera.source.counts.dropped
            fake_camera_plug()
            let stamp = try #require(camera.next().stamp)
            #expect(camera.showsPattern(stamp))
            #expect(camera.source.counts.reopened == 1)
            #expect(camera.source.counts.dropped == dropped, "a new stream's numbers are no gap")
            #expect(camera.source.problem == nil)
            #expect(fake_camera_opened() == 2)
        }

        @Test(
            "A camera that falls silent is told to stream anew, then opened again; until it delivers there is no camera"
        )
        func silent() throws {
            var camera = try OpenCamera()
            _ = camera.next()
            fake_camera_silence(1)
            let (none, events) = camera.next(patience: 2 * second + second / 2)
            #expect(none == nil)
            // A second of patience; then the state lasts, whatever is tried.
            let lost = try #require(events.firstIndex(of: .noCamera))
            #expect(lost > 0)
            #expect(events[..<lost].allSatisfy { $0 == .waiting } && events[lost...].allSatisfy { $0 == .noCamera })
            #expect(camera.source.problem?.description.contains("no frame") == true)
            let dropped = camera.source.counts.dropped
            fake_camera_silence(0)
            #expect(camera.next().stamp != nil)
            #expect(camera.source.counts.restarted >= 1 && camera.source.counts.reopened >= 1)
            #expect(camera.source.problem == nil && camera.source.counts.dropped == dropped)
        }

        @Test("Streaming anew revives a camera that has stalled, without opening it again")
        func stalled() throws {
            var camera = try OpenCamera("YUYV")
            _ = camera.next()
            let dropped = camera.source.counts.dropped
            fake_camera_silence(2)
            let (stamp, events) = camera.next()
            #expect(camera.showsPattern(stamp))
            #expect(events.contains(.noCamera))
            #expect(
                camera.source.counts.restarted == 1 && camera.source.counts.reopened == 0
                    && camera.source.counts.dropped == dropped)
            #expect(fake_camera_opened() == 1 && fake_camera_started() == 2)
        }

        @Test("The patience with a slow camera is five of its periods")
        func slow() throws {
            unsafe fake_camera_configure(cameraPath, 64, 48, "GREY", 1)
            let device = try VideoDevice(VideoOptions(path: cameraPath))
            var image = GreyImage(width: 0, height: 0)
            fake_camera_silence(1)
            let (none, events) = nextFrame(device, &image, patience: 2 * second)
            #expect(none == nil && events.allSatisfy { $0 == .waiting })
        }

        @Test("An error of the driver leads to a reopening", arguments: [5, 22, 19])
        func failing(code: Int32) throws {
            var camera = try OpenCamera()
            _ = camera.next()
            fake_camera_fail(code)
            let (stamp, events) = camera.next()
            #expect(camera.showsPattern(stamp) && events.contains(.noCamera))
            #expect(camera.source.counts.reopened == 1 && fake_camera_opened() == 2)
        }

        @Test("Every buffer goes back to the driver, of good, skipped and broken frames alike")
        func buffers() throws {
            var camera = try OpenCamera()
            for round in 0..<20 {
                if round % 3 == 1 { fake_camera_flag(1) }
                if round % 3 == 2 { fake_camera_cut(2) }
                hf_sleep_until_ns(hf_monotonic_ns() + second / 40)
                _ = camera.source.next(into: &camera.image, timeout: second / 10)
                #expect(fake_camera_queued() == 4)
            }
            #expect(camera.source.counts.skipped > 0 && camera.source.counts.corrupt > 0)
        }

        @Test(
            "What a stamp means is read from its flags; a clock that is not ours is said, and the arrival taken",
            arguments: [
                (0x2000, 0, StampSource.endOfFrame), (0x12000, 0, .startOfExposure), (0, 0, .arrival),
                (0x4000, -5, .arrival),
                (0x2000, 3600, .arrival),
            ])
        func clocks(flags: UInt32, offset: Int64, expected: StampSource) throws {
            unsafe fake_camera_configure(cameraPath, 64, 48, "GREY", 100)
            fake_camera_clock(flags, offset * 1_000_000_000)
            let before = hf_monotonic_ns()
            let (_, stamp, device) = try oneFrame(VideoOptions(path: cameraPath))
            let captured = try #require(stamp)
            #expect(captured.source == expected && device.stampSource == expected)
            #expect((before...hf_monotonic_ns()).contains(captured.captureTime))
            #expect(device.remarks.contains { $0.contains("CLOCK_MONOTONIC") } == (expected == .arrival))
            #expect(device.remarksVersion == (expected == .arrival ? 2 : 1))
        }

        @Test("A camera that is not there at the start is waited for")
        func absentAtStart() throws {
            unsafe fake_camera_configure(cameraPath, 64, 48, "GREY", 100)
            fake_camera_unplug()
            let source = try VideoDevice(VideoOptions(path: cameraPath))
            var image = GreyImage(width: 0, height: 0)
            #expect(source.next(into: &image, timeout: second / 100) == .noCamera)
            fake_camera_plug()
            #expect(nextFrame(source, &image).stamp != nil)
            #expect(source.counts.reopened == 0)
        }

        @Test("A time-out ends the wait, whatever the camera does")
        func timeouts() throws {
            var camera = try OpenCamera(rate: 1)
            for _ in 0..<2 {
                #expect(camera.source.next(into: &camera.image, timeout: second / 20) == .waiting)
                fake_camera_unplug()
                #expect(camera.source.next(into: &camera.image, timeout: second / 20) != .end)
                fake_camera_plug()
            }
        }
    }
}
