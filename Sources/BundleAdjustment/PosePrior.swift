public import Geometry

/// What is known of poses before any image is looked at. Sigmas are standard deviations along or about each axis.
public enum PosePrior: Sendable {
    /// The camera's axes, with the boresight that all of these share: `boresight * cameraFromMap`. Radians.
    case rotation(pose: Int, cameraFromMap: Rotation, sigma: Double)
    /// The camera's position in the map, metres. `whitening` times a covariance times its transpose is identity; `loss`
    /// is of the whitened residual, for positions that may be far off.
    case position(pose: Int, mapPosition: Vector3, whitening: Matrix3, loss: RobustLoss)
    /// How the camera moved between two images, metres and radians in the later image's frame, as odometry or a closed
    /// loop tells; `loss` is of the whole residual over its sigmas, for motions that may be wrong.
    case relative(
        from: Int, to: Int, toFromFrom: RigidTransform, sigma: (translation: Double, rotation: Double),
        loss: RobustLoss)
    /// A direction that is known in the map and was measured in the camera (down, from an accelerometer): unit vectors.
    case direction(pose: Int, inMap: Vector3, inCamera: Vector3, sigma: Double)
}

/// One row of a prior: its residual and its derivatives by one or two poses and by the boresight, all over its sigma.
package struct PriorRow: Sendable {
    var first: Int
    /// Equal to ``first`` where only one pose is concerned; `second` is zero then.
    var other: Int
    package var residual: Double
    /// Lanes 0...5.
    package var jacobian = SIMD8<Double>.zero
    package var otherJacobian = SIMD8<Double>.zero
    package var boresight = Vector3.zero

    /// Without the derivatives by poses that stay.
    func holding(_ fixed: Set<Int>) -> PriorRow {
        var row = self
        if fixed.contains(first) { row.jacobian = .zero }
        if fixed.contains(other) { row.otherJacobian = .zero }
        return row
    }
}

extension PosePrior {
    /// Its rows at a state, scaled by the root of the robust weight; and its cost.
    package func rows(_ state: BundleState) -> (rows: [PriorRow], cost: Double) {
        switch self {
        case .rotation(let pose, let given, let sigma):
            let error = (state.poses[pose].rotation * given.inverse * state.boresight.inverse).log
            let byPose = RotationJacobian.inverseLeft(error)
            let byBoresight = RotationJacobian.inverseLeft(-error)
            let rows = (0..<3).map { i in
                var row = PriorRow(first: pose, other: pose, residual: error[i] / sigma)
                row.jacobian = Self.lanes(.zero, byPose.row(i) / sigma)
                row.boresight = -byBoresight.row(i) / sigma
                return row
            }
            return (rows, error.lengthSquared / (sigma * sigma))
        case .position(let pose, let position, let whitening, let loss):
            let residual = whitening * (state.poses[pose].originInSource - position)
            let squared = residual.lengthSquared
            let root = loss.weight(squared).squareRoot()
            let byTranslation = whitening * state.poses[pose].rotation.matrix.transpose * -root
            let rows = (0..<3).map { i in
                var row = PriorRow(first: pose, other: pose, residual: residual[i] * root)
                row.jacobian = Self.lanes(byTranslation.row(i), .zero)
                return row
            }
            return (rows, loss.cost(squared))
        case .relative(let from, let to, let measured, let sigma, let loss):
            return Self.relativeRows(state, (from, to), measured, sigma, loss)
        case .direction(let pose, let inMap, let inCamera, let sigma):
            let seen = state.poses[pose].rotation * inMap
            let byRotation = Matrix3(skew: seen) * (-1 / sigma)
            let rows = (0..<3).map { i in
                var row = PriorRow(first: pose, other: pose, residual: (seen[i] - inCamera[i]) / sigma)
                row.jacobian = Self.lanes(.zero, byRotation.row(i))
                return row
            }
            return (rows, (seen - inCamera).lengthSquared / (sigma * sigma))
        }
    }

    private static func relativeRows(
        _ state: BundleState, _ pair: (from: Int, to: Int), _ measured: RigidTransform,
        _ sigma: (translation: Double, rotation: Double), _ loss: RobustLoss
    ) -> (rows: [PriorRow], cost: Double) {
        let motion = state.poses[pair.to] * state.poses[pair.from].inverse
        let error = (motion * measured.inverse).log
        let byTo = MotionJacobian.inverseLeft(error)
        // exp(x) of the earlier pose is the motion's adjoint of -x on the later one's side.
        let byFrom = byTo.timesAdjoint(of: motion)
        let squared =
            error.translation.lengthSquared / (sigma.translation * sigma.translation)
            + error.rotation.lengthSquared / (sigma.rotation * sigma.rotation)
        let root = loss.weight(squared).squareRoot()
        let rows = (0..<6).map { i in
            let scale = root / (i < 3 ? sigma.translation : sigma.rotation)
            var row = PriorRow(first: pair.to, other: pair.from, residual: error[i] * scale)
            row.jacobian = byTo.row(i) * scale
            row.otherJacobian = byFrom.row(i) * -scale
            return row
        }
        return (rows, loss.cost(squared))
    }

    private static func lanes(_ translation: Vector3, _ rotation: Vector3) -> SIMD8<Double> {
        SIMD8(translation.x, translation.y, translation.z, rotation.x, rotation.y, rotation.z, 0, 0)
    }
}
