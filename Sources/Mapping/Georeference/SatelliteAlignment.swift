package import Geometry

/// The similarity that brings poses of any frame to where satellites saw them, some of which are far off.
///
/// A start is the best of many triples (Umeyama 1991, by Horn's quaternion); Gauss-Newton steps with a Cauchy loss
/// follow. On a straight road positions leave the turn about the road open: cameras that stand upright on average, and
/// level, decide it, as weakly as one camera known to 3 degrees would.
package struct SatelliteAlignment {
    /// A camera and where it was seen.
    package struct Pair {
        /// The camera's pose in its own frame.
        package var cameraFromMap: RigidTransform
        /// Where it was seen: east, north, up, metres.
        package var point: Vector3
        /// Standard deviations of that, metres.
        package var sigma: Vector3

        package init(cameraFromMap: RigidTransform, point: Vector3, sigma: Vector3) {
            self.cameraFromMap = cameraFromMap
            self.point = point
            self.sigma = sigma
        }

        /// The camera elsewhere in its frame.
        func moved(by shift: Vector3) -> Pair {
            var pair = self
            pair.cameraFromMap.translation = cameraFromMap.translation - cameraFromMap.rotation * shift
            return pair
        }

        /// Misfit of a similarity in standard deviations.
        func residual(_ localFromMap: Similarity) -> Vector3 {
            (localFromMap * cameraFromMap.originInSource - point) / sigma
        }
    }

    /// From the poses' frame to east, north and up.
    package let localFromMap: Similarity
    /// Standard deviation of its turn about the vertical, radians, if the positions' errors are independent.
    package let headingSigma: Double
    /// The same of the larger of its tilts.
    package let tiltSigma: Double
    /// Standard deviation of the scale, a share; 0 if that was fixed.
    package let scaleSigma: Double
    /// Which pairs lie within ``outlierSigmas``.
    package let isInlier: [Bool]

    /// Farther off than this many standard deviations is an outlier.
    package static let outlierSigmas = 5.0
    /// Of the cameras' levelness, all together, radians.
    private static let levelSigma = 3 * Double.pi / 180
    /// Of the loss, standard deviations.
    private static let lossScale = 3.0

    /// - Parameters:
    ///   - pairs: at least three, whose cameras are not all at one point.
    ///   - freesScale: whether the poses' unit may be other than a metre.
    /// - Returns: nil where the pairs do not determine it.
    package init?(_ pairs: [Pair], freesScale: Bool) {
        // About the middle of the cameras, which may be far from their frame's origin.
        let middle = pairs.reduce(Vector3.zero) { $0 + $1.cameraFromMap.originInSource } / Double(max(pairs.count, 1))
        let pairs = pairs.map { $0.moved(by: -middle) }
        guard pairs.count >= 3, var present = Self.start(pairs, freesScale: freesScale) else { return nil }
        var covariance: [Double]?
        for _ in 0..<30 {
            guard let step = Self.step(pairs, present, freesScale: freesScale) else { return nil }
            present = step.localFromMap
            covariance = step.covariance
            if step.isSmall { break }
        }
        guard let covariance else { return nil }
        localFromMap = Similarity(
            scale: present.scale, rotation: present.rotation,
            translation: present.translation - present.rotation * middle * present.scale)
        (tiltSigma, headingSigma) = (
            max(covariance[0], covariance[8]).squareRoot(), covariance[16].squareRoot()
        )
        scaleSigma = freesScale ? covariance[48].squareRoot() : 0
        isInlier = pairs.map { $0.residual(present).length <= Self.outlierSigmas }
    }

    // MARK: - Start

    /// Of the similarities of triples spread over all pairs, the one with the least truncated misfit.
    private static func start(_ pairs: [Pair], freesScale: Bool) -> Similarity? {
        let most = min(pairs.count, 16)
        let chosen = (0..<most).map { pairs[$0 * (pairs.count - 1) / max(most - 1, 1)] }
        var best: (cost: Double, similarity: Similarity)?
        for a in 0..<most {
            for b in a + 1..<max(most, a + 1) {
                for c in b + 1..<max(most, b + 1) {
                    guard let found = similarity([chosen[a], chosen[b], chosen[c]], freesScale: freesScale) else {
                        continue
                    }
                    // A triple is as far off as its own positions.
                    let limit = 9 * outlierSigmas * outlierSigmas
                    let cost = pairs.reduce(0) { $0 + min($1.residual(found).lengthSquared, limit) }
                    if best.map({ cost < $0.cost }) ?? true { best = (cost, found) }
                }
            }
        }
        return best?.similarity
    }

    /// The least squares similarity of a few pairs; nil if all lie at one point.
    private static func similarity(_ pairs: [Pair], freesScale: Bool) -> Similarity? {
        let n = Double(pairs.count)
        let centres = pairs.map(\.cameraFromMap.originInSource)
        let from = centres.reduce(.zero, +) / n
        let to = pairs.reduce(Vector3.zero) { $0 + $1.point } / n
        var product = Matrix3.zero
        var (before, after) = (0.0, 0.0)
        for (centre, pair) in zip(centres, pairs) {
            product.addOuter(pair.point - to, centre - from)
            before += (centre - from).lengthSquared
            after += (pair.point - to).lengthSquared
        }
        guard before > 0, after > 0 else { return nil }
        // The cameras' up, so that three points on a line have one answer.
        let up = pairs.reduce(Vector3.zero) { $0 - $1.cameraFromMap.rotation.inverse * Vector3(0, 1, 0) }
        if up.length > 0 { product.addOuter(Vector3(0, 0, 0.01 * (before * after).squareRoot()), up.normalized) }
        let rotation = Rotation(aligning: product)
        let scale = freesScale ? (after / before).squareRoot() : 1
        return Similarity(scale: scale, rotation: rotation, translation: to - rotation * from * scale)
    }

    // MARK: - Refinement

    private struct Step {
        var localFromMap: Similarity
        /// Of turn, shift and logarithm of the scale, 7 x 7.
        var covariance: [Double]
        var isSmall: Bool
    }

    private static func step(_ pairs: [Pair], _ present: Similarity, freesScale: Bool) -> Step? {
        var normal = [Double](repeating: 0, count: 49)
        var right = [Double](repeating: 0, count: 7)
        func add(_ row: [Double], _ residual: Double, _ weight: Double) {
            for i in 0..<7 where row[i] != 0 {
                right[i] -= weight * row[i] * residual
                for j in 0..<7 { normal[i * 7 + j] += weight * row[i] * row[j] }
            }
        }
        for pair in pairs {
            // Of the point without the shift, so that turn and scale are about the frame's origin.
            let turned = present.rotation * pair.cameraFromMap.originInSource * present.scale
            let residual = pair.residual(present)
            let weight = RobustLoss.cauchy(scale: lossScale).weight(residual.lengthSquared)
            let byTurn = Matrix3(skew: -turned)
            for axis in 0..<3 {
                let unit = 1 / pair.sigma[axis]
                var row = (0..<3).map { byTurn[axis, $0] * unit } + [0, 0, 0, turned[axis] * unit]
                row[3 + axis] = unit
                add(row, residual[axis], weight)
            }
            // The camera's right is level: its part along the vertical is zero.
            let level = present.rotation * (pair.cameraFromMap.rotation.inverse * Vector3(1, 0, 0))
            let share = 1 / (levelSigma * levelSigma * Double(pairs.count))
            add([level.y, -level.x, 0, 0, 0, 0, 0], level.z, share)
        }
        if !freesScale { add([0, 0, 0, 0, 0, 0, 1], 0, 1e30) }
        guard let covariance = inverse(normal) else { return nil }
        let change = (0..<7).map { i in (0..<7).reduce(0) { $0 + covariance[i * 7 + $1] * right[$1] } }
        let turn = Rotation(exp: Vector3(change[0], change[1], change[2]))
        let factor = exponential(change[6])
        let next = Similarity(
            scale: present.scale * factor, rotation: turn * present.rotation,
            translation: present.translation + Vector3(change[3], change[4], change[5]))
        let isSmall = (0..<7).allSatisfy { abs(change[$0]) < 1e-6 * covariance[$0 * 8].squareRoot() + 1e-12 }
        return Step(localFromMap: next, covariance: covariance, isSmall: isSmall)
    }

    /// Scaled to ones on the diagonal first: radians and metres of a long road differ by much.
    private static func inverse(_ normal: [Double]) -> [Double]? {
        let scales = (0..<7).map { normal[$0 * 8].squareRoot() }
        guard scales.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        func divided(_ values: [Double]) -> [Double] {
            values.indices.map { index in
                let product: Double = scales[index / 7] * scales[index % 7]
                return values[index] / product
            }
        }
        return SymmetricPositive.inverse(divided(normal), order: 7).map(divided)
    }
}

extension Rotation {
    /// The rotation R with the greatest trace of `Rᵀ product`, which is a sum of outer products `b aᵀ`: what turns the
    /// a into the b best (Horn 1987).
    package init(aligning m: Matrix3) {
        let (x, y, z) = (m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1])
        let matrix = [
            m.trace, x, y, z,
            x, m[0, 0] - m[1, 1] - m[2, 2], m[0, 1] + m[1, 0], m[0, 2] + m[2, 0],
            y, m[0, 1] + m[1, 0], m[1, 1] - m[0, 0] - m[2, 2], m[1, 2] + m[2, 1],
            z, m[0, 2] + m[2, 0], m[1, 2] + m[2, 1], m[2, 2] - m[0, 0] - m[1, 1],
        ]
        let eigen = SymmetricEigen(matrix, order: 4)
        let best = (0..<4).max { eigen.values[$0] < eigen.values[$1] } ?? 0
        let q = eigen.vectors[best * 4..<best * 4 + 4].map { $0 }
        self.init(w: q[0], x: q[1], y: q[2], z: q[3])
    }
}
