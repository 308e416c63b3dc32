/// How an odometry errs, in numbers that follow from one: the share of the way by which it drifts.
///
/// Two errors last: its scale (a tyre's diameter) and its turn per metre (two tyres that differ); both are estimated,
/// and change over a kilometre. What is left is chance: it grows with the root of the way. The numbers are such that
/// each of scale, lasting turn and chance turn puts the vehicle off by about the drift's share of the way after 300 m
/// of a straight one.
public struct DriftModel: Sendable, Equatable {
    /// Standard deviation of the scale's error: a share.
    public var scale: Double
    /// Standard deviation of the turn that lasts, radians a metre, about the vehicle's z.
    public var turn: Double
    /// Variances of chance, each metre, along each axis: metres squared, radians squared.
    public var perMetre: (translation: Double, rotation: Double)
    /// The same each second, also at rest.
    public var perSecond: (translation: Double, rotation: Double)
    /// Metres over which scale and turn change.
    public static let length = 1000.0

    /// - Parameter drift: share of the way, such as 0.01.
    public init(drift: Double) {
        scale = drift
        turn = drift / 150
        perMetre = (drift * drift, drift * drift / 100)
        perSecond = (Self.restlessness.0 * Self.restlessness.0, Self.restlessness.1 * Self.restlessness.1)
    }

    /// What a resting odometry is trusted with: metres and radians after a second.
    private static let restlessness = (0.002, 0.0002)

    public static func == (a: DriftModel, b: DriftModel) -> Bool {
        a.scale == b.scale && a.turn == b.turn && a.perMetre == b.perMetre && a.perSecond == b.perSecond
    }

    /// What is left of something that lasts over `length`, or over a time, after a part of it: exp(-part) to second
    /// order, by arithmetic that is the same on every machine.
    package static func remainder(_ part: Double) -> Double { 1 / (1 + part + part * part / 2) }
}

/// How the errors of fixes hang together: the next frame sees the same landmarks, and errs alike. Thirty fixes a second
/// are no thirty opinions.
package enum FixModel {
    /// Metres of way, and seconds, after which a fix is another opinion.
    private static let length = 5.0
    private static let time = 10.0

    /// What is left of a fix's error in another one.
    package static func correlation(metres: Double, seconds: Double) -> Double {
        DriftModel.remainder(metres / length + seconds / time)
    }
}
