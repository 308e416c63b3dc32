/// What the localizer tries, and what it demands of a pose before it is published.
///
/// All lengths in pixels are of the network's input. A ``Limited`` quantity can be configured; the others were chosen
/// by measurement and are for tests and experiments.
public struct LocalizerOptions: Sendable, Equatable {
    /// Most keypoints of a query, best first.
    @Limited(to: 16...8192) public var maximumKeypoints = 1000
    /// Long side of the network's input, pixels; larger images are reduced to it.
    public var longSide = 640
    /// Prior frames that retrieval proposes (HF-Net: 10).
    @Limited(to: 1...1000) public var priors = 10
    /// Keyframes of the cached place: the reference and its strongest covisible neighbours.
    @Limited(to: 1...100) public var cachedKeyframes = 8
    /// Largest reprojection error of an inlier, pixels of the network's input.
    public var inlierThreshold = 5.0
    /// While tracking, how far from its predicted pixel a landmark is looked for.
    public var searchRadius = 24.0
    /// The same once a pose is known, pass after pass. Tracking begins with the second: its search was the first.
    public var refinementRadii = [12.0, 6.0, 3.0]
    /// A tracked pose with a smaller share of the landmarks in view than this share of what the place has shown before
    /// is checked against the whole cached place, and against retrieval.
    public var leastKept = 0.7
    /// With a smaller share than this the cached place is out of sight: retrieval is asked at once.
    public var leastSeen = 0.1
    /// Frames whose motion must agree before a pose is localized, at the start and after a loss; until then it is
    /// degraded. 1: every image by itself.
    @Limited(to: 1...100) public var agreement = 3
    /// Keypoints, the strongest ones, with which a whole place is tried first; if no place is found by them, all are
    /// used.
    public var firstKeypoints = 400
    /// Places that a frame verifies when the frame before gave no pose, with no more matching than one place of all
    /// priors costs by all keypoints.
    public var lostVerifications = 3
    /// Frames in a row without a pose after which the cached place and the motion are forgotten.
    @Limited(to: 1...1000) public var failuresUntilLost = 5
    /// Most frames in a row that only follow the landmarks of the last learned frame, one that the network has seen; 0:
    /// the network sees every frame.
    @Limited(to: 0...30) public var cheapFrames = 0
    /// What a cheap frame must show.
    public var following = FollowingOptions()
    /// What a pose must pass to be published.
    public var gates = GateOptions()
    /// When a published pose counts as degraded.
    public var degradation = DegradationOptions()

    /// The defaults, which are also the configuration's.
    public init() {}
}
