/// A keypoint: a corner-like point of an image, in pixels of the network's input image (centre of the top-left pixel =
/// (0, 0)).
public struct Keypoint: Sendable, Equatable {
    /// Pixels from the left; sub-pixel, as the detector's peak is interpolated.
    public var x: Float
    /// Pixels from the top; sub-pixel as well.
    public var y: Float
    /// The detector's probability that this pixel is a keypoint, 0...1.
    public var score: Float

    /// A keypoint at a pixel of the network's input.
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
    /// Components of one local descriptor, as the model file says (64 in the released model).
    public let dimension: Int
    /// By falling score; keypoint `i` owns the descriptor that begins at `i * dimension`.
    public var keypoints: [Keypoint]
    /// `keypoints.count * dimension` values: unit vectors times 256, saturated to -127...127 (Model.md).
    public var descriptors: [Int8]

    /// No keypoints, with memory for `capacity` of them.
    public init(dimension: Int, capacity: Int = 0) {
        self.dimension = dimension
        keypoints = []
        descriptors = []
        reserve(capacity)
    }

    /// How many keypoints the image gave.
    public var count: Int { keypoints.count }

    /// Takes memory for `capacity` keypoints and their descriptors, so that filling them up to there allocates nothing.
    public mutating func reserve(_ capacity: Int) {
        keypoints.reserveCapacity(capacity)
        descriptors.reserveCapacity(capacity * dimension)
    }
}

/// The global descriptor of an image: a unit vector as int8 with its own scale.
public struct GlobalDescriptor: Sendable {
    /// Component `i` is `Float(values[i]) * scale`.
    public var values: [Int8]
    /// What one step of a value is worth in the unit vector.
    public var scale: Float

    /// All zeros, of `dimension` components: memory for a network to write into.
    public init(dimension: Int) {
        values = [Int8](repeating: 0, count: dimension)
        scale = 1
    }
}
