internal import CZeroMQ

/// Gets messages as they came, on the thread that received them.
public protocol MessageTap: AnyObject {
    /// - Parameters:
    ///   - bytes: the serialized message, valid during the call.
    ///   - stamp: the message's own, CLOCK_MONOTONIC, nanoseconds.
    ///   - now: when it was received.
    @unsafe func take(_ bytes: UnsafeRawBufferPointer, of stamp: UInt64, at now: UInt64)
}

/// What the frame loop asks of the vehicle's odometry. For classes only: nothing is boxed on a frame's way.
package protocol OdometrySource: AnyObject {
    /// Takes in what waits.
    ///
    /// - Parameter now: CLOCK_MONOTONIC, nanoseconds.
    func update(at now: UInt64)
    var track: OdometryTrack { get }
    var rejections: OdometryRejections { get }
    var tap: (any MessageTap)? { get set }
}

extension OdometryReceiver: OdometrySource {}

/// The odometry endpoint: a ZeroMQ SUB that the vehicle's PUB sockets connect to. Belongs to one thread, the frames' or
/// one of its own: it never blocks unless asked to and, once warm, allocates nothing.
@safe public final class OdometryReceiver {
    private let sockets: [EndpointSocket]
    private var items: [zmq_pollitem_t]
    private var buffer = [UInt8](repeating: 0, count: largestMessage)
    public private(set) var track = OdometryTrack()
    /// What could not be used, and why the last of it.
    public private(set) var rejections = OdometryRejections()

    /// Gets each message that was taken, as it came; of this thread.
    public var tap: (any MessageTap)?

    /// Of each socket; may be asked by any thread.
    package let connections: [ConnectionCounter]

    /// Bytes: a message with both covariances has less than 750.
    package static let largestMessage = 1024

    public init(
        _ context: ZeroMQContext, endpoints: [Endpoint], curve: CurveKey? = nil
    ) throws(PublishingError) {
        sockets = try EndpointSocket.open(ZMQ_SUB, in: context, endpoints, curve: curve) { socket in
            socket.harden(largestMessage: Int64(Self.largestMessage))
            socket.set(ZMQ_RCVHWM, Int32(OdometryTrack.capacity))
            socket.set(ZMQ_SUBSCRIBE, bytes: [])
        }
        connections = sockets.map(\.connections)
        unsafe items = sockets.map {
            unsafe zmq_pollitem_t(socket: $0.socket.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
        }
    }

    /// Until there is something to take in, at most so long (milliseconds).
    package func wait(atMost timeout: Int32) {
        unsafe _ = zmq_poll(&items, Int32(items.count), Int(timeout))
    }

    /// Takes in what waits; at most as much as the track holds, so that a flood costs a bounded time.
    ///
    /// - Parameter now: CLOCK_MONOTONIC, nanoseconds. Stamps far from it are refused: one from the future would hold up
    ///   all that follow it.
    public func update(at now: UInt64) { update(at: now) { _ in } }

    /// The same.
    ///
    /// - Parameters:
    ///   - now: CLOCK_MONOTONIC, nanoseconds.
    ///   - take: called for each that is newer than those before it, once it is in the track.
    package func update(at now: UInt64, _ take: (OdometryReading) -> Void) {
        for index in sockets.indices {
            sockets[index].connections.update()
            for _ in 0..<OdometryTrack.capacity {
                let count = unsafe buffer.withUnsafeMutableBytes {
                    unsafe zmq_recv(sockets[index].socket.handle, $0.baseAddress, $0.count, ZMQ_DONTWAIT)
                }
                guard count >= 0 else { break }
                do throws(OdometryRejections.Failure) {
                    // Of a longer message the buffer holds the beginning.
                    guard Int(count) <= buffer.count else { throw .init(.malformed) }
                    let reading = try OdometryReading(decoding: buffer.span.extracting(..<Int(count)), at: now)
                    let isNews = track.append(reading)
                    unsafe buffer.withUnsafeBytes {
                        unsafe tap?.take(UnsafeRawBufferPointer(rebasing: $0[..<Int(count)]), of: reading.time, at: now)
                    }
                    if isNews { take(reading) }
                } catch {
                    rejections.add(error, at: now)
                }
            }
        }
    }
}
