package import Features
package import Localizer
internal import Synchronization

/// A frame as a preview needs it: the main thread makes the memory, the frame loop fills it. An object, so that nobody
/// who holds it still makes the one who writes into it copy it.
///
/// Sendable unchecked: it belongs to the thread that has taken it from the exchange.
package final class PreviewFrame: @unchecked Sendable {
    package var image: GreyImage
    package var sketch: FrameSketch
    /// Of the message that answers it.
    package var sequence: UInt64 = 0
    /// CLOCK_MONOTONIC, nanoseconds.
    package var captureTime: UInt64 = 0

    package init(width: Int, height: Int, keypoints: Int) {
        image = GreyImage(width: width, height: height)
        sketch = FrameSketch(capacity: keypoints)
    }
}

/// Where the main thread asks for a frame and gets it. The frame loop never waits for it, and does nothing but a test
/// while nobody asks.
final class PreviewExchange: Sendable {
    private let isAsked = Atomic(false)
    private let asked = Mutex<PreviewFrame?>(nil)
    private let answered = Mutex<PreviewFrame?>(nil)

    // The main thread's side.

    /// Asks for the next frame, into this memory.
    func ask(_ frame: PreviewFrame) {
        asked.withLock { $0 = frame }
        isAsked.store(true, ordering: .releasing)
    }

    /// Nobody looks any more: memory that was not filled is let go of.
    func withdraw() {
        isAsked.store(false, ordering: .relaxed)
        asked.withLock { $0 = nil }
        answered.withLock { $0 = nil }
    }

    /// What was asked for, once.
    func take() -> PreviewFrame? { answered.withLock { $0.take() } }

    // The frame loop's side.

    /// Lets a frame be written down, if one is asked for.
    func answer(_ fill: (PreviewFrame) -> Void) {
        guard isAsked.load(ordering: .acquiring) else { return }
        guard let frame = asked.withLockIfAvailable({ $0.take() }) ?? nil else { return }
        isAsked.store(false, ordering: .relaxed)
        fill(frame)
        _ = answered.withLockIfAvailable { $0 = frame }
    }
}
