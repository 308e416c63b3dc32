import CFakeCamera
import Capture
import Features
import Glibc
import Testing

/// A JPEG that is odd, and what is right about it.
struct OddPicture: Sendable {
    enum Verdict {
        case whole, recovered, corrupt
        /// Whole or recovered: what libjpeg has read ahead, up to eight bytes, it drops without a word.
        case harmless
    }

    let name: String
    let verdict: Verdict
    let bytes: [UInt8]

    init(_ name: String, _ verdict: Verdict, _ parts: [UInt8]...) {
        (self.name, self.verdict) = (name, verdict)
        bytes = Array(parts.joined())
    }

    var parts: (name: String, bytes: [UInt8], verdict: Verdict) { (name, bytes, verdict) }
}

/// JPEG as cameras really send it. A camera's frame and a file are judged alike.
extension CameraTests {
    @Suite("JPEG that is odd")
    struct OddJPEG {
        static let (width, height) = (96, 80)
        static let pixels = (0..<width * height).map { UInt8(truncatingIfNeeded: 40 + $0 % width + $0 / width) }

        static func picture(
            _ components: Int = 3, _ sampling: (Int, Int) = (2, 2), restarts: Int = 2, isProgressive: Bool = false
        ) -> EncodedPicture {
            EncodedPicture(
                width: width, height: height, pixels: pixels, components: components, sampling: sampling,
                restarts: restarts, isProgressive: isProgressive)
        }

        static let good = picture()

        static let cases: [OddPicture] =
            whole + sampled + fewBytes + extraneous + surrounded + misnumbered + cut + damaged

        private static let whole: [OddPicture] = [
            OddPicture("plain", .whole, good.bytes),
            OddPicture("no Huffman tables", .whole, good.withoutTables),
            OddPicture("AVI1", .whole, avi(good.bytes)),
            OddPicture("AVI1 without tables", .whole, avi(good.withoutTables)),
            OddPicture("zeros behind the end", .whole, good.bytes, zeros(5000)),
            OddPicture("fill bytes behind the end", .whole, good.bytes, fill(37)),
            OddPicture("fill bytes before a marker", .whole, good.replacing(2..<2, with: fill(3))),
            OddPicture("fill bytes before restarts", .whole, good.beforeRestarts(fill(2))),
            OddPicture("fill bytes before the end", .whole, good.beforeEnd(fill(1))),
        ]

        private static let sampled: [OddPicture] = [
            OddPicture("grey", .whole, picture(1).bytes),
            OddPicture("4:4:4", .whole, picture(3, (1, 1)).bytes),
            OddPicture("4:2:2", .whole, picture(3, (2, 1)).bytes),
            OddPicture("4:1:1", .whole, picture(3, (4, 1)).bytes),
            OddPicture("4:4:0", .whole, picture(3, (1, 2)).bytes),
            OddPicture("4:1:0", .whole, picture(3, (4, 2)).bytes),
            OddPicture("no restarts", .whole, picture(restarts: 0).bytes),
            OddPicture("a restart after every block", .whole, picture(restarts: 1).bytes),
            OddPicture("progressive", .whole, picture(isProgressive: true).bytes),
        ]

        private static let fewBytes: [OddPicture] = [1, 2, 3, 4, 7, 8, 9, 16, 40].map { count in
            let odd = [UInt8](repeating: 0x5A, count: count)
            return OddPicture(
                "\(count) bytes before restarts", count < 9 ? .harmless : .recovered, good.beforeRestarts(odd))
        }

        private static let extraneous: [OddPicture] = [
            OddPicture("zeros before restarts", .recovered, good.beforeRestarts(zeros(200))),
            OddPicture("bytes before one restart", .harmless, good.at(restart: 3, [1, 2, 3])),
            OddPicture("bytes before the end", .recovered, good.beforeEnd([9, 8, 7, 6, 5, 4, 3, 2, 1])),
            OddPicture("zeros before the end", .recovered, good.beforeEnd(zeros(3000))),
            OddPicture("no restarts, bytes before the end", .recovered, picture(restarts: 0).beforeEnd(bytes(30))),
            OddPicture("many bytes before a restart", .corrupt, good.at(restart: 2, bytes(60_000))),
        ]

