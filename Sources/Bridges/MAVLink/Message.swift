/// A message of MAVLink's common set.
public protocol Message: Sendable {
    /// The message's number.
    static var id: UInt32 { get }
    /// What the checksum takes in besides the bytes: a digest of the message's definition, so that two programs with
    /// different definitions do not understand each other by accident.
    static var crcExtra: UInt8 { get }
    /// Bytes of the whole payload, with extensions.
    static var length: Int { get }

    /// Takes the payload apart.
    init(from payload: inout PayloadReader)
    /// Writes the payload.
    func write(to payload: inout PayloadWriter)
}

extension Message {
    /// Bytes of a frame with this message, at most.
    public static var frameLength: Int { Frame.headerLength + length + 2 }
}

/// The messages that a ``FrameParser`` knows: of others it cannot compute the checksum.
enum KnownMessages {
    private static let all: [any Message.Type] = [
        Heartbeat.self, GlobalVisionPositionEstimate.self, TimeSync.self, EstimatorStatus.self, Odometry.self,
    ]

    /// The digest of a message's definition; nil if it is none of these.
    static func crcExtra(of id: UInt32) -> UInt8? { all.first { $0.id == id }?.crcExtra }
}
