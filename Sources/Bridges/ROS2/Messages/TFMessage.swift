internal import CCycloneDDS
internal import CROSMessages

/// tf2_msgs/TFMessage of one transform: the child frame in the header's.
public struct TFMessage: Message, Equatable {
    /// Its frame is the parent.
    public var header: Header
    public var childFrame: String
    public var transform: Placement

    public init(header: Header, childFrame: String, transform: Placement) {
        (self.header, self.childFrame, self.transform) = (header, childFrame, transform)
    }

    public static let hash = "RIHS01_e369d0f05a23ae52508854b66f6aa0437f3449d652e8cbf22d5abe85d020f087"

    public static func createTopic(_ participant: Int32, _ name: String) -> Int32 {
        unsafe withUnsafePointer(to: tf2_msgs_msg_dds__TFMessage__desc) {
            unsafe dds_create_topic(participant, $0, name, nil, nil)
        }
    }

    public func write(to writer: Int32) -> Int32 {
        let memory = WireMemory()
        return unsafe memory.write(wire(in: memory), to: writer)
    }

    func wire(in memory: WireMemory) -> tf2_msgs_msg_dds__TFMessage_ {
        var stamped = unsafe geometry_msgs_msg_dds__TransformStamped_()
        unsafe stamped.header = header.wire(in: memory)
        unsafe stamped.child_frame_id = memory.string(childFrame)
        unsafe stamped.transform.translation = .init(transform.position)
        unsafe stamped.transform.rotation = .init(transform.attitude)
        var wire = unsafe tf2_msgs_msg_dds__TFMessage_()
        unsafe wire.transforms._buffer = memory.array([stamped])
        unsafe (wire.transforms._maximum, wire.transforms._length) = (1, 1)
        return unsafe wire
    }
}