        private static let surrounded: [OddPicture] = [
            OddPicture("bytes behind the end", .recovered, good.bytes, bytes(200)),
            OddPicture("two pictures", .recovered, good.bytes, good.bytes),
            OddPicture("half a picture behind", .recovered, good.bytes, half),
            OddPicture("two start markers", .recovered, [0xFF, 0xD8], good.bytes),
            OddPicture("four start markers", .recovered, [0xFF, 0xD8, 0xFF, 0xD8, 0xFF, 0xFF, 0xD8], good.bytes),
            OddPicture("zeros before the start", .recovered, zeros(64), good.bytes),
            OddPicture("bytes before the start", .recovered, [3, 1, 4, 1, 5, 9, 2, 6], good.bytes),
            OddPicture("padding on both sides", .recovered, zeros(1000), good.bytes, zeros(1000)),
            OddPicture("no end marker", .recovered, Array(good.bytes.dropLast(2))),
            OddPicture("half an end marker", .recovered, Array(good.bytes.dropLast(1))),
            OddPicture("no end marker, zeros", .recovered, Array(good.bytes.dropLast(2)), zeros(100)),
            OddPicture("no end marker, many zeros", .recovered, Array(good.bytes.dropLast(2)), zeros(60_000)),
            OddPicture("no end marker, fill bytes", .recovered, Array(good.bytes.dropLast(2)), fill(60_000)),
            OddPicture("no end marker, many bytes", .corrupt, Array(good.bytes.dropLast(2)), bytes(60_000)),
        ]

        private static let misnumbered: [OddPicture] = [
            OddPicture("wrong restart numbers", .recovered, renumbered { _ in 0 }),
            OddPicture("restart numbers one too high", .recovered, renumbered { $0 + 1 }),
            OddPicture("an unknown Adobe transform", .recovered, adobe(transform: 9)),
            OddPicture("progressive numbers in a plain scan", .recovered, scanNumbers(good)),
        ]

        private static let cut: [OddPicture] = [
            OddPicture("half", .corrupt, half),
            OddPicture("half, with an end", .corrupt, half, [0xFF, 0xD9]),
            OddPicture("half, zeros", .corrupt, half, zeros(1000)),
            OddPicture("half, then a whole one", .corrupt, half, good.bytes),
            OddPicture("cut before a restart", .corrupt, Array(good.bytes.prefix(good.restarts[4]))),
            OddPicture("odd bytes, then half", .corrupt, Array(good.beforeRestarts([1, 2]).prefix(half.count))),
            OddPicture("half, then odd bytes", .corrupt, half, [1, 2, 0xFF, 0xD9, 1, 2]),
            OddPicture("progressive, cut", .corrupt, Array(picture(isProgressive: true).bytes.dropLast(60))),
            OddPicture("no start", .corrupt, Array(good.bytes.dropFirst(2))),
            OddPicture("zeros", .corrupt, zeros(5000)),
        ]

        private static let damaged: [OddPicture] = [
            OddPicture("a missing restart interval", .corrupt, good.without(good.restarts[2]..<good.restarts[3])),
            OddPicture("a missing restart marker", .corrupt, good.without(good.restarts[2]..<good.restarts[2] + 2)),
            OddPicture("an empty restart interval", .corrupt, good.without(good.restarts[2] + 2..<good.restarts[3])),
            OddPicture("a damaged Huffman table", .corrupt, damagedHuffman),
            OddPicture("a quantization table of zeros", .corrupt, damagedQuantization),
            OddPicture("no quantization table", .corrupt, good.without(good.segments(0xDB)[0])),
            OddPicture("CMYK", .corrupt, picture(4).bytes),
        ]

