/// How far two calibrations disagree on where points are projected, over the image; pixels.
public struct ProjectionDifference: Sendable {
    public var median: Double
    public var percentile95: Double
    public var largest: Double
    /// What the two calibrations' own uncertainties would let expect for `percentile95`.
    public var expected95: Double
}
