public import Geometry

/// Which pairs of images are matched.
public enum PairChoice: Sendable, Equatable {
    /// Every pair of up to ``MappingOptions/exhaustiveLimit`` images, else the nearest.
    case automatic
    /// Every pair, however many there are: half the square of the number of images.
    case exhaustive
    /// Each image with this many nearest by position that look the same way, and half as many by global descriptor.
    case nearest(Int)
}

/// How a map is built. The defaults are those of the figures in the documentation.
public struct MappingOptions: Sendable, Equatable {
    /// Most keypoints per image.
    public var keypoints = 2000
    /// What ``keypoints`` may be.
    public static let allowedKeypoints = 16...8192
    /// Which pairs are matched: most of the time of a build goes there.
    public var pairs = PairChoice.automatic
    /// `automatic` matches every pair of at most this many images.
    public var exhaustiveLimit = 60
    /// `automatic` matches each of more images with this many nearest ones.
    public var neighbours = 20
    /// Images by position are paired when their optical axes are less than this apart, radians.
    public var largestPairAngle = Double.pi / 3
    /// Least cosine of the descriptors of a match.
    public var leastSimilarity: Float = 0.5
    /// Greatest ratio of the distances to the nearest and the second nearest descriptor; 1 accepts every match.
    public var largestRatio: Float = 1
    /// Farthest that a match may be from its epipolar line, in either image, pixels of the input image.
    public var epipolarTolerance = 3.0
    /// Pairs with fewer matches after the epipolar check are not used.
    public var leastPairMatches = 12
    /// Farthest that an observation may be from its landmark's projection, pixels of the input image: about three times
    /// a keypoint's own error. Poses that are less exact than that need more.
    public var reprojectionTolerance = 2.5
    /// Least angle between two of a landmark's rays, radians.
    public var leastAngle = Double.pi / 180
    /// Least observations of a landmark.
    public var leastObservations = 2
    /// Least landmarks that neighbours in the covisibility graph share.
    public var minimumShared = 15
    /// Images with fewer landmarks are named in the summary's warnings.
    public var fewLandmarks = 50

    /// Where the map frame's origin is on the Earth. With satellite fixes of the images: where it is to be; nil puts it
    /// in their midst.
    public var origin: GeodeticPosition?
    /// Whether satellite fixes tell the unit of the poses, which otherwise is the metre.
    public var fixesGiveScale = false
    /// By whose clusters the keyframes' global descriptors are made.
    public var clusters = ClusterChoice.own
    /// How the given poses are refined; nil takes them as they are.
    public var refinement: RefinementOptions?

    /// The defaults.
    public init() {}
}
