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

    private static let largestMessage = 512

    public init(
        _ context: ZeroMQContext, endpoints: [Endpoint], curve: CurveKey? = nil
    ) throws(PublishingError) {
        sockets = try EndpointSocket.open(ZMQ_SUB, in: context, endpoints, curve: curve) { socket in
            socket.harden(largestMessage: Int64(Self.largestMessage))
            socket.set(ZMQ_RCVHWM, Int32(OdometryTrack.capacity))
            socket.set(ZMQ_SUBSCRIBE, bytes: [])
        }
    }

    /// Takes in what waits; at most as much as the track holds, so that a flood costs a bounded time.
    public func update() {
        for index in sockets.indices {
            for _ in 0..<OdometryTrack.capacity {
                let count = unsafe buffer.withUnsafeMutableBytes {
                    unsafe zmq_recv(sockets[index].socket.handle, $0.baseAddress, $0.count, ZMQ_DONTWAIT)
                }
                guard count >= 0 else { break }
                guard Int(count) <= buffer.count, let (time, pose) = Self.decode(buffer.span, Int(count)) else {
                    rejected += 1
                    continue
                }
                track.append(time: time, odomFromBase: pose)
            }
        }
    }

    /// `hfloc.v1.Odometry`; nil if it is none, or no pose.
    static func decode(_ bytes: Span<UInt8>, _ count: Int) -> (UInt64, RigidTransform)? {
        var (time, position, orientation) = (UInt64(0), WireNumbers(), WireNumbers())
        do throws(WireReader.Malformed) {
            var reader = WireReader(0..<count)
            while let (field, value) = try reader.next(bytes) {
                switch (field, value) {
                case (1, .fixed64(let stamp)): time = stamp
                case (2, .bytes(let range)): try position.merge(bytes, range, count: 3)
                case (3, .bytes(let range)): try orientation.merge(bytes, range, count: 4)
                default: break
                }
            }
        } catch {
            return nil
        }
        let (p, q) = (position.values, orientation.values)
        guard time > 0, abs(p.x) <= 1e7, abs(p.y) <= 1e7, abs(p.z) <= 1e7,
            let rotation = Rotation(checkingW: q.x, x: q.y, y: q.z, z: q.w)
        else { return nil }
        return (time, RigidTransform(rotation: rotation, translation: Vector3(p.x, p.y, p.z)))
    }
}
