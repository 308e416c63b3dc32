/// What a pose must pass, in the order of the cases. A pose that fails one is not published; which one, is.
public enum Gate: UInt8, Sendable, CaseIterable {
    case none
    /// Too few correspondences for any pose.
    case matches
    /// Too few of them agree on one pose.
    case inliers
    case inlierRatio
    /// The inliers lie too close together in the image.
    case spread
    case reprojection
}

/// The thresholds of the gates.
public struct GateOptions: Sendable {
    /// Inliers that a pose from retrieval needs, and one from the cached place, where chance matches are rarer.
    public var minimumInliers = 20
    public var minimumTrackedInliers = 15
    /// Share of the correspondences that are inliers.
    public var minimumInlierRatio = 0.15
    /// Share of the image that the inliers cover, 0...1.
    public var minimumSpread = 0.08
    /// Root mean square of the inliers' reprojection errors, pixels.
    public var maximumReprojectionRMS = 4.0

    public init() {}

    /// The first gate that the evidence in `result` fails, or `.none`.
    package func firstFailed(by result: Localization, minimumInliers: Int) -> Gate {
        if result.inliers < minimumInliers { return .inliers }
        if result.inlierRatio < minimumInlierRatio { return .inlierRatio }
        if result.spread < minimumSpread { return .spread }
        if result.reprojectionRMS > maximumReprojectionRMS { return .reprojection }
        return .none
    }
}
