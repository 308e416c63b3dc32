/// A keypoint: a corner-like point of an image, in pixels of the network's input image (centre of the top-left pixel =
/// (0, 0)).
public struct Keypoint: Sendable, Equatable {
    public var x: Float
    public var y: Float
    /// The detector's probability that this pixel is a keypoint, 0...1.
    public var score: Float

    public init(x: Float, y: Float, score: Float) {
        self.x = x
        self.y = y
        self.score = score
    }
}

/// The keypoints of one image, best first, with their local descriptors.
///
/// Reused across frames: `reserve` once.
public struct LocalFeatures: Sendable {
    /// Length of one descriptor.
    public let dimension: Int
    public var keypoints: [Keypoint]
    /// `keypoints.count * dimension` values: unit vectors times 256, saturated to -127...127 (Model.md).
    public var descriptors: [Int8]

    public init(dimension: Int, capacity: Int = 0) {
        self.dimension = dimension
        keypoints = []
        descriptors = []
        reserve(capacity)
    }

    public var count: Int { keypoints.count }

    public mutating func reserve(_ capacity: Int) {
        keypoints.reserveCapacity(capacity)
        descriptors.reserveCapacity(capacity * dimension)
    }
}

/// The global descriptor of an image: a unit vector as int8 with its own scale.
public struct GlobalDescriptor: Sendable {
    /// Component `i` is `Float(values[i]) * scale`.
    public var values: [Int8]
    public var scale: Float

    public init(dimension: Int) {
        values = [Int8](repeating: 0, count: dimension)
        scale = 1
    }
}
