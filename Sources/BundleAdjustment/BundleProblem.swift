public import Geometry

/// What is seen and what is known beforehand: the residuals of a bundle adjustment.
///
/// Its cost is the sum over all observations of the robust loss of the reprojection error over ``pixelSigma``, plus the
/// priors' squared residuals over their sigmas: twice the negative logarithm of the likelihood (Triggs et al. 2000,
/// section 3).
public struct BundleProblem: Sendable {
    /// A keypoint that shows a point.
    public struct Observation: Sendable, Equatable {
        /// Index into ``BundleState/poses``.
        public var pose: Int32
        /// Index into ``BundleState/points``.
        public var point: Int32
        /// Pixels of the pose's camera, distortion included.
        public var pixel: Vector2

        /// A keypoint at `pixel` of the image with the pose of that number, of the point of that number.
        public init(pose: Int32, point: Int32, pixel: Vector2) {
            self.pose = pose
            self.point = point
            self.pixel = pixel
        }
    }

    /// Ascending by point; a point is seen at most once in an image.
    public private(set) var observations: [Observation]
    /// For each pose, its index into ``BundleState/cameras``.
    public private(set) var cameraOfPose: [Int]
    /// Standard deviation of a keypoint, pixels. Neighbouring keypoints err alike, and truth and camera never agree
    /// wholly, so it stands for more than a keypoint's own error.
    public var pixelSigma = 1.0
    /// Of the reprojection error, in units of ``pixelSigma``.
    public var loss = RobustLoss.cauchy(scale: 2)
    /// What is known of the poses beforehand.
    public var priors: [PosePrior] = []
    /// Standard deviation of the rotation that all ``PosePrior/rotation(pose:cameraFromMap:sigma:)`` share, radians
    /// about each axis: how the camera is mounted against the frame that the priors are of. Nil: there is none.
    public var boresightSigma: Double?
    /// What is known of each camera beforehand, in the order of ``BundleState/cameras``. Empty: no camera moves.
    public var cameraPriors: [CameraPrior] = []
    /// Poses that stay as they are.
    public var fixedPoses: Set<Int> = []
    let pointStarts: [Int]
    let observationsOfPose: [[Int32]]

    /// - Parameters:
    ///   - observations: ascending by point.
    ///   - cameraOfPose: for each pose, its camera.
    ///   - pointCount: how many points there are, also such as nothing observes.
    public init(observations: [Observation], cameraOfPose: [Int], pointCount: Int) {
        self.observations = observations
        self.cameraOfPose = cameraOfPose
        var starts = [Int](repeating: 0, count: pointCount + 1)
        var ofPose = [[Int32]](repeating: [], count: cameraOfPose.count)
        var last: Int32 = 0
        for (number, observation) in observations.enumerated() {
            precondition(observation.point >= last, "BundleProblem: observations ascend by point")
            last = observation.point
            starts[Int(observation.point) + 1] += 1
            ofPose[Int(observation.pose)].append(Int32(number))
        }
        for point in 0..<pointCount { starts[point + 1] += starts[point] }
        pointStarts = starts
        observationsOfPose = ofPose
    }

    /// How many points there are.
    public var pointCount: Int { pointStarts.count - 1 }
    /// How many poses there are.
    public var poseCount: Int { cameraOfPose.count }

    /// Per pose, those of a greater number that share a point or a prior with it, ascending.
    var coupledPoses: [[Int32]] {
        var coupled = [Set<Int32>](repeating: [], count: poseCount)
        for point in 0..<pointCount {
            let seen = observations[pointStarts[point]..<pointStarts[point + 1]].map(\.pose).sorted()
            for (i, a) in seen.enumerated() { coupled[Int(a)].formUnion(seen[(i + 1)...]) }
        }
        for case .relative(let from, let to, _, _, _) in priors where from != to {
            coupled[min(from, to)].insert(Int32(max(from, to)))
        }
        return coupled.map { $0.sorted() }
    }
}

/// What is known of a camera beforehand.
public struct CameraPrior: Sendable {
    /// As calibrated.
    public var camera: Camera
    /// Standard deviations of its first parameters, at most eight, in the order of `Camera.parameters`; zero for one
    /// that stays, as do those beyond.
    public var sigmas: [Double]

    /// A camera as calibrated, and how far each of its first parameters may be off.
    public init(camera: Camera, sigmas: [Double]) {
        self.camera = camera
        self.sigmas = sigmas
    }
}

/// The unknowns of a bundle adjustment.
public struct BundleState: Sendable {
    /// `cameraFromMap` of each image, perturbed from the left (`Twist`).
    public var poses: [RigidTransform]
    /// Positions in the map frame, metres.
    public var points: [Vector3]
    /// Intrinsics; they move only where ``BundleProblem/cameraPriors`` let them.
    public var cameras: [Camera]
    /// Turns the frame of the rotation priors into the camera's: identity where the priors are of the camera itself.
    public var boresight = Rotation.identity

    /// A start.
    public init(poses: [RigidTransform], points: [Vector3], cameras: [Camera]) {
        self.poses = poses
        self.points = points
        self.cameras = cameras
    }
}
