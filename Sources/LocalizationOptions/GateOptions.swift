/// The thresholds of the gates.
public struct GateOptions: Sendable, Equatable {
    /// Inliers that a pose found through retrieval needs.
    @Limited(to: 6...1000) public var minimumInliers = 20
    /// Inliers that a pose in the cached place needs: chance matches are rarer there.
    @Limited(to: 6...1000) public var minimumTrackedInliers = 15
    /// Share of the image that the inliers cover: of the cells of a grid of 8x8, those that have one.
    @Limited(to: 0...1) public var minimumSpread = 0.15
    /// Share of the landmarks that the pose expects in the image that are inliers. On the sample's second drive right
    /// poses have 0.12 or more, wrong ones (from a car like one of the map's) 0.04 or less.
    @Limited(to: 0...1) public var minimumRecognition = 0.08
    /// Inliers of the best other pose over those of the pose: above it, the place is ambiguous. Right images have .31
    /// at most, a place that the map has twice 1.
    @Limited(to: 0...1) public var maximumRivalShare = 0.5
    /// Share of the inliers that the camera sees from nearer, or farther, than any keyframe did: above it the pose is
    /// withheld, above three fifths of it degraded. Inside of maps .1; 3.6 m past the end of a street .3, 8 m .55.
    @Limited(to: 0...1) public var maximumBeyond = 0.5
    /// Purity over what the place gives: below it a pose is degraded. Right images have .92 or more on clean frames, a
    /// mirrored one .52 to .85.
    @Limited(to: 0...1) public var minimumPurity = 0.7
    /// Of the image's cells in which a pose expects landmarks, the largest share that lies on one side and in which
    /// hardly anything agrees: above it what is recognized may be an object that has moved, and the pose is degraded
    /// until the whole place has been seen. Pictures as they are have .38 at most, those whose half is covered .4 and
    /// more.
    @Limited(to: 0...1) public var maximumUnseenSide = 0.4
    /// Chi square (three degrees of freedom) of the camera that a frame speaks for against the one that is given: one
    /// right camera in a thousand exceeds the default.
    @Limited(to: 1...1e6) public var maximumCalibrationChiSquare = 16.266
    /// Pictures in a row that may be the same although time passes: more are a frozen camera. 0 for a camera; for a
    /// simulator without noise, as long as its vehicle may stand.
    @Limited(to: 0...1_000_000) public var maximumRepetitions = 0

    /// The defaults, which are also the configuration's.
    public init() {}
}

/// When a pose that passed every gate still counts as degraded: few inliers, or a covariance that is wide for a
/// vehicle.
///
/// A right pose of the sample's second drive has 60 inliers or more, and a standard deviation of centimetres.
public struct DegradationOptions: Sendable, Equatable {
    /// Fewer inliers than this degrade a pose.
    @Limited(to: 0...5000) public var minimumInliers = 30
    /// Largest standard deviation of the position, all three axes together, metres (or the unit of a map without
    /// scale).
    @Limited(to: 0...1e6) public var maximumPositionDeviation = 0.25
    /// Largest standard deviation of the rotation, all three axes together, radians: one degree.
    @Limited(to: 0...Double.pi) public var maximumRotationDeviation = Double.pi / 180

    /// The defaults, which are also the configuration's.
    public init() {}
}
