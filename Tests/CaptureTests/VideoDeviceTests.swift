import CAllocationCounter
import CFakeCamera
import CLinux
import Capture
import Features
import Testing

private let path = "/dev/fake-camera"
private let second: UInt64 = 1_000_000_000

/// Asks for frames until one comes or `patience` is over; the events on the way.
private func nextFrame(
    _ source: FrameSource, _ image: inout GreyImage, patience: UInt64 = 3 * second
) -> (stamp: FrameStamp?, before: [CaptureEvent]) {
    var before: [CaptureEvent] = []
    let deadline = hf_monotonic_ns() + patience
    while hf_monotonic_ns() < deadline {
        let event = source.next(into: &image, timeout: second / 10)
        if case .frame(let stamp) = event { return (stamp, before) }
        before.append(event)
    }
    return (nil, before)
}

private func showsPattern(_ image: GreyImage, _ stamp: FrameStamp?) -> Bool {
    guard let stamp else { return false }
    let sequence = UInt32(stamp.sequence)
    return (0..<image.height).allSatisfy { y in
        (0..<image.width).allSatisfy { x in image[x, y] == fake_camera_pattern(Int32(x), Int32(y), sequence) }
    }
}

@Suite("Camera", .serialized)
struct VideoDeviceTests {
    @Test(
        "Frames are right to the pixel in every direct format, also with padded rows",
        arguments: ["GREY", "NV12", "NV21", "YU12", "YV12", "YUYV", "YVYU", "UYVY", "VYUY"], [0, 24])
    func formats(format: String, padding: Int32) throws {
        unsafe fake_camera_configure(path, 66, 34, format, 200)
        fake_camera_pad_rows(padding)
        let device = try VideoDevice(VideoOptions(path: path))
        #expect(device.description == "66x34 \(format), 200.0 frames/s")
        let source = FrameSource.device(device)
        var image = GreyImage(width: 0, height: 0)
        for _ in 0..<5 {
            let (stamp, _) = nextFrame(source, &image)
            #expect(image.width == 66 && image.height == 34)
            #expect(showsPattern(image, stamp))
        }
        #expect(source.counts.corrupt == 0)
    }

    @Test("Other formats go through libv4lconvert: grey RGB becomes luma of BT.601's range, within rounding")
    func converted() throws {
        unsafe fake_camera_configure(path, 64, 48, "RGB3", 100)
        let source = FrameSource.device(try VideoDevice(VideoOptions(path: path)))
        var image = GreyImage(width: 0, height: 0)
        let stamp = try #require(nextFrame(source, &image).stamp)
        #expect(image.width == 64 && image.height == 48)
        for y in 0..<48 {
            for x in 0..<64 {
                let grey = Double(fake_camera_pattern(Int32(x), Int32(y), UInt32(stamp.sequence)))
                #expect(abs(Double(image[x, y]) - (16 + grey * 219 / 255)) < 1.5)
            }
        }
    }

