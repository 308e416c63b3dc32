/// What a frame must show whose pose comes from followed landmarks; else the network sees it. Chosen by measurement
/// (Speed.md); for tests and experiments.
public struct FollowingOptions: Sendable, Equatable {
    /// Most landmarks that are followed from one learned frame.
    public var landmarks = 200
    /// Fewest landmarks within ``inlierThreshold`` of the pose.
    public var minimumInliers = 60
    /// Least share of the landmarks in view that are.
    public var minimumShare = 0.4
    /// Least share of the followed landmarks that are still in view.
    public var minimumInView = 0.5
    /// Largest median distance of what was found from where the pose puts it, pixels.
    public var maximumMedian = 0.5
    /// Distance from there of an inlier, pixels.
    public var inlierThreshold = 1.0
    /// With a smaller share of inliers the next frame is learned.
    public var renewalShare = 0.6
    /// With a smaller share of the followed landmarks in view the next frame is learned.
    public var renewalInView = 0.7

    /// The defaults.
    public init() {}
}
