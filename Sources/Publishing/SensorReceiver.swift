internal import CZeroMQ

/// An endpoint for what a vehicle's sensors say, to be recorded: a ZeroMQ SUB that their PUB sockets connect to. For
/// one thread that has time.
public final class SensorReceiver {
    /// What is received.
    public enum Kind: String, Sendable, CaseIterable {
        /// `hfloc.v1.Position`.
        case position
        /// `hfloc.v1.Imu`.
        case imu
    }

    public let kind: Kind
    private let sockets: [EndpointSocket]
    private var buffer = [UInt8](repeating: 0, count: largestMessage)
    private var rejections: UInt64 = 0
    private var lastRejection: (reason: String, time: UInt64)?

    /// Bytes.
    private static let largestMessage = 512
    /// Messages that wait at most: a second and a half of a fast inertial unit.
    private static let highWaterMark: Int32 = 1500
    /// For so long after the last of them, refusals are worth a word: nanoseconds.
    private static let memory: UInt64 = 10_000_000_000

    public init(
        _ kind: Kind, _ context: ZeroMQContext, endpoints: [Endpoint], curve: CurveKey? = nil
    ) throws(PublishingError) {
        self.kind = kind
        sockets = try EndpointSocket.open(ZMQ_SUB, in: context, endpoints, curve: curve) { socket in
            socket.harden(largestMessage: Int64(Self.largestMessage))
            socket.set(ZMQ_RCVHWM, Self.highWaterMark)
            socket.set(ZMQ_SUBSCRIBE, bytes: [])
        }
    }

    /// Of each socket.
    var connections: [ConnectionCounter] { sockets.map(\.connections) }

    var socketCount: Int { sockets.count }

    func handle(_ index: Int) -> UnsafeMutableRawPointer { unsafe sockets[index].socket.handle }

    /// Takes in what waits, of a flood a bounded part.
    ///
    /// - Parameters:
    ///   - now: CLOCK_MONOTONIC, nanoseconds. Stamps far from it are refused.
    ///   - tap: gets each message that is what it should be.
    public func receive(at now: UInt64, _ tap: (_ message: [UInt8], _ stamp: UInt64) -> Void) {
        for index in sockets.indices {
            sockets[index].connections.update()
            for _ in 0..<Int(Self.highWaterMark) {
                let count = unsafe buffer.withUnsafeMutableBytes {
                    unsafe zmq_recv(sockets[index].socket.handle, $0.baseAddress, $0.count, ZMQ_DONTWAIT)
                }
                guard count >= 0 else { break }
                let message = Array(buffer.prefix(Int(count)))
                switch Self.stamp(of: message, kind, isWhole: Int(count) <= buffer.count, at: now) {
                case .success(let stamp): tap(message, stamp)
                case .failure(let rejection):
                    rejections += 1
                    lastRejection = (rejection.reason, now)
                }
            }
        }
    }

    /// One line for people: what is refused, and why. nil if nothing has been lately.
    public func problem(at now: UInt64) -> String? {
        guard let lastRejection, now < lastRejection.time + Self.memory else { return nil }
        return "\(kind.rawValue): \(rejections) messages were refused, the last because \(lastRejection.reason)"
    }

    private struct Rejection: Error {
        let reason: String
    }

    private static func stamp(
        of message: [UInt8], _ kind: Kind, isWhole: Bool, at now: UInt64
    ) -> Result<UInt64, Rejection> {
        let stamp: UInt64?
        switch kind {
        case .position:
            let position = try? Wire.Position(decoding: message.span)
            if let position, !position.isPossible {
                return .failure(
                    Rejection(reason: "it or its antenna is no place on Earth, or its covariance has not nine numbers"))
            }
            stamp = position?.monotonicNs
        case .imu:
            let reading = try? Wire.Imu(decoding: message.span)
            if let reading, !reading.isPossible { return .failure(Rejection(reason: "its numbers are not finite")) }
            stamp = reading?.monotonicNs
        }
        guard isWhole, let stamp, stamp > 0 else {
            return .failure(Rejection(reason: "it is no hfloc.v1.\(kind == .imu ? "Imu" : "Position") with a stamp"))
        }
        guard stamp <= now + OdometryTrack.longestLead, now <= stamp + OdometryTrack.longestAge else {
            return .failure(Rejection(reason: "its stamp is not of this machine's CLOCK_MONOTONIC"))
        }
        return .success(stamp)
    }
}

extension Wire.Position {
    fileprivate var isPossible: Bool {
        abs(latitudeDeg) <= 90 && abs(longitudeDeg) <= 360 && abs(heightM) <= Wire.Vector3.reach
            && (covariance.isEmpty || covariance.count == 9 && covariance.allSatisfy(\.isFinite))
            && (baseFromAntenna ?? Wire.Vector3()).isWithinReach
    }
}

extension Wire.Imu {
    fileprivate var isPossible: Bool {
        (angularVelocity ?? Wire.Vector3()).isWithinReach && (linearAcceleration ?? Wire.Vector3()).isWithinReach
    }
}
