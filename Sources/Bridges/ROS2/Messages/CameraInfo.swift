internal import CCycloneDDS
internal import CROSMessages

/// sensor_msgs/CameraInfo of a camera whose pictures are not rectified: R is the identity, P is K without an offset.
public struct CameraInfo: Message, Equatable {
    public var header: Header
    /// Pixels.
    public var width: UInt32
    /// Pixels.
    public var height: UInt32
    /// `plumb_bob`, `rational_polynomial` or `equidistant`.
    public var distortionModel: String
    /// The model's coefficients, in ROS's order.
    public var distortion: [Double]
    /// Pixels.
    public var focalLength: SIMD2<Double>
    /// Pixels, from the centre of the top-left one.
    public var principalPoint: SIMD2<Double>

    public init(
        header: Header, width: UInt32, height: UInt32, distortionModel: String, distortion: [Double],
        focalLength: SIMD2<Double>, principalPoint: SIMD2<Double>
    ) {
        (self.header, self.width, self.height) = (header, width, height)
        (self.distortionModel, self.distortion) = (distortionModel, distortion)
        (self.focalLength, self.principalPoint) = (focalLength, principalPoint)
    }

    public static let hash = "RIHS01_b3dfd68ff46c9d56c80fd3bd4ed22c7a4ddce8c8348f2f59c299e73118e7e275"

    public static func createTopic(_ participant: Int32, _ name: String) -> Int32 {
        unsafe withUnsafePointer(to: sensor_msgs_msg_dds__CameraInfo__desc) {
            unsafe dds_create_topic(participant, $0, name, nil, nil)
        }
    }

    public func write(to writer: Int32) -> Int32 {
        let memory = WireMemory()
        return unsafe memory.write(wire(in: memory), to: writer)
    }

    func wire(in memory: WireMemory) -> sensor_msgs_msg_dds__CameraInfo_ {
        let (f, c) = (focalLength, principalPoint)
        var wire = unsafe sensor_msgs_msg_dds__CameraInfo_()
        unsafe wire.header = header.wire(in: memory)
        unsafe (wire.width, wire.height) = (width, height)
        unsafe wire.distortion_model = memory.string(distortionModel)
        unsafe wire.d._buffer = memory.array(distortion)
        unsafe wire.d._length = UInt32(distortion.count)
        unsafe wire.d._maximum = UInt32(distortion.count)
        unsafe fill(&wire.k, with: [f.x, 0, c.x, 0, f.y, c.y, 0, 0, 1])
        unsafe fill(&wire.r, with: [1.0, 0, 0, 0, 1, 0, 0, 0, 1])
        unsafe fill(&wire.p, with: [f.x, 0, c.x, 0, 0, f.y, c.y, 0, 0, 0, 1, 0])
        return unsafe wire
    }
}
