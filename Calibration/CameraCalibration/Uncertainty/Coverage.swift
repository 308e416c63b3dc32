public import Geometry

/// Where in the image the corners of all views lay, and how the boards stood.
public struct Coverage: Sendable {
    /// Cells along each side of the image.
    public var columns: Int
    public var rows: Int
    /// Corners used in each cell, row by row from the top left.
    public var counts: [Int]
    /// Share of the cells with a corner.
    public var filled: Double { Double(counts.count { $0 > 0 }) / Double(max(counts.count, 1)) }
    /// The part of the image within which all corners lie, pixels.
    public var low: Vector2
    public var high: Vector2
    /// Of each used view: angle between the board's normal and the ray to its middle, radians.
    public var tilts: [Double]
    /// Of each used view: distance of the board's middle, metres.
    public var distances: [Double]
    /// The largest angle between the normals of two boards, radians.
    public var normalSpread: Double
}
