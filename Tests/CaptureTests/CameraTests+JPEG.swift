import CFakeCamera
import CLinux
import Capture
import Features
import Testing

/// A smooth picture, which JPEG hardly changes.
private func brightness(_ x: Double, _ y: Double) -> Double { 40 + 1.5 * x + 1.1 * y }

/// It, as a camera would compress it: with colours, at quality 95.
private func encoded(_ width: Int, _ height: Int) -> EncodedPicture {
    let pixels = (0..<width * height)
        .map { UInt8(brightness(Double($0 % width), Double($0 / width)).rounded()) }
    return EncodedPicture(width: width, height: height, pixels: pixels)
}

extension CameraTests {
    @Suite("JPEG")
    struct JPEG {
        private let good = encoded(80, 64).bytes

        private func camera(_ bytes: [UInt8], format: String = "MJPG") {
            unsafe fake_camera_configure(cameraPath, 80, 64, format, 100)
            unsafe fake_camera_jpeg(bytes, Int32(bytes.count))
        }

        @Test(
            "Every format that is JPEG by another name is decoded",
            arguments: PixelFormat.known.filter { $0.grey == .jpeg }.map(\.format.description))
        func names(format: String) throws {
            camera(good, format: format)
            let (image, stamp, device) = try oneFrame(VideoOptions(path: cameraPath))
            #expect(stamp != nil)
            #expect(device.description == "80x64 \(format), 100.0 frames/s")
            #expect(abs(Double(image[40, 32]) - brightness(40, 32)) <= 2)
        }

        @Test("Frames become grey, whole, cut and reduced", arguments: [1, 2, 4, 8], [false, true])
        func decoded(reduction: Int, isCut: Bool) throws {
            camera(good)
            let crop = isCut ? VideoCrop(x: 16, y: 8, width: 48, height: 32) : nil
            let (image, stamp, _) = try oneFrame(VideoOptions(path: cameraPath, crop: crop, reduction: reduction))
            #expect(stamp != nil)
            #expect(image.width == (isCut ? 48 : 80) / reduction && image.height == (isCut ? 32 : 64) / reduction)
            let half = 0.5 * Double(reduction - 1)
            for y in 0..<image.height {
                for x in 0..<image.width {
                    // The middle of the pixel's square, in the whole frame.
                    let truth = brightness(
                        Double((isCut ? 16 : 0) + x * reduction) + half, Double((isCut ? 8 : 0) + y * reduction) + half)
                    #expect(abs(Double(image[x, y]) - truth) < 2.5)
                }
            }
        }

        @Test("Missing Huffman tables, and zeros behind the end, are as they should be")
        func webcam() throws {
            let bare = encoded(80, 64).withoutTables
            #expect(bare.count < good.count)
            camera(bare + [UInt8](repeating: 0, count: 300))
            let (image, stamp, device) = try oneFrame(VideoOptions(path: cameraPath))
            #expect(stamp != nil && device.counts.corrupt == 0)
            #expect(abs(Double(image[40, 30]) - brightness(40, 30)) < 2.5)
        }

        @Test(
            "A broken frame is corrupt, says why, and is never handed out",
            arguments: ["cut", "cut with an end", "holes", "no beginning", "other size", "empty", "noise"])
        func broken(kind: String) throws {
            var bytes = good
            switch kind {
            case "cut": bytes.removeLast(good.count / 3)
            case "cut with an end": bytes.replaceSubrange((good.count / 2)..., with: [0xFF, 0xD9])
            case "holes": bytes.removeSubrange((good.count - 160)..<(good.count - 100))
            case "no beginning": bytes.removeFirst(2)
            case "other size": bytes = encoded(64, 64).bytes
            case "empty": bytes = [0]
            default:
                var state: UInt32 = 7
                for index in 100..<(bytes.count - 2) {
                    state = state &* 1_664_525 &+ 1_013_904_223
                    bytes[index] = UInt8(truncatingIfNeeded: state >> 24)
                }
            }
            camera(bytes)
            let device = try VideoDevice(VideoOptions(path: cameraPath))
            var image = GreyImage(width: 0, height: 0)
            let (stamp, events) = nextFrame(device, &image, patience: second / 5)
            #expect(stamp == nil)
            #expect(events.contains { if case .corrupt = $0 { true } else { false } })
            #expect(device.counts.corrupt >= 3 && device.counts.captured == 0)
            let text = device.problem?.description ?? ""
            #expect(text.hasPrefix(cameraPath + ": ") && text.contains("JPEG"), "\(text)")
            // It recovers with the first good frame.
            unsafe fake_camera_jpeg(good, Int32(good.count))
            #expect(nextFrame(device, &image).stamp != nil)
            #expect(device.problem == nil)
        }
    }
}
