/// How good a map is, as leave-one-out localization of its own keyframes found it (`hfloc map check`): each is
/// localized without its own observations, and compared with its pose.
///
/// What the gates, the covariance and the protection level of a frame go by. Of a map that was not checked the values
/// are the defaults below, and say so by their verdict.
public struct MapQuality: Sendable, Equatable {
    /// What it comes to.
    public enum Verdict: String, Sendable, CaseIterable {
        /// The map says nothing of itself: it was made without a check, or by an earlier program.
        case unchecked
        /// Keyframes are found where they are, as exactly as the covariance says.
        case good
        /// Too few keyframes are found, or their errors are wide: poses near them are to be taken with care.
        case weak
        /// The images contradict the poses or the camera: poses in this map must not be believed.
        case contradicted
    }

    /// What it comes to.
    public var verdict = Verdict.unchecked
    /// Keyframes that were localized without their own observations, and those of them that were found.
    public var tried = 0
    public var found = 0
    /// Of the found: another pose explains as much as the right one.
    public var ambiguous = 0
    /// What the variance of a position by `PoseCovariance` is to be multiplied by: the 80th percentile of the squared
    /// Mahalanobis distances over that of chi square.
    public var positionFactor = MapQuality.defaultFactor
    /// The same of the rotation.
    public var rotationFactor = MapQuality.defaultFactor
    /// The same of a free camera's covariance.
    public var calibrationFactor = MapQuality.defaultFactor
    /// Standard deviations, with the factors, that a protection level holds.
    public var levelMultiple = MapQuality.defaultLevelMultiple
    /// Root mean square of log f of the free cameras: .01 is one per cent of the focal length.
    public var focalSpread = 0.0
    /// Purity of the found keyframes: the fifth percentile, and the median.
    public var purity = (low: MapQuality.defaultPurity.low, median: MapQuality.defaultPurity.median)
    /// Error of the found keyframes' positions, metres.
    public var positionError = (median: 0.0, worst: 0.0)
    /// Of their rotations, radians.
    public var rotationError = (median: 0.0, worst: 0.0)

    /// Of a map that was not checked: the median of those at hand (Integrity.md).
    public static let defaultFactor = 3.0
    /// Of a map that was not checked.
    public static let defaultLevelMultiple = 4.5
    /// Of a map that was not checked.
    public static let defaultPurity = (low: 0.75, median: 0.88)

    /// Of a map that was not checked.
    public init() {}

    /// Share of the keyframes tried that were found; 1 where none was.
    public var recall: Double { tried > 0 ? Double(found) / Double(tried) : 1 }

    public static func == (a: Self, b: Self) -> Bool { a.metadata == b.metadata }
}

/// What leave-one-out found at one keyframe.
public struct KeyframeQuality: Sendable, Equatable {
    /// Whether it was localized without its own observations.
    public var isTried = false
    /// Whether a pose was found; what follows is zero if not.
    public var isFound = false
    /// Whether another pose, more than .3 m or 5 degrees away, explains as much.
    public var isAmbiguous = false
    /// Squared Mahalanobis distance of its position by `PoseCovariance`, over the expected 80th percentile.
    public var positionFactor: Float = 0
    /// Of its rotation.
    public var rotationFactor: Float = 0
    /// Share of the wide search's matches that agree.
    public var purity: Float = 0
    /// Of its free camera.
    public var logFocal: Float = 0

    /// A keyframe that was not tried.
    public init() {}
}
