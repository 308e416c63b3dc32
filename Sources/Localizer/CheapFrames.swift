internal import Features
internal import Following
internal import Geometry
internal import Integrity
internal import LocalizationOptions
internal import Matching
internal import PoseEstimation

/// What a localizer keeps for its cheap frames: the landmarks that it follows, and what the learned frame said of its
/// pose.
struct CheapFrames {
    let follower: LandmarkFollower
    let estimator: PoseEstimator
    var cells = PoseCovariance()
    /// Of a learned frame.
    var matches: [Correspondence] = []
    /// What was published of the learned frame; nil if nothing is followed.
    var learned: Hypothesis?
    /// Cheap frames since.
    var count = 0
    /// The network sees the next frame.
    var isSpent = false
    /// Which picture the network sees behind the frames; nil if it sees none.
    var asked: AskedPicture?
    /// Of that picture, in pixels of the camera.
    var seams: [PictureSeam] = []
    var distances: [Double] = []

    /// Allocates everything; nil if the machine has no kernels for it.
    init?(camera: Camera, options: LocalizerOptions) {
        let most = options.following.landmarks
        guard let follower = LandmarkFollower(camera: camera, landmarks: most, matches: options.maximumKeypoints) else {
            return nil
        }
        self.follower = follower
        estimator = PoseEstimator(capacity: most)
        estimator.options.maximumReprojectionError = options.inlierThreshold
        matches.reserveCapacity(options.maximumKeypoints)
        distances.reserveCapacity(most)
        seams.reserveCapacity(16)
    }

    /// Nothing is followed any more, and what the network sees behind the frames is of no use.
    mutating func forget() {
        follower.forget()
        (learned, asked) = (nil, nil)
    }
}

/// How well what was found agrees with a pose.
struct FollowedEvidence {
    /// Within the threshold of where the pose puts it.
    var inliers = 0
    /// Of all that were followed, those that the pose puts into the picture.
    var inView = 0
    /// Of all that were found, pixels.
    var median = 0.0

    /// Share of the landmarks in view that are inliers.
    var share: Double { Double(inliers) / Double(max(inView, 1)) }

    /// Whether it is enough for a pose.
    func passes(_ options: FollowingOptions, of followed: Int) -> Bool {
        inliers >= options.minimumInliers && share >= options.minimumShare
            && Double(inView) >= options.minimumInView * Double(followed) && median <= options.maximumMedian
    }

    /// Whether the next frame must be learned.
    func isFading(_ options: FollowingOptions, of followed: Int) -> Bool {
        share < options.renewalShare || Double(inView) < options.renewalInView * Double(followed)
    }
}
