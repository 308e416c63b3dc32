internal import Publishing
internal import Synchronization

/// From the odometry's thread to the frames': each message as it came, in order. The frames' thread never waits: what
/// it cannot have at once it takes a frame later.
///
/// Sendable unchecked: `take` is the odometry's thread's, everything else the frames'; what both touch is locked.
final class OdometryRelay: OdometrySource, MessageTap, @unchecked Sendable {
    private(set) var track = OdometryTrack()
    private(set) var rejections = OdometryRejections()
    var tap: (any MessageTap)?
    private let waiting = Mutex(Waiting())

    /// Messages in fixed memory; the oldest go where there is no room.
    private struct Waiting {
        private var bytes = [UInt8](repeating: 0, count: OdometryTrack.capacity * OdometryReceiver.largestMessage)
        private var lengths = [Int](repeating: 0, count: OdometryTrack.capacity)
        private var first = 0
        private var count = 0
        var rejections = OdometryRejections()

        mutating func put(_ message: UnsafeRawBufferPointer) {
            if count == OdometryTrack.capacity { drop() }
            let slot = (first + count) % OdometryTrack.capacity
            lengths[slot] = message.count
            let start = slot * OdometryReceiver.largestMessage
            unsafe bytes.withUnsafeMutableBytes {
                unsafe UnsafeMutableRawBufferPointer(rebasing: $0[start..<start + message.count])
                    .copyMemory(from: message)
            }
            count += 1
        }

        mutating func drain(_ body: (Span<UInt8>) -> Void) {
            while count > 0 {
                let start = first * OdometryReceiver.largestMessage
                body(bytes.span.extracting(start..<start + lengths[first]))
                drop()
            }
        }

        private mutating func drop() {
            first = (first + 1) % OdometryTrack.capacity
            count -= 1
        }
    }

    // The odometry's thread's side.

    func take(_ bytes: UnsafeRawBufferPointer, of stamp: UInt64, at now: UInt64) {
        waiting.withLock { unsafe $0.put(bytes) }
    }

    func tell(_ rejections: OdometryRejections) { waiting.withLock { $0.rejections = rejections } }

    // The frames' thread's side.

    func update(at now: UInt64) {
        _ = waiting.withLockIfAvailable { waiting in
            rejections = waiting.rejections
            waiting.drain { message in
                // Whoever put it in has found it good.
                guard let reading = try? OdometryReading(decoding: message, at: nil) else { return }
                track.append(reading)
                unsafe message.withUnsafeBytes { unsafe tap?.take($0, of: reading.time, at: now) }
            }
        }
    }
}
