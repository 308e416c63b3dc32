internal import Geometry

/// Compares where two cameras of one image size project the same points.
///
/// Two calibrations choose their camera frames freely within what the boards tell, so that the frames may be turned
/// against each other. The turn is fitted: over the image, for points at infinity, each pixel weighted by how well both
/// cameras know it (mrcal's "implied transformation").
struct ProjectionComparison {
    /// Points of a grid, row by row, as far as the lens lights it.
    let pixels: [Vector2]
    /// At those, pixels; nil where a camera sees no ray.
    let differences: [Vector2?]
    /// What both cameras' uncertainties let expect, pixels; infinite where unknown.
    let deviations: [Double]

    init(
        _ a: Camera, _ b: Camera, uncertaintyA: ProjectionUncertainty?, uncertaintyB: ProjectionUncertainty?,
        columns: Int = 24, rows: Int = 18
    ) {
        let map = UncertaintyMap(
            columns: columns, rows: rows, width: a.width, height: a.height, distance: nil, values: [])
        let circle = uncertaintyA?.circle ?? uncertaintyB?.circle
        var (rays, pixels, deviations): ([Vector3?], [Vector2], [Double]) = ([], [], [])
        for row in 0..<rows {
            for column in 0..<columns {
                let pixel = map.pixel(column: column, row: row)
                guard circle?.contains(pixel) ?? true else { continue }
                pixels.append(pixel)
                rays.append(a.bearing(of: pixel))
                let both = [uncertaintyA, uncertaintyB].compactMap { $0 }.map { $0.deviation(at: pixel) ?? .infinity }
                deviations.append(both.reduce(0) { $0 + $1 * $1 }.squareRoot())
            }
        }
        self.pixels = pixels
        self.deviations = deviations
        let turn = Self.turn(b, rays, pixels, deviations)
        differences = zip(rays, pixels).map { ray, pixel in
            ray.flatMap { b.project(turn * $0) }.map { $0 - pixel }
        }
    }

    /// Two cameras of one model whose parameters' difference has a known covariance, but whose boards are not known
    /// together: what remains of the parameters' errors after the turn that is fitted is what the differences let
    /// expect.
    /// - Parameters:
    ///   - a: one camera.
    ///   - b: the other.
    ///   - known: how well camera b is known, for the weights.
    ///   - jointCovariance: of the parameters' difference, n x n, row by row.
    ///   - columns: of the grid of pixels on which they are compared.
    ///   - rows: of that grid.
    init(
        _ a: Camera, _ b: Camera, known: ProjectionUncertainty, jointCovariance: [Double], columns: Int = 24,
        rows: Int = 18
    ) {
        let plain = ProjectionComparison(a, b, uncertaintyA: nil, uncertaintyB: known, columns: columns, rows: rows)
        (pixels, differences) = (plain.pixels, plain.differences)
        deviations = TurnedDeviations(b, pixels, known: plain.deviations, covariance: jointCovariance).values
    }

    /// Where the deviations are below their median: the differences that 95 % of those pixels do not exceed, and the
    /// deviations alike.
    var betterHalf: (difference: Double, deviation: Double) {
        let median = quantile(deviations, 0.5)
        let kept = deviations.indices.filter { deviations[$0] <= median }
        return (
            quantile(kept.map { differences[$0]?.length ?? .infinity }, 0.95),
            quantile(kept.map { deviations[$0] }, 0.95)
        )
    }

    /// The rotation of camera b against camera a.
    private static func turn(_ b: Camera, _ rays: [Vector3?], _ pixels: [Vector2], _ deviations: [Double]) -> Rotation {
        let best = quantile(deviations, 0)
        var turn = Rotation.identity
        for round in 0..<12 {
            var (matrix, right) = (Matrix3.zero, Vector3.zero)
            for ((ray, pixel), deviation) in zip(zip(rays, pixels), deviations) {
                guard let ray, case let p = turn * ray, let projection = b.projectWithGradients(p) else { continue }
                let residual = projection.pixel - pixel
                let known = deviation > 0 ? square(max(best, 1e-9) / deviation) : 1
                // A part of the image where the cameras disagree for other reasons must not turn the rest.
                let weight = known * RobustLoss.huber(scale: round < 3 ? 20 : 1).weight(residual.lengthSquared)
                for (g, r) in [(projection.gradientX, residual.x), (projection.gradientY, residual.y)] {
                    let j = p.cross(g)
                    matrix.addOuter(j * weight, j)
                    right += j * (weight * r)
                }
            }
            guard let inverse = matrix.inverse else { return turn }
            let step = inverse * right * -1
            turn = Rotation(exp: step) * turn
            if step.length < 1e-12 { break }
        }
        return turn
    }

    /// Over the image.
    var summary: ProjectionDifference {
        let lengths = differences.map { $0?.length ?? .infinity }
        return ProjectionDifference(
            median: quantile(lengths, 0.5), percentile95: quantile(lengths, 0.95), largest: lengths.max() ?? 0,
            expected95: quantile(deviations, 0.95))
    }
}

/// How far two calibrations disagree on where points are projected, over the image; pixels.
public struct ProjectionDifference: Sendable {
    /// Length that half of the image's grid does not exceed.
    public var median: Double
    /// Length that 95 % of the image's grid does not exceed.
    public var percentile95: Double
    /// Greatest length on the image's grid; infinite where a camera sees no ray.
    public var largest: Double
    /// What the two calibrations' own uncertainties would let expect for `percentile95`.
    public var expected95: Double

    /// What the two calibrations' own uncertainties say to the difference.
    public enum Agreement: Sendable {
        /// They explain it.
        case asExpected
        /// It is larger: once in a hundred by chance.
        case larger
        /// It is so much larger that they mean nothing.
        case farLarger
    }

    /// Whether both cameras see something in nearly all of the image.
    public var isComparable: Bool { percentile95.isFinite }

    /// How ``percentile95`` and ``expected95`` compare.
    public var agreement: Agreement {
        // Differences below a twentieth of a pixel matter to nobody.
        let ratio = percentile95 / max(expected95, 0.05)
        return ratio <= 2 ? .asExpected : ratio <= 3.5 ? .larger : .farLarger
    }
}
