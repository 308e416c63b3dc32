public import Geometry

/// The part of the image that a lens lights, when that is a circle: a fisheye's on a sensor that is larger.
///
/// Outside of it nothing can be seen, so nothing is asked there: neither corners nor how well the projection is known.
public struct ImageCircle: Sendable, Equatable {
    /// Pixels; it may lie off the image's middle.
    public var centre: Vector2
    /// Pixels.
    public var radius: Double

    /// A circle of a radius, pixels.
    public init(centre: Vector2, radius: Double) { (self.centre, self.radius) = (centre, radius) }

    /// Whether the lens shows something there.
    public func contains(_ pixel: Vector2) -> Bool { (pixel - centre).lengthSquared <= radius * radius }
}
