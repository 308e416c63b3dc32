// Times how long a frame takes from the driver's buffer to the grey image: `capture-benchmark [JPEG...]`.
//
// The camera is the tests' fake one. What it spends on drawing is taken off; what remains is the dequeuing, the
// decoding and the giving back. One line per format and size: median and 95th percentile of 100 frames, milliseconds.
import CFakeCamera
import CLinux
import Capture
import Features
import Glibc

private let path = "/dev/fake-camera"

/// Milliseconds of 100 frames, sorted; nil if one was broken.
private func times(_ options: VideoOptions) throws -> [Double]? {
    let device = try VideoDevice(options)
    var image = GreyImage(width: 0, height: 0)
    var result: [Double] = []
    for round in 0..<120 {
        hf_sleep_until_ns(hf_monotonic_ns() + 12_000_000)
        let drawing = fake_camera_drawing_ns()
        let start = hf_monotonic_ns()
        let event = device.next(into: &image, timeout: 1_000_000_000)
        let took = hf_monotonic_ns() - start
        guard case .frame = event else {
            if case .corrupt = event { return nil }
            continue
        }
        let own = took - min(took, fake_camera_drawing_ns() - drawing)
        if round >= 20 { result.append(Double(own) * 1e-6) }
    }
    return result.sorted()
}

private func report(_ name: String, _ options: VideoOptions) throws {
    guard let sorted = try times(options), !sorted.isEmpty else {
        print("\(name): \(path) delivered a broken frame")
        exit(65)
    }
    func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
    print("\(name): \(rounded(sorted[sorted.count / 2])) ms, 95 %: \(rounded(sorted[sorted.count * 95 / 100])) ms")
}

for (width, height) in [(640, 480), (1280, 720)] {
    for format in ["GREY", "NV12", "YUYV", "Y10 ", "Y10P", "RGB3"] {
        for reduction in [1, 2] {
            unsafe fake_camera_configure(path, Int32(width), Int32(height), format, 100)
            try report("\(width)x\(height) \(format) / \(reduction)", VideoOptions(path: path, reduction: reduction))
        }
    }
}
for file in CommandLine.arguments.dropFirst() {
    var image = GreyImage(width: 0, height: 0)
    try ImageFile.readGrey(file, into: &image)
    guard let input = unsafe fopen(file, "re") else { continue }
    defer { unsafe fclose(input) }
    var bytes = [UInt8](repeating: 0, count: 1 << 24)
    let count = unsafe fread(&bytes, 1, bytes.count, input)
    for reduction in [1, 2, 4] {
        unsafe fake_camera_configure(path, Int32(image.width), Int32(image.height), "MJPG", 100)
        unsafe fake_camera_jpeg(bytes, Int32(count))
        try report(
            "\(image.width)x\(image.height) MJPG (\(count / 1000) kB) / \(reduction)",
            VideoOptions(path: path, reduction: reduction))
    }
}
