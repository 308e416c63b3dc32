public import Geometry
public import Integrity

/// What one frame gave. A plain value: nothing in it allocates.
public struct Localization: Sendable {
    /// Whether there is a pose, and how far it is to be trusted.
    public enum State: UInt8, Sendable {
        /// A pose that passed every gate.
        case localized
        /// A pose that passed every gate, on weak evidence: see `DegradationOptions`.
        case degraded
        /// No pose: this is an answer, not an error.
        case lost
    }

    /// How the place was found in which a frame was localized.
    public enum Source: UInt8, Sendable {
        /// There is no pose.
        case none
        /// Matched straight against the cached place; the global branch did not run.
        case cachedPlace
        /// Found through prior frames.
        case retrieval
        /// The landmarks of the last learned frame were followed in the picture; the network did not run, or will say
        /// something of it later.
        case followed
    }

    /// What the frame's answer is.
    public var state = State.lost
    /// Present exactly if the state is localized or degraded.
    public var cameraFromMap: RigidTransform?
    /// Of the camera in the axes of the map: position (metres), then rotation about the map's axes (radians).
    public var covariance = SymmetricMatrix6.zero
    /// Where the pose came from; `.none` if there is none.
    public var source = Source.none
    /// The gate that the best attempt failed, or for which the pose is degraded; `.none` if it is localized.
    public var failedGate = Gate.none
    /// How many keypoints the frame has: few in a dark, blurred or empty image.
    public var keypoints = 0
    /// Correspondences of the best attempt, right and wrong.
    public var matches = 0
    /// Correspondences of the best attempt that its pose explains.
    public var inliers = 0
    /// Landmarks of the place that the pose expects in the image: how many of them the inliers are tells how much of
    /// the place was recognized. 0 before any guided match.
    public var landmarksInView = 0
    /// Share of the image that the inliers cover, 0...1.
    public var spread = 0.0
    /// Of the guided matches within 24 px of their projections, the share within 3 px, 0...1: residuals before they are
    /// cut.
    public var purity = 0.0
    /// Share of the inliers that the camera sees from nearer, or from farther, than any keyframe did, 0...1.
    public var beyond = 0.0
    /// The keyframe that the pose is at; nil if there is none.
    public var keyframe: Int?
    /// Inliers of the best pose elsewhere over those of the pose, 0...1; 0 if none was looked for, or found.
    public var rivalShare = 0.0
    /// The keyframe that that pose is at.
    public var rivalKeyframe: Int?
    /// What is wrong with the picture, if the gate is `.input`.
    public var defect: PictureDefect?
    /// How far the position (metres) and the rotation (radians) may be off, but for one frame in a thousand.
    public var protectionLevel = (position: 0.0, rotation: 0.0)
    /// Pose and camera that explain the frame best together; nil where they are open, or were not asked for: a tracked
    /// frame's every fourth time.
    public var freeCamera: FreeCameraEstimate?
    /// Chi square of that camera against the one that is given, three degrees of freedom; 0 without one.
    public var calibrationChiSquare = 0.0
    /// How many places were matched as a whole: what a frame that is not tracked costs.
    public var verifications = 0
    /// Root mean square of the inliers' reprojection errors, pixels of the network's input.
    public var reprojectionRMS = 0.0
    /// Incremented each time a pose does not continue the motion before it: after a loss, or a jump.
    public var resetCounter: UInt32 = 0
    /// What the frame did about the network: told so again, another localizer of the same state gives the same.
    public var turn = NetworkTurn.atOnce
    /// Where the frame's time went.
    public var latencies = Latencies()

    /// Why there is no pose, or a degraded one, in one sentence for people; empty if it is localized. A literal.
    public var explanation: String {
        failedGate == .input ? defect?.explanation ?? failedGate.explanation : failedGate.explanation
    }

    /// Share of the best attempt's correspondences that are inliers, 0...1; 0 if there are none.
    public var inlierRatio: Double { matches > 0 ? Double(inliers) / Double(matches) : 0 }

    /// A frame that has not been looked at: lost.
    public init() {}

    /// What the best attempt showed.
    mutating func take(_ evidence: Evidence) {
        failedGate = evidence.failedGate
        (matches, inliers) = (evidence.matches, evidence.inliers)
        (landmarksInView, spread) = (evidence.landmarksInView, evidence.spread)
        (reprojectionRMS, purity, beyond) = (evidence.reprojectionRMS, evidence.purity, evidence.beyond)
    }
}

/// Nanoseconds each stage of a frame took.
public struct Latencies: Sendable {
    /// Reduction, trunk, detector, keypoints and their descriptors.
    public var localFeatures: UInt64 = 0
    /// The global branch; 0 if it did not run.
    public var globalDescriptor: UInt64 = 0
    /// Scan of the map's global descriptors, and clustering into places; 0 if it did not run.
    public var retrieval: UInt64 = 0
    /// All attempts, with the loading of the places.
    public var matching: UInt64 = 0
    /// Sampling and refinement, all attempts.
    public var poseEstimation: UInt64 = 0
    /// From the image to the answer: more than the sum of the stages by what lies between them.
    public var total: UInt64 = 0

    /// All zero.
    public init() {}
}
