internal import CROSMessages

/// std_msgs/Header: when, and in which frame of reference.
public struct Header: Sendable, Equatable {
    /// Nanoseconds since 1970: ROS time without a simulation.
    public var stamp: UInt64
    /// Such as `map`.
    public var frame: String

    public init(stamp: UInt64, frame: String) { (self.stamp, self.frame) = (stamp, frame) }

    func wire(in memory: WireMemory) -> std_msgs_msg_dds__Header_ {
        unsafe std_msgs_msg_dds__Header_(stamp: Self.time(stamp), frame_id: memory.string(frame))
    }

    /// A negative stamp, of before 1970, is 0.
    init(_ wire: std_msgs_msg_dds__Header_) {
        let seconds = unsafe UInt64(max(0, wire.stamp.sec))
        unsafe self.init(stamp: seconds * 1_000_000_000 + UInt64(wire.stamp.nanosec), frame: text(wire.frame_id))
    }

    private static func time(_ stamp: UInt64) -> builtin_interfaces_msg_dds__Time_ {
        builtin_interfaces_msg_dds__Time_(
            sec: Int32(clamping: stamp / 1_000_000_000), nanosec: UInt32(stamp % 1_000_000_000))
    }
}
