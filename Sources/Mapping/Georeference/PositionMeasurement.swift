public import Geometry

/// A position that another instrument gave: a satellite receiver.
public struct PositionMeasurement: Sendable, Equatable {
    /// Of the camera in the map frame, metres.
    public var position: Vector3
    /// Standard deviations along the map's axes, metres; errors far beyond them are expected now and then.
    public var sigma: Vector3

    /// A position in the map frame with its standard deviations, metres.
    public init(position: Vector3, sigma: Vector3) {
        self.position = position
        self.sigma = sigma
    }
}
