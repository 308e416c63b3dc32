public import Errors
public import Inference
public import Matching
public import ReferenceMap

/// What the localizer tries, and what it demands of a pose before it is published.
public struct LocalizerOptions: Sendable {
    /// Most keypoints of a query, best first.
    public var maximumKeypoints = 1000
    /// Long side of the network's input, pixels; larger images are reduced to it.
    public var longSide = 640
    /// Prior frames that retrieval proposes: the keyframes whose global descriptors are most like the frame's.
    public var priors = 10
    /// Keyframes of the cached place: the reference and its strongest covisible neighbours.
    public var cachedKeyframes = 8
    /// Largest reprojection error of an inlier, pixels of the network's input.
    public var inlierThreshold = 5.0
    /// While tracking, how far from its predicted pixel a landmark is looked for.
    public var searchRadius = 24.0
    /// The same once a pose is known, pass after pass. Tracking begins with the second: its search was the first.
    public var refinementRadii = [12.0, 6.0, 3.0]
    /// A tracked pose with a smaller share of the inliers of the frame before is checked against the whole cached
    /// place, and against retrieval.
    public var leastInliersKept = 0.7
    /// With a smaller share than this the cached place is out of sight: retrieval is asked at once.
    public var leastInliersSeen = 0.1
    /// Keypoints, the strongest ones, with which a whole place is tried first; if no place is found by them, all are
    /// used.
    public var firstKeypoints = 400
    /// Places that a frame verifies when the frame before gave no pose, with no more matching than one place of all
    /// priors costs by all keypoints.
    public var lostVerifications = 3
    /// Frames in a row without a pose after which the cached place and the motion are forgotten.
    public var failuresUntilLost = 5
    /// What a match of descriptors must pass.
    public var matching = MatchingOptions()
    /// What a pose must pass to be published.
    public var gates = GateOptions()
    /// When a published pose counts as degraded.
    public var degradation = DegradationOptions()

    /// The defaults, which are also the configuration's.
    public init() {}
}

/// Why a localizer cannot be made of a model, a map and a camera.
public enum LocalizerError: Error, Sendable, CustomStringConvertible {
    /// The map is damaged, or does not go with the model.
    case map(MapError)
    /// The model cannot be used, or its input is too small for the camera's image.
    case model(ModelError)

    public var description: String {
        switch self {
        case .map(let error): error.description
        case .model(let error): error.description
        }
    }
}

extension LocalizerError: ReportedError {
    public var exitStatus: ExitStatus {
        switch self {
        case .map(let error): error.exitStatus
        case .model(let error): error.exitStatus
        }
    }
}
