import BundleAdjustment
import Geometry

/// What odometry says of the poses of a drive's images: how the camera moved from each to the next, and which way is
/// up.
struct OdometryPriors {
    private let motions: [Motion]
    private let levels: [PosePrior]

    private struct Motion {
        var from: Int
        var to: Int
        var toFromFrom: RigidTransform
        var sigma: (translation: Double, rotation: Double)
    }

    /// Of the vehicle's levelness as odometry has it, radians: planar odometry takes hills to be level.
    private static let levelSigma = 3 * Double.pi / 180
    /// Lets go of a motion with wheels that slip.
    private static let loss = RobustLoss.cauchy(scale: 4)

    /// Of images in the order of their drive; those without dead reckoning have no part in it.
    init(_ images: [ExtractedImage], drift: OdometryDrift) {
        let known = images.indices.filter { images[$0].deadReckoning != nil }
        motions = zip(known, known.dropFirst()).compactMap { from, to in
            guard let a = images[from].deadReckoning, let b = images[to].deadReckoning else { return nil }
            return Motion(
                from: from, to: to, toFromFrom: b.cameraFromOdometry * a.cameraFromOdometry.inverse,
                sigma: drift.sigma(over: abs(b.travelled - a.travelled)))
        }
        levels = known.compactMap { index in
            images[index].deadReckoning.map {
                .direction(
                    pose: index, inMap: Vector3(0, 0, 1), inCamera: $0.cameraFromOdometry.rotation * Vector3(0, 0, 1),
                    sigma: Self.levelSigma)
            }
        }
    }

    /// For an adjustment of the images' poses.
    var priors: [PosePrior] {
        motions.map {
            .relative(from: $0.from, to: $0.to, toFromFrom: $0.toFromFrom, sigma: $0.sigma, loss: Self.loss)
        } + levels
    }

    /// Whether nothing but odometry says where the images are, so that one of them must.
    func leaveFrameOpen(_ all: [PosePrior]) -> Bool {
        let hasPosition = all.contains { prior in
            if case .position = prior { true } else { false }
        }
        return !motions.isEmpty && !hasPosition
    }

    /// Squared residuals of the motions over their variances, a degree of freedom: about 1 where what is stated of the
    /// drift is true; nil of nothing.
    func chiSquare(_ images: [ExtractedImage]) -> Double? {
        guard !motions.isEmpty else { return nil }
        let sum = motions.reduce(0.0) { sum, motion in
            let moved = images[motion.to].cameraFromMap * images[motion.from].cameraFromMap.inverse
            let off = (moved * motion.toFromFrom.inverse).log
            let (t, r) = (off.translation / motion.sigma.translation, off.rotation / motion.sigma.rotation)
            return sum + Self.loss.cost(t.lengthSquared + r.lengthSquared)
        }
        return sum / (6 * Double(motions.count))
    }
}
