public import Features
public import Geometry

/// Estimates camera poses from correspondences: P3P in a locally optimized RANSAC, robust refinement, covariance.
///
/// Samples in the order of quality (PROSAC), scores by truncated squared reprojection error (MSAC), gives up wrong
/// poses early (SPRT), refines every new best pose on its inliers (Chum, Matas, Kittler, "Locally optimized RANSAC",
/// 2003), stops when a better pose is improbable. Deterministic.
///
/// All storage is sized at the start; a call allocates nothing as long as it is given at most `capacity`
/// correspondences. One estimator serves one thread.
public final class PoseEstimator {
    /// What a call demands and may cost.
    public var options: PoseEstimationOptions

    /// After a successful call: which of the given correspondences are inliers, by their index.
    public internal(set) var isInlier: [Bool] = []

    /// Usable correspondences in shuffled order, as they were given.
    var correspondences: [Correspondence] = []
    /// Of those, the index in the caller's list.
    var originalIndices: [Int32] = []
    /// Of those, the ray.
    var bearings: [Vector3] = []
    /// Of those, four by four, what scores a pose.
    var blocks: [ReprojectionBlock] = []
    /// Positions in `correspondences`, best quality first.
    var ranking: [Int32] = []
    /// Blocks of the inliers being refined.
    var inlierBlocks: [ReprojectionBlock] = []
    /// Scratch for medians.
    var scratch: [Double] = []
    /// Inliers being refined, positions in `correspondences`.
    var selected: [Int32] = []
    /// What the last call did, also one that gave no pose.
    public internal(set) var statistics = PoseEstimationStatistics()

    /// An estimator for up to `capacity` correspondences a call; more are possible but allocate.
    public init(capacity: Int, options: PoseEstimationOptions = PoseEstimationOptions()) {
        self.options = options
        isInlier.reserveCapacity(capacity)
        correspondences.reserveCapacity(capacity)
        originalIndices.reserveCapacity(capacity)
        bearings.reserveCapacity(capacity)
        blocks.reserveCapacity((capacity + 3) / 4)
        ranking.reserveCapacity(capacity)
        inlierBlocks.reserveCapacity((capacity + 3) / 4)
        scratch.reserveCapacity(capacity)
        selected.reserveCapacity(capacity)
    }

    /// The pose most correspondences agree on, or nil when none has enough support: lost is a value, not an error.
    ///
    /// - Parameters:
    ///   - correspondences: pixels with points of the map, many of them possibly wrong.
    ///   - camera: the camera of the image that the pixels are in.
    public func estimate(_ correspondences: [Correspondence], camera: Camera) -> PoseEstimate? {
        prepare(correspondences, camera, forSampling: true)
        guard self.correspondences.count >= max(options.minimumInliers, 4), let pose = search() else { return nil }
        return finish(pose, camera)
    }

    /// The pose near `prior` that the correspondences agree on, without sampling: for tracking, where most of them are
    /// right and the prior is off by little (tens of pixels). Nil when too few agree.
    ///
    /// The prior is a start only; it adds no information to the pose or to its covariance.
    /// - Parameters:
    ///   - prior: `cameraFromMap` as predicted.
    ///   - correspondences: pixels with points of the map.
    ///   - camera: the camera of the image that the pixels are in.
    public func refine(
        from prior: RigidTransform, _ correspondences: [Correspondence], camera: Camera
    ) -> PoseEstimate? {
        prepare(correspondences, camera, forSampling: false)
        guard self.correspondences.count >= max(options.minimumInliers, 4) else { return nil }
        return finish(converge(from: prior), camera)
    }

    /// The pose near `prior` that the correspondences draw to, and how many of them are then within the threshold:
    /// where to match next, not a pose to believe. Nil when too few agree. Leaves `isInlier` all false.
    ///
    /// A fifth of the cost of ``refine(from:_:camera:)``: no covariance, no test against chance,
    /// distortion to first order.
    public func approach(
        from prior: RigidTransform, _ correspondences: [Correspondence], camera: Camera
    ) -> PoseApproach? {
        prepare(correspondences, camera, forSampling: false)
        guard self.correspondences.count >= max(options.minimumInliers, 4) else { return nil }
        let found = fullScore(converge(from: prior))
        guard found.inliers >= options.minimumInliers else { return nil }
        return PoseApproach(cameraFromMap: found.pose, inlierCount: found.inliers)
    }
}
