import Capture
import Features

/// A camera that does what a test says, one event per call; then nothing.
final class ScriptedFrames: FrameSource {
    enum Event {
        /// Of this size, captured so long ago (nanoseconds).
        case frame(width: Int = 96, height: Int = 64, age: Int64 = 0)
        case corrupt(CaptureError? = nil)
        /// Nothing comes while the caller waits.
        case waiting
        case noCamera(CaptureError?)
        case end
    }

    var script: [Event] = []
    var counts = FrameCounts()
    var problem: CaptureError?
    var delivery: (format: PixelFormat?, period: UInt64?) = (nil, nil)
    var remarks: [String] = [] {
        didSet { remarksVersion += 1 }
    }
    private(set) var remarksVersion: UInt64 = 0
    let summary = "a script"
    var tap: (any CompressedFrameTap)?
    /// Frames come compressed, as these bytes.
    var compressed: [UInt8]?
    private let clock: ManualClock
    private var sequence: UInt64 = 0
    private var next = 0

    init(clock: ManualClock) { self.clock = clock }

    func next(into image: inout GreyImage, timeout: UInt64) -> CaptureEvent {
        guard next < script.count else {
            clock.advance(by: timeout)
            return .waiting
        }
        next += 1
        switch script[next - 1] {
        case .frame(let width, let height, let age):
            image.reshape(width: width, height: height)
            counts.captured += 1
            let stamp = stamp(age: age)
            if let compressed {
                unsafe compressed.withUnsafeBytes { unsafe tap?.take($0, .jpeg, view: nil, stamp: stamp) }
            }
            // Each its own.
            for index in image.pixels.indices {
                image.pixels[index] = UInt8(truncatingIfNeeded: index &+ Int(sequence))
            }
            return .frame(stamp)
        case .corrupt(let cause):
            problem = cause
            counts.corrupt += 1
            return .corrupt(stamp(age: 0))
        case .waiting:
            clock.advance(by: timeout)
            return .waiting
        case .noCamera(let cause):
            problem = cause
            clock.advance(by: timeout)
            return .noCamera
        case .end: return .end
        }
    }

    private func stamp(age: Int64) -> FrameStamp {
        sequence += 1
        return FrameStamp(sequence: sequence, captureTime: UInt64(Int64(clock.now) - age))
    }
}
