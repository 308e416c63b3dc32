import CAllocationCounter
import CFakeCamera
import CLinux
import Capture
import Features
import Files
import Testing

/// The known formats whose intensities lie in a plane; of some the colours come in buffers of their own, which only
/// multi-planar devices have.
private let planes: [String] = PixelFormat.known.compactMap { known in
    if case .plane = known.grey { known.format.description } else { nil }
}
private let planesOfOneBuffer = planes.filter { !["NM", "YM"].contains($0.prefix(2)) }

/// As the fake camera takes it.
private func fourCharacters(_ format: String) -> String { format.count < 4 ? format + " " : format }

extension CameraTests {
    @Suite("Formats")
    struct Formats {
        @Test(
            "Frames are right to the pixel in every format with a plane of intensities, also with padded rows",
            arguments: planesOfOneBuffer, [0, 24])
        func direct(format: String, padding: Int32) throws {
            unsafe fake_camera_configure(cameraPath, 68, 34, fourCharacters(format), 200)
            fake_camera_pad_rows(padding)
            let device = try VideoDevice(VideoOptions(path: cameraPath))
            #expect(device.description == "68x34 \(format), 200.0 frames/s")
            var image = GreyImage(width: 0, height: 0)
            for _ in 0..<5 {
                let (stamp, _) = nextFrame(device, &image)
                #expect(image.width == 68 && image.height == 34)
                #expect(showsPattern(image, stamp))
            }
            #expect(device.counts.corrupt == 0)
        }

        @Test(
            "So they are from a multi-planar device, wherever its frames begin", arguments: planes, [0, 32])
        func multiplanar(format: String, offset: Int32) throws {
            unsafe fake_camera_configure(cameraPath, 68, 34, fourCharacters(format), 200)
            fake_camera_pad_rows(12)
            fake_camera_multiplanar(offset)
            let source = try VideoDevice(VideoOptions(path: cameraPath))
            var image = GreyImage(width: 0, height: 0)
            for _ in 0..<5 {
                let (stamp, _) = nextFrame(source, &image)
                #expect(image.width == 68 && image.height == 34)
                #expect(showsPattern(image, stamp))
            }
            fake_camera_cut(2)
            let (stamp, _) = nextFrame(source, &image)
            #expect(showsPattern(image, stamp))
            #expect(source.counts.corrupt == 2)
        }

        @Test(
            "Other formats go through libv4lconvert: grey RGB becomes BT.601 luma, within rounding",
            arguments: [false, true])
        func converted(isMultiplanar: Bool) throws {
            unsafe fake_camera_configure(cameraPath, 64, 48, "RGB3", 100)
            if isMultiplanar { fake_camera_multiplanar(0) }
            let (image, stamp, _) = try oneFrame(VideoOptions(path: cameraPath))
            let sequence = UInt32(try #require(stamp).sequence)
            #expect(image.width == 64 && image.height == 48)
            for y in 0..<48 {
                for x in 0..<64 {
                    let grey = Double(fake_camera_pattern(Int32(x), Int32(y), sequence))
                    #expect(abs(Double(image[x, y]) - (16 + grey * 219 / 255)) < 1.5)
                }
            }
        }

        @Test(
            "The part and the reduction are of the frame, in every kind of format",
            arguments: ["GREY", "YUYV", "Y10P", "RGB3"], [1, 2, 4, 8])
        func view(format: String, reduction: Int) throws {
            unsafe fake_camera_configure(cameraPath, 64, 48, format, 200)
            let crop = VideoCrop(x: 8, y: 16, width: 40, height: 24)
            let options = VideoOptions(path: cameraPath, crop: crop, reduction: reduction)
            let (image, stamp, device) = try oneFrame(options)
            let sequence = UInt32(try #require(stamp).sequence)
            #expect(image.width == 40 / reduction && image.height == 24 / reduction)
            for y in 0..<image.height {
                for x in 0..<image.width {
                    var sum = 0.0
                    for dy in 0..<reduction {
                        for dx in 0..<reduction {
                            let value = Double(
                                fake_camera_pattern(
                                    Int32(8 + x * reduction + dx), Int32(16 + y * reduction + dy), sequence))
                            sum += format == "RGB3" ? 16 + value * 219 / 255 : value
                        }
                    }
                    let tolerance = format == "RGB3" ? 2 : 0.5
                    #expect(abs(Double(image[x, y]) - sum / Double(reduction * reduction)) <= tolerance)
                }
            }
            #expect(device.counts.corrupt == 0)
        }

        @Test("A part that is not in the frame, or that cannot be reduced, is refused")
        func wrongView() {
            unsafe fake_camera_configure(cameraPath, 64, 48, "GREY", 100)
            let beyond = VideoCrop(x: 30, y: 0, width: 40, height: 40)
            let error = #expect(throws: CaptureError.self) {
                try VideoDevice(VideoOptions(path: cameraPath, crop: beyond))
            }
            #expect(error?.description.contains("40x40 pixels at (30, 0) reaches beyond its frame of 64x48") == true)
            let odd = VideoCrop(x: 2, y: 0, width: 40, height: 40)
            let second = #expect(throws: CaptureError.self) {
                try VideoDevice(VideoOptions(path: cameraPath, crop: odd, reduction: 4))
            }
            #expect(second?.description.contains("40x40 pixels at (2, 0) cannot be reduced by 4") == true)
        }

