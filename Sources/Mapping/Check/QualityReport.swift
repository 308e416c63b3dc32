import Geometry
import Integrity
package import ReferenceMap
import Reporting

/// How good a map is, in words and as JSON.
package struct QualityReport {
    private let quality: MapQuality
    private static let degrees = 180 / Double.pi

    package init(_ quality: MapQuality) { self.quality = quality }

    /// Subject and what is said of it: lines of `hfloc map info`.
    package var lines: [(String, String)] {
        guard quality.verdict != .unchecked else {
            return [("quality", "unchecked: `hfloc map check` says how good it is")]
        }
        let (position, rotation) = (quality.positionError, quality.rotationError)
        let errors = """
            median \(position.median.text(3)) m, \((rotation.median * Self.degrees).text(3)) deg; \
            worst \(position.worst.text(3)) m, \((rotation.worst * Self.degrees).text(2)) deg
            """
        let factors = """
            variances times \(quality.positionFactor.text(1)) (position), \(quality.rotationFactor.text(1)) \
            (rotation), \(quality.calibrationFactor.text(1)) (free camera); level \(quality.levelMultiple.text(1)) sigma
            """
        return [
            (
                "quality",
                "\(quality.verdict.rawValue): \(quality.found) of \(quality.tried) keyframes found without "
                    + "their own observations, \(quality.ambiguous) ambiguous"
            ),
            ("  errors", errors), ("  factors", factors),
            ("  focal", "spread of \((100 * quality.focalSpread).text(2)) %"),
            ("  purity", "\(quality.purity.median.text(2)), \(quality.purity.low.text(2)) at 5 %"),
        ]
    }

    /// Lines for people, what is said in a column of its own.
    package func text(width: Int = 16) -> String {
        lines.map { $0.0.padded(width) + $0.1 }.joined(separator: "\n")
    }

    /// One object.
    package var json: String { JSONText.object(members) }

    private var members: [(String, String)] {
        [
            ("verdict", JSONText.string(quality.verdict.rawValue)), ("tried", "\(quality.tried)"),
            ("found", "\(quality.found)"), ("ambiguous", "\(quality.ambiguous)"),
            ("position_error_m", pair(quality.positionError)), ("rotation_error_rad", pair(quality.rotationError)),
            ("position_factor", JSONText.number(quality.positionFactor)),
            ("rotation_factor", JSONText.number(quality.rotationFactor)),
            ("calibration_factor", JSONText.number(quality.calibrationFactor)),
            ("level_multiple", JSONText.number(quality.levelMultiple)),
            ("focal_spread", JSONText.number(quality.focalSpread)),
            ("purity_low", JSONText.number(quality.purity.low)),
            ("purity_median", JSONText.number(quality.purity.median)),
        ]
    }

    private func pair(_ values: (median: Double, worst: Double)) -> String {
        JSONText.object([("median", JSONText.number(values.median)), ("worst", JSONText.number(values.worst))])
    }
}

extension LeftOutKeyframe {
    /// A line on it.
    package func line(_ name: String) -> String {
        guard let error else { return "\(name): not found" }
        let degrees = 180 / Double.pi
        let position = error.positionError.length
        let rotation = error.rotationError.length
        return """
            \(name): \(position.text(4)) m (\((position / deviation.position).text(1)) sigma), \
            \((rotation * degrees).text(3)) deg (\((rotation / deviation.rotation).text(1)) sigma), \
            nees \(error.position.text(1)) \(error.rotation.text(1)), \(inliers) inliers, \
            purity \(purity.text(2)), f \((100 * (camera?.camera.logFocal ?? .nan)).text(2)) % \
            (chi \(cameraDistance.text(1)))\(isAmbiguous ? ", ambiguous" : "")
            """
    }
}
