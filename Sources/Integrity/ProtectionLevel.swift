public import Geometry

/// How far a pose may be off, at most, but for one frame in a thousand: position and rotation, each by itself.
///
/// The integrity risk is as measured on recorded and rendered frames (<doc:Integrity>), not certified. The level is the
/// largest standard deviation of any direction, times a number that the tails of errors demand: those of leave-one-out
/// are wider than normal ones, and the factor of a map comes of a limited number of keyframes.
public struct ProtectionLevel: Equatable, Sendable {
    /// Standard deviations of a level where the map says nothing of its errors' tail.
    public static let multiple = 4.5

    /// Metres (the map's unit).
    public var position: Double
    /// Radians.
    public var rotation: Double

    /// - Parameters:
    ///   - covariance: of the pose, with the map's factors.
    ///   - multiple: standard deviations.
    public init(covariance: SymmetricMatrix6, multiple: Double = multiple) {
        position = multiple * covariance.translation.largestEigenvalue.squareRoot()
        rotation = multiple * covariance.rotation.largestEigenvalue.squareRoot()
    }

    /// Whether an error is within the level; one that is not a number is not.
    public func covers(position: Double, rotation: Double) -> Bool {
        position <= self.position && rotation <= self.rotation
    }
}

extension Matrix3 {
    /// The largest eigenvalue of a symmetric matrix, in closed form (Smith, CACM 1961).
    var largestEigenvalue: Double {
        let mean = trace / 3
        let centred = self - Matrix3(diagonal: Vector3(repeating: mean))
        let square =
            centred.column0.lengthSquared + centred.column1.lengthSquared + centred.column2.lengthSquared
        let scale = (square / 6).squareRoot()
        guard scale > 0 else { return mean }
        let cosine = min(1, max(-1, (centred * (1 / scale)).determinant / 2))
        let angle = arcTangent((1 - cosine * cosine).squareRoot(), cosine)
        return mean + 2 * scale * sineAndCosine(angle / 3).cosine
    }
}
