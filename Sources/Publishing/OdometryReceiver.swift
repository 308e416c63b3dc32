internal import CZeroMQ
internal import Geometry

/// The odometry endpoint: a ZeroMQ SUB that the vehicle's PUB sockets connect to. Belongs to the frame thread: it never
/// blocks and, once warm, allocates nothing.
public final class OdometryReceiver {
    private let sockets: [EndpointSocket]
    private var buffer = [UInt8](repeating: 0, count: largestMessage)
    public private(set) var track = OdometryTrack()
    /// Messages that were no `hfloc.v1.Odometry`, or stand for no pose.
    public private(set) var rejected: UInt64 = 0

    /// Of each socket; may be asked by any thread.
    package let connections: [ConnectionCounter]

    private static let largestMessage = 512

    public init(
        _ context: ZeroMQContext, endpoints: [Endpoint], curve: CurveKey? = nil
    ) throws(PublishingError) {
        sockets = try EndpointSocket.open(ZMQ_SUB, in: context, endpoints, curve: curve) { socket in
            socket.harden(largestMessage: Int64(Self.largestMessage))
            socket.set(ZMQ_RCVHWM, Int32(OdometryTrack.capacity))
            socket.set(ZMQ_SUBSCRIBE, bytes: [])
        }
        connections = sockets.map(\.connections)
    }

    /// Takes in what waits; at most as much as the track holds, so that a flood costs a bounded time.
    public func update() {
        for index in sockets.indices {
            sockets[index].connections.update()
            for _ in 0..<OdometryTrack.capacity {
                let count = unsafe buffer.withUnsafeMutableBytes {
                    unsafe zmq_recv(sockets[index].socket.handle, $0.baseAddress, $0.count, ZMQ_DONTWAIT)
                }
                guard count >= 0 else { break }
                // Of a longer message the buffer holds the beginning.
                guard Int(count) <= buffer.count,
                    let (time, odomFromBase) = Self.decode(buffer.span.extracting(..<Int(count)))
                else {
                    rejected += 1
                    continue
                }
                track.append(time: time, odomFromBase: odomFromBase)
            }
        }
    }

    /// The vehicle in its odometry's frame; nil if the bytes are no `hfloc.v1.Odometry`, or it stands for no pose.
    private static func decode(_ bytes: Span<UInt8>) -> (time: UInt64, odomFromBase: RigidTransform)? {
        guard let message = try? Wire.Odometry(decoding: bytes), message.monotonicNs > 0,
            let odomFromBase = RigidTransform(position: message.position, orientation: message.orientation)
        else { return nil }
        return (message.monotonicNs, odomFromBase)
    }
}