        @Test(
            "A device that can cuts out the part itself; one that cannot to the pixel does not", arguments: [0, 1, 16])
        func deviceCrop(grain: Int32) throws {
            unsafe fake_camera_configure(cameraPath, 64, 48, "UYVY", 200)
            fake_camera_crops(grain)
            let crop = VideoCrop(x: 10, y: 6, width: 32, height: 20)
            let options = VideoOptions(path: cameraPath, size: (width: 64, height: 48), crop: crop)
            let (image, stamp, device) = try oneFrame(options)
            #expect(image.width == 32 && image.height == 20)
            #expect(showsPattern(image, stamp, x: 10, y: 6))
            #expect(device.description?.hasPrefix(grain == 1 ? "32x20 " : "64x48 ") == true)
            #expect(device.remarks == (grain == 1 ? ["the device cuts out the part itself"] : []))
        }

        @Test("A part that was left behind by another program is forgotten")
        func leftPart() throws {
            unsafe fake_camera_configure(cameraPath, 64, 48, "GREY", 200)
            fake_camera_crops(1)
            _ = try oneFrame(VideoOptions(path: cameraPath, crop: VideoCrop(x: 10, y: 6, width: 32, height: 20)))
            var part: (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
            unsafe fake_camera_part(&part.0, &part.1, &part.2, &part.3)
            #expect(part == (10, 6, 32, 20))
            let (image, stamp, _) = try oneFrame(VideoOptions(path: cameraPath))
            #expect(image.width == 64 && showsPattern(image, stamp))
        }

        @Test("A warm frame allocates nothing", arguments: ["GREY", "YUYV", "Y10P"], [1, 2])
        func allocations(format: String, reduction: Int) throws {
            guard hf_allocations_counted() != 0 else { return }
            unsafe fake_camera_configure(cameraPath, 64, 48, format, 200)
            let source = try VideoDevice(VideoOptions(path: cameraPath, reduction: reduction))
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
            unsafe fake_camera_configure(cameraPath, 64, 48, "YUYV", 30)
            #expect(throws: CaptureError.unsupportedFormat(cameraPath, "does not have the format GREY; it has: YUYV")) {
                try VideoDevice(VideoOptions(path: cameraPath, format: PixelFormat("GREY")))
            }
            let error = #expect(throws: CaptureError.self) {
                try VideoDevice(VideoOptions(path: cameraPath, size: (width: 640, height: 480)))
            }
            #expect(error?.description.contains("delivers 64x48 pixels where 640x480 are configured") == true)
            #expect(throws: CaptureError.notACamera("/dev/null", "is not a V4L2 device")) {
                try VideoDevice(VideoOptions(path: "/dev/null"))
            }
        }

        @Test(
            "A bare sensor gets advice, by the name of its driver", arguments: ["unicam", "rp1-cfe", "imx7-csi"],
            ["pRAA", "RG10"])
        func bayer(driver: String, format: String) {
            unsafe fake_camera_configure(cameraPath, 64, 48, format, 30)
            unsafe fake_camera_driver(driver)
            for wanted in [nil, PixelFormat(format)] {
                let error = #expect(throws: CaptureError.self) {
                    try VideoDevice(VideoOptions(path: cameraPath, format: wanted))
                }
                let text = error?.description ?? ""
                #expect(text.contains("driver \(driver) delivers raw sensor data only (\(format))"))
                #expect(text.contains("libcamerify hflocd") && text.contains("v4l2loopback"))
                #expect(text.contains("Raspberry Pi") == (driver != "imx7-csi"))
            }
        }

        @Test("The documentation lists the known formats, in the order in which they are preferred")
        func documented() throws {
            let path = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
            let text = try PlainText.string("\(path)/Sources/hfloc/hfloc.docc/Capture.md", atMost: 1 << 20)
            let rows = text.split(separator: "\n").drop { !$0.hasPrefix("| formats, in this order") }.dropFirst(2)
            let columns = rows.prefix { !$0.hasPrefix("| all others") }.compactMap { $0.split(separator: "|").first }
            let names = columns.flatMap { column in
                column.split(separator: "`", omittingEmptySubsequences: false).enumerated()
                    .compactMap { $0.offset % 2 == 1 ? String($0.element) : nil }
            }
            #expect(names == PixelFormat.known.map(\.format.description))
            #expect(Set(names).count == names.count && names.count > 20)
        }

        @Test("Names of formats are read as they are written", arguments: ["GREY", "Y10", "Y16 -BE", "MJPG"])
        func names(name: String) throws {
            #expect(try #require(PixelFormat(name)).description == name)
        }
    }
}
