import Geometry
import Integrity
import Localizer
import Reporting

/// Whether errors are as large as the covariances of their poses say.
struct Consistency {
    private var position = Block()
    private var rotation = Block()

    /// One of the two kinds of error.
    private struct Block {
        /// Squared errors over their covariance: of three degrees of freedom.
        var normalized: [Double] = []
        var squaredErrors: [Double] = []
        /// Sum of the variances of the three axes.
        var variances: [Double] = []
        /// Errors over the protection level.
        var overLevel: [Double] = []

        var median: Double? { Statistics(normalized).median }
        var inBound: Double {
            Double(normalized.count { $0 <= NormalizedError.bound95 }) / Double(max(1, normalized.count))
        }
        /// Median standard deviation over the root mean square of the errors.
        var deviationRatio: Double? {
            let mean = squaredErrors.reduce(0, +) / Double(max(1, squaredErrors.count))
            return Statistics(variances).median.map { ($0 / mean).squareRoot() }
        }
        var beyondLevel: Int { overLevel.count { !($0 <= 1) } }
    }

    /// Takes one pose into account, with the protection level that was published with it; nothing of a frame that has
    /// none.
    mutating func add(_ result: Localization, truth: RigidTransform) {
        let covariance = result.covariance
        guard let pose = result.cameraFromMap,
            let error = NormalizedError(estimate: pose, truth: truth, covariance: covariance)
        else { return }
        let level = result.protectionLevel
        func add(_ normalized: Double, _ error: Vector3, _ variances: Matrix3, _ level: Double, to block: inout Block) {
            block.normalized.append(normalized)
            block.squaredErrors.append(error.lengthSquared)
            block.variances.append(variances.trace)
            block.overLevel.append(error.length / level)
        }
        add(error.position, error.positionError, covariance.translation, level.position, to: &position)
        add(error.rotation, error.rotationError, covariance.rotation, level.rotation, to: &rotation)
    }

    /// Lines for people.
    var lines: [String] {
        guard !position.normalized.isEmpty else { return [] }
        return ["errors over covariance  NEES (2.4)  in 95 % bound  sigma / RMS  beyond level  worst / level"]
            + [("position", position), ("rotation", rotation)].map { name, block in
                let numbers = [
                    (block.median ?? 0).text(2).aligned(9), block.inBound.text(3).aligned(15),
                    (block.deviationRatio ?? 0).text(2).aligned(13), "\(block.beyondLevel)".aligned(14),
                    (Statistics(block.overLevel).maximum ?? 0).text(2).aligned(15),
                ]
                return "  " + name.padded(23) + numbers.joined()
            }
    }

    /// One object.
    var json: String { JSONText.object([("position", json(position)), ("rotation", json(rotation))]) }

    private func json(_ block: Block) -> String {
        JSONText.object([
            ("median_nees", JSONText.number(block.median)), ("in_95_bound", JSONText.number(block.inBound)),
            ("sigma_over_rms", JSONText.number(block.deviationRatio)), ("beyond_level", "\(block.beyondLevel)"),
            ("worst_over_level", JSONText.number(Statistics(block.overLevel).maximum)),
        ])
    }
}
