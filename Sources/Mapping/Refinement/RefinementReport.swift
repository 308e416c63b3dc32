public import Geometry
import Reporting

/// What a refinement did.
public struct RefinementReport: Sendable {
    /// Squared residuals of the position priors over their variances, per degree of freedom; nil without such priors.
    /// About 1 where what was stated is true.
    public var positionChiSquare: Double?
    /// The same of the rotation priors.
    public var rotationChiSquare: Double?
    /// The same of the motions that odometry tells; nil without odometry.
    public var odometryChiSquare: Double?
    /// The common rotation of the camera against the given poses, degrees about its x, y and z axis.
    public var boresight = Vector3.zero
    /// Median and largest distance by which positions moved, metres.
    public var move = (median: 0.0, largest: 0.0)
    /// Median and largest angle by which orientations turned, degrees.
    public var turn = (median: 0.0, largest: 0.0)
    /// Mean distance of all matches from their epipolar lines, pixels, none counted as more than the tolerance: with
    /// the given and with the refined poses.
    public var epipolarDistance = (given: 0.0, refined: 0.0)
    /// Mean squared residual of measured positions over their variances, a degree of freedom, where each counts the
    /// less the farther it is off: with the given and with the refined poses; about 1 or less of honest sigmas. Zeros
    /// without measurements.
    public var measuredCost = (given: 0.0, refined: 0.0)
    /// Per camera, by how much its parameters were corrected; empty where none was.
    public var cameraChanges: [[(name: String, change: Double)]] = []
    /// Standard deviation of a keypoint that the priors bore, pixels.
    public var pixelSigma = 0.0
    /// Whether the refined poses were taken; the given ones are kept where the images fit them as well.
    public var isAccepted = true

    /// Before any work.
    public init() {}
}

extension RefinementReport {
    /// The larger of both chi squares; zero without priors.
    var largestChiSquare: Double { max(positionChiSquare ?? 0, rotationChiSquare ?? 0) }
    /// Below this, poses are more exact than was stated, by a factor of two and more.
    private static let cautious = 0.25
    /// Beyond this, even with the images all but left out of account.
    private static let contradicted = 2.0

    /// What the person should know.
    package var warnings: [String] {
        var warnings: [String] = []
        let kinds = [("positions", positionChiSquare), ("rotations", rotationChiSquare)]
        for (kind, square) in kinds {
            guard let square else { continue }
            let ratio = square.squareRoot()
            if square > Self.contradicted {
                warnings.append(
                    "the \(kind) had to move \(ratio.text(1)) times as far as was stated of them: the priors or the "
                        + "camera are wrong")
            } else if square < Self.cautious {
                warnings.append(
                    "the \(kind) moved only \(ratio.text(2)) times as far as was stated of them: they are more exact "
                        + "than that, or the priors are wrong")
            }
        }
        if let square = odometryChiSquare, square > Self.contradicted {
            warnings.append(
                "the camera moved \(square.squareRoot().text(1)) times as far from what odometry tells as was stated "
                    + "of that: wheels slip, base_from_camera is wrong, or stamps are of different clocks")
        }
        if !isAccepted {
            warnings.append("the given poses are kept: refined ones do not fit the images clearly better")
        }
        return warnings
    }

    /// In one line.
    var text: String {
        let axes = (0..<3).map { boresight[$0].text(2) }.joined(separator: " ")
        var parts = [
            isAccepted ? "refined" : "kept as given",
            "moved \(move.median.text(3)) m (largest \(move.largest.text(3))) and \(turn.median.text(2)) deg "
                + "(\(turn.largest.text(2)))",
            "matches \(epipolarDistance.given.text(2)) -> \(epipolarDistance.refined.text(2)) px from their epipolar "
                + "lines",
            "chi square \(positionChiSquare?.text(2) ?? "-") of positions, \(rotationChiSquare?.text(2) ?? "-") of "
                + "rotations",
            "camera turned by \(axes) deg against the poses",
        ]
        if let square = odometryChiSquare { parts.append("odometry's chi square \(square.text(2))") }
        if measuredCost.given > 0 {
            parts.append("fixes' chi square \(measuredCost.given.text(2)) -> \(measuredCost.refined.text(2))")
        }
        for (index, changes) in cameraChanges.enumerated() where !changes.isEmpty {
            let list = changes.map { "\($0.name) \($0.change.text(4))" }.joined(separator: ", ")
            parts.append("camera \(index) corrected by \(list)")
        }
        return parts.joined(separator: "; ")
    }

    /// One object.
    var json: String {
        JSONText.object([
            ("accepted", "\(isAccepted)"),
            ("position_chi_square", positionChiSquare.map { JSONText.number($0) } ?? "null"),
            ("rotation_chi_square", rotationChiSquare.map { JSONText.number($0) } ?? "null"),
            ("odometry_chi_square", odometryChiSquare.map { JSONText.number($0) } ?? "null"),
            ("median_move_m", JSONText.number(move.median)), ("largest_move_m", JSONText.number(move.largest)),
            ("median_turn_deg", JSONText.number(turn.median)), ("largest_turn_deg", JSONText.number(turn.largest)),
            ("boresight_deg", JSONText.array((0..<3).map { JSONText.number(boresight[$0]) })),
            ("epipolar_distance_given_px", JSONText.number(epipolarDistance.given)),
            ("epipolar_distance_refined_px", JSONText.number(epipolarDistance.refined)),
            ("fix_chi_square_given", JSONText.number(measuredCost.given)),
            ("fix_chi_square_refined", JSONText.number(measuredCost.refined)),
            ("pixel_sigma", JSONText.number(pixelSigma)),
            (
                "camera_changes",
                JSONText.array(
                    cameraChanges.map { changes in
                        JSONText.object(changes.map { ($0.name, JSONText.number($0.change)) })
                    })
            ),
            ("warnings", JSONText.array(warnings.map { JSONText.string($0) })),
        ])
    }
}