        @Test("A camera's frame is whole, recovered or corrupt", arguments: cases.indices)
        func frames(index: Int) throws {
            let (name, bytes, verdict) = Self.cases[index].parts
            unsafe fake_camera_configure(cameraPath, Int32(Self.width), Int32(Self.height), "MJPG", 100)
            unsafe fake_camera_jpeg(bytes, Int32(bytes.count))
            let device = try VideoDevice(VideoOptions(path: cameraPath))
            var image = GreyImage(width: 0, height: 0)
            guard verdict != .corrupt else {
                let (stamp, _) = nextFrame(device, &image, patience: second / 5)
                #expect(stamp == nil && device.counts.captured == 0 && device.counts.corrupt > 0, "\(name)")
                #expect(device.counts.recovered == 0)
                let text = device.problem?.description ?? ""
                #expect(text.hasPrefix("\(cameraPath): broken JPEG: "), "\(text)")
                return
            }
            #expect(nextFrame(device, &image).stamp != nil, "\(name): \(device.problem?.description ?? "")")
            if verdict != .harmless { #expect((device.counts.recovered > 0) == (verdict == .recovered), "\(name)") }
            #expect(device.counts.corrupt == 0)
            #expect(Self.isRight(image), "\(name)")
        }

        @Test("A file is judged as a camera's frame is", arguments: cases.indices)
        func files(index: Int) throws {
            let (name, bytes, verdict) = Self.cases[index].parts
            var image = GreyImage(width: 0, height: 0)
            do throws(ImageError) {
                let condition = try ImageFile.decode(bytes, "x.jpg", into: &image)
                if verdict != .harmless { #expect((condition == .whole) == (verdict == .whole), "\(name)") }
                #expect(verdict != .corrupt, "\(name)")
                #expect(Self.isRight(image), "\(name)")
            } catch {
                #expect(verdict == .corrupt, "\(name): \(error)")
                #expect(error.description.contains("CMYK") == (name == "CMYK"))
            }
        }

        /// Near the truth everywhere: what was encoded is smooth.
        private static func isRight(_ image: GreyImage) -> Bool {
            image.width == width && image.height == height
                && zip(image.pixels, pixels).allSatisfy { abs(Int($0) - Int($1)) <= 4 }
        }

        private static var half: [UInt8] { Array(good.bytes.prefix((good.scan + good.bytes.count) / 2)) }
        private static func fill(_ count: Int) -> [UInt8] { [UInt8](repeating: 0xFF, count: count) }
        private static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(1 + $0 % 200) } }
        private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

        /// With the APP0 of an AVI's frame instead of JFIF's.
        private static func avi(_ bytes: [UInt8]) -> [UInt8] {
            var picture = good
            picture.bytes = bytes
            let segment: [UInt8] = [0xFF, 0xE0, 0, 16] + Array("AVI1".utf8) + zeros(10)
            return picture.replacing(picture.segments(0xE0)[0], with: segment)
        }

        /// With an Adobe segment instead of JFIF's.
        private static func adobe(transform: UInt8) -> [UInt8] {
            let head: [UInt8] = [0xFF, 0xEE, 0, 14] + Array("Adobe".utf8)
            let numbers: [UInt8] = [0, 100, 0, 0, 0, 0, transform]
            return good.replacing(good.segments(0xE0)[0], with: head + numbers)
        }

        private static func renumbered(_ number: (Int) -> Int) -> [UInt8] {
            var bytes = good.bytes
            for (index, at) in good.restarts.enumerated() { bytes[at + 1] = 0xD0 + UInt8(number(index) % 8) }
            return bytes
        }

        /// The scan's last three numbers are 0, 63, 0 in a picture that is not progressive.
        private static func scanNumbers(_ picture: EncodedPicture) -> [UInt8] {
            picture.replacing(picture.scan - 3..<picture.scan, with: [0, 0, 0])
        }

        private static var damagedHuffman: [UInt8] {
            let table = good.segments(0xC4)[0].lowerBound
            return good.replacing(table + 5..<table + 8, with: [200, 200, 200])
        }

        private static var damagedQuantization: [UInt8] {
            let table = good.segments(0xDB)[0]
            return good.replacing(table.lowerBound + 5..<table.upperBound, with: zeros(table.count - 5))
        }
    }
}
