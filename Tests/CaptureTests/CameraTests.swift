import CFakeCamera
import CLinux
import Capture
import Features
import Testing

/// The fake camera is one per process: every test of it belongs in here.
@Suite("Camera", .serialized)
struct CameraTests {}

let cameraPath = "/dev/fake-camera"
let second: UInt64 = 1_000_000_000
/// How long a test waits for what must come. Generous: a busy machine is no fault of the program's.
let patience = 60 * second

/// The fake camera, set up with 64x48 pixels and opened without options, and the newest of its frames.
struct OpenCamera {
    let source: any FrameSource
    var image = GreyImage(width: 0, height: 0)

    init(_ format: String = "GREY", rate: Int32 = 100) throws {
        unsafe fake_camera_configure(cameraPath, 64, 48, format, rate)
        source = try VideoDevice(VideoOptions(path: cameraPath))
    }

    /// As ``nextFrame(_:_:patience:)``.
    mutating func next(patience: UInt64 = patience) -> (stamp: FrameStamp?, before: [CaptureEvent]) {
        nextFrame(source, &image, patience: patience)
    }

    /// Does its newest frame show the pattern?
    func showsPattern(_ stamp: FrameStamp?) -> Bool { CaptureTests.showsPattern(image, stamp) }
}

extension FrameCounts {
    /// All frames that the driver numbered, whatever became of them.
    var frames: UInt64 { captured + skipped + dropped + corrupt }
}

/// Asks for frames until one comes or `patience` is over; the events on the way.
func nextFrame(
    _ source: any FrameSource, _ image: inout GreyImage, patience: UInt64 = patience
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

/// Does the image show the fake camera's pattern, from this pixel of its frame on?
func showsPattern(_ image: GreyImage, _ stamp: FrameStamp?, x: Int = 0, y: Int = 0) -> Bool {
    guard let stamp else { return false }
    let sequence = UInt32(stamp.sequence)
    return (0..<image.height).allSatisfy { row in
        (0..<image.width).allSatisfy { column in
            image[column, row] == fake_camera_pattern(Int32(x + column), Int32(y + row), sequence)
        }
    }
}

/// One frame of the camera as it is configured.
func oneFrame(_ options: VideoOptions) throws -> (image: GreyImage, stamp: FrameStamp?, device: VideoDevice) {
    let device = try VideoDevice(options)
    var image = GreyImage(width: 0, height: 0)
    let stamp = nextFrame(device, &image).stamp
    return (image, stamp, device)
}
