// Written by tools/generate/generate-wire from hfloc/v1/preview.proto. Not to be changed by hand.
// swift-format-ignore-file

extension Wire {
    /// A frame and its keypoints. Positions are pixels of the frame as it was localized, `width` x `height`, as
    /// CameraInfo has them: x and y of each keypoint in turn.
    public struct Preview: Sendable, Equatable {
        /// Of the Localization that answers the frame.
        public var sequence: UInt64 = 0
        /// As in Localization.
        public var sessionID: UInt64 = 0
        /// As in Localization.
        public var captureMonotonicNs: UInt64 = 0
        /// Pixels of the frame: what positions count in.
        public var width: UInt32 = 0
        /// The same.
        public var height: UInt32 = 0
        /// The grey picture, smaller by half.
        public var jpeg: [UInt8] = []
        /// Keypoints that the pose explains.
        public var inliers: [Double] = []
        /// Keypoints that were matched with landmarks which the pose puts elsewhere; without a pose, all that were
        /// matched.
        public var misses: [Double] = []
        /// Keypoints that were matched with nothing.
        public var unmatched: [Double] = []

        public init() {}
    }
}

extension Wire.Preview: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, sequence)
        wire.fixed64(2, sessionID)
        wire.fixed64(3, captureMonotonicNs)
        wire.varint(4, UInt64(width))
        wire.varint(5, UInt64(height))
        wire.string(6, jpeg)
        wire.packedDoubles(7, count: inliers.count)
        for value in inliers { wire.element(value) }
        wire.packedDoubles(8, count: misses.count)
        for value in misses { wire.element(value) }
        wire.packedDoubles(9, count: unmatched.count)
        for value in unmatched { wire.element(value) }
    }
}