    @Test("The stamp is the driver's, of CLOCK_MONOTONIC, and the sequence ascends")
    func stamps() throws {
        unsafe fake_camera_configure(path, 64, 48, "GREY", 100)
        let source = FrameSource.device(try VideoDevice(VideoOptions(path: path)))
        var image = GreyImage(width: 0, height: 0)
        var last: FrameStamp?
        for _ in 0..<10 {
            let before = hf_monotonic_ns()
            let stamp = try #require(nextFrame(source, &image).stamp)
            #expect(stamp.captureTime + second / 10 > before && stamp.captureTime <= hf_monotonic_ns())
            if let last { #expect(stamp.sequence > last.sequence && stamp.captureTime > last.captureTime) }
            last = stamp
        }
    }

    @Test("A slow consumer gets the newest frame; those before it are counted, not queued")
    func newestWins() throws {
        unsafe fake_camera_configure(path, 64, 48, "YUYV", 100)
        let source = FrameSource.device(try VideoDevice(VideoOptions(path: path)))
        var image = GreyImage(width: 0, height: 0)
        let first = try #require(nextFrame(source, &image).stamp)
        hf_sleep_until_ns(hf_monotonic_ns() + second / 2)
        let second = try #require(nextFrame(source, &image).stamp)
        #expect(showsPattern(image, second))
        let counts = source.counts
        #expect(second.sequence >= first.sequence + 4)
        // Every frame between is accounted for: replaced by a newer one, or dropped by the driver without a buffer.
        #expect(counts.skipped + counts.dropped + counts.captured == second.sequence + 1 || first.sequence > 0)
        #expect(counts.skipped >= 1)
    }

    @Test("A gap in the driver's sequence is counted as dropped")
    func dropped() throws {
        unsafe fake_camera_configure(path, 64, 48, "GREY", 50)
        let source = FrameSource.device(try VideoDevice(VideoOptions(path: path)))
        var image = GreyImage(width: 0, height: 0)
        let before = try #require(nextFrame(source, &image).stamp)
        let counted = source.counts.dropped
        fake_camera_drop(7)
        let after = try #require(nextFrame(source, &image).stamp)
        #expect(after.sequence >= before.sequence + 8)
        #expect(source.counts.dropped == counted + 7)
    }

    @Test("A frame that is flagged, or too short, is corrupt and never handed out", arguments: [true, false])
    func corrupt(flagged: Bool) throws {
        unsafe fake_camera_configure(path, 64, 48, "UYVY", 100)
        let source = FrameSource.device(try VideoDevice(VideoOptions(path: path)))
        var image = GreyImage(width: 0, height: 0)
        _ = nextFrame(source, &image)
        if flagged { fake_camera_flag(3) } else { fake_camera_cut(3) }
        let (stamp, before) = nextFrame(source, &image)
        #expect(showsPattern(image, stamp))
        #expect(source.counts.corrupt == 3)
        #expect(before.contains { if case .corrupt = $0 { true } else { false } })
        #expect(source.counts.dropped == 0)
    }

    @Test("An unplugged camera is reported, and delivers again within a second of its return")
    func unplugged() throws {
        unsafe fake_camera_configure(path, 64, 48, "GREY", 100)
        let source = FrameSource.device(try VideoDevice(VideoOptions(path: path)))
        var image = GreyImage(width: 0, height: 0)
        _ = nextFrame(source, &image)
        fake_camera_unplug()
        let (none, events) = nextFrame(source, &image, patience: 2 * second + second / 2)
        #expect(none == nil)
        #expect(events.contains(.noCamera))
        #expect(source.problem?.description.contains(path) == true)
        let returned = hf_monotonic_ns()
        fake_camera_plug()
        let stamp = try #require(nextFrame(source, &image).stamp)
        #expect(hf_monotonic_ns() - returned < second + second / 10)
        #expect(showsPattern(image, stamp))
        #expect(source.counts.reopened == 1)
        #expect(source.counts.dropped == 0)
        #expect(source.problem == nil)
        #expect(fake_camera_opened() == 2)
    }

    @Test("A camera that falls silent is opened again")
    func silent() throws {
        unsafe fake_camera_configure(path, 64, 48, "GREY", 100)
        let source = FrameSource.device(try VideoDevice(VideoOptions(path: path)))
        var image = GreyImage(width: 0, height: 0)
        _ = nextFrame(source, &image)
        fake_camera_silence(1)
        let (none, events) = nextFrame(source, &image, patience: second + second / 2)
        #expect(none == nil)
        #expect(events.contains(.waiting) && events.contains(.noCamera))
        fake_camera_silence(0)
        #expect(nextFrame(source, &image).stamp != nil)
        #expect(source.counts.reopened >= 1)
    }

    @Test("A camera that is not there at the start is waited for")
    func absentAtStart() throws {
        unsafe fake_camera_configure(path, 64, 48, "GREY", 100)
        fake_camera_unplug()
        let source = FrameSource.device(try VideoDevice(VideoOptions(path: path)))
        var image = GreyImage(width: 0, height: 0)
        #expect(source.next(into: &image, timeout: second / 100) == .noCamera)
        fake_camera_plug()
        #expect(nextFrame(source, &image).stamp != nil)
        #expect(source.counts.reopened == 0)
    }

    @Test("A time-out ends the wait, whatever the camera does")
    func timeouts() throws {
        unsafe fake_camera_configure(path, 64, 48, "GREY", 1)
        let source = FrameSource.device(try VideoDevice(VideoOptions(path: path)))
        var image = GreyImage(width: 0, height: 0)
        for _ in 0..<2 {
            let before = hf_monotonic_ns()
            #expect(source.next(into: &image, timeout: second / 20) == .waiting)
            #expect(hf_monotonic_ns() - before < second / 5)
            fake_camera_unplug()
            #expect(source.next(into: &image, timeout: second / 20) != .end)
            fake_camera_plug()
        }
    }

    @Test("A warm frame allocates nothing", arguments: ["GREY", "YUYV"])
    func allocations(format: String) throws {
        guard hf_allocations_counted() != 0 else { return }
        unsafe fake_camera_configure(path, 64, 48, format, 200)
        let source = FrameSource.device(try VideoDevice(VideoOptions(path: path)))
        var image = GreyImage(width: 0, height: 0)
        for _ in 0..<5 { _ = source.next(into: &image, timeout: second) }
        let before = source.counts.captured
        hf_allocations_begin()
        for _ in 0..<50 { _ = source.next(into: &image, timeout: second) }
        #expect(hf_allocations_end() == 0)
        #expect(source.counts.captured >= before + 40)
    }

    @Test("What cannot pass by itself is an error that names the device and the cure")
    func unusable() {
        unsafe fake_camera_configure(path, 64, 48, "pRAA", 30)
        #expect(throws: CaptureError.self) { try VideoDevice(VideoOptions(path: path)) }
        unsafe fake_camera_configure(path, 64, 48, "YUYV", 30)
        #expect(throws: CaptureError.unsupportedFormat(path, "does not have the format GREY; it has: YUYV")) {
            try VideoDevice(VideoOptions(path: path, format: PixelFormat("GREY")))
        }
        let error = #expect(throws: CaptureError.self) {
            try VideoDevice(VideoOptions(path: path, size: (width: 640, height: 480)))
        }
        #expect(error?.description.contains("delivers 64x48 pixels where 640x480 are configured") == true)
        #expect(throws: CaptureError.notACamera("/dev/null", "is not a V4L2 device")) {
            try VideoDevice(VideoOptions(path: "/dev/null"))
        }
    }
}
