package import Geometry
package import Integrity
package import Localizer
package import Reporting

/// What `hfloc evaluate` found: how many queries have a pose, how far off the poses are, and how long they took.
package struct EvaluationReport {
    /// Images that were asked about.
    package private(set) var queries = 0
    private var errors: [PoseError] = []
    private var consistency = Consistency()
    private var latencies: [Latencies] = []
    private var rows: [String] = []
    private let keepsRows: Bool
    private let unused: [UnusedInput]
    /// Images that could not be localized, and are in none of the figures; each with the reason.
    package var failures: [(name: String, reason: String)] = []
    /// What the queries say of their cameras.
    package var calibrations: [CalibrationVerdict] = []

    /// - Parameters:
    ///   - keepsRows: whether the JSON has an element for each query.
    ///   - unused: what the set holds that is in no list.
    package init(keepsRows: Bool = false, unused: [UnusedInput] = []) {
        (self.keepsRows, self.unused) = (keepsRows, unused)
    }

    /// Counts one query; gives its error if a pose was published.
    ///
    /// - Parameters:
    ///   - name: of the image.
    ///   - result: what was found in the image.
    ///   - truth: `cameraFromMap`.
    @discardableResult
    package mutating func add(_ name: String, _ result: Localization, truth: RigidTransform) -> PoseError? {
        queries += 1
        latencies.append(result.latencies)
        let error = result.cameraFromMap.map { PoseError(estimated: $0, truth: truth) }
        if let error { errors.append(error) }
        if let pose = result.cameraFromMap { consistency.add(pose, truth: truth, covariance: result.covariance) }
        if keepsRows { rows.append(Self.row(name, result, error)) }
        return error
    }

    private var positions: Statistics { Statistics(errors.map(\.position)) }
    private var rotations: Statistics { Statistics(errors.map(\.rotation)) }

    private func recall(_ threshold: RecallThreshold) -> Double {
        Double(errors.count(where: threshold.holds)) / Double(max(queries, 1))
    }

    private func stage(_ name: String, _ value: (Latencies) -> UInt64) -> (name: String, values: Statistics) {
        (name, Statistics(latencies.map { Double(value($0)) * 1e-6 }))
    }

    private var stages: [(name: String, values: Statistics)] {
        [
            stage("local_features", \.localFeatures), stage("global_descriptor", \.globalDescriptor),
            stage("retrieval", \.retrieval), stage("matching", \.matching),
            stage("pose_estimation", \.poseEstimation), stage("total", \.total),
        ]
    }

    /// One object. Errors are null where no query has a pose.
    package var json: String {
        let recalls = RecallThreshold.all.map { ($0.name, JSONText.number(recall($0))) }
        let latency = stages.map { stage in
            (
                stage.name,
                JSONText.object([
                    ("median", JSONText.number(stage.values.median)),
                    ("p99", JSONText.number(stage.values.quantile(0.99))),
                    ("max", JSONText.number(stage.values.maximum)),
                ])
            )
        }
        return JSONText.object(
            [
                ("queries", "\(queries)"), ("localized", "\(errors.count)"),
                ("median_position_error_m", JSONText.number(positions.median)),
                ("median_rotation_error_deg", JSONText.number(rotations.median)),
                ("max_position_error_m", JSONText.number(positions.maximum)),
                ("max_rotation_error_deg", JSONText.number(rotations.maximum)),
                ("recall", JSONText.object(recalls)), ("consistency", consistency.json),
                ("latency_ms", JSONText.object(latency)),
                (
                    "failed",
                    JSONText.array(
                        failures.map {
                            JSONText.object([
                                ("name", JSONText.string($0.name)), ("reason", JSONText.string($0.reason)),
                            ])
                        })
                ),
                ("calibration", JSONText.array(calibrations.map(Self.json))),
                ("unused", JSONText.array(unused.map(\.json))),
            ] + (keepsRows ? [("images", JSONText.array(rows))] : []))
    }

    /// Lines for people. Recall counts all queries: one without a pose is a miss.
    package var text: String {
        let rest = failures.isEmpty ? "" : "; \(failures.count) more could not be used, and are in none of the figures"
        var lines = ["localized \(errors.count) of \(queries) queries\(rest)"]
        if let median = positions.median, let angle = rotations.median, let worst = positions.maximum,
            let worstAngle = rotations.maximum
        {
            lines.append("median error   \(median.text(4)) m   \(angle.text(3)) deg")
            lines.append("largest error  \(worst.text(4)) m   \(worstAngle.text(3)) deg")
        }
        for threshold in RecallThreshold.all {
            let bound = "\(threshold.metres.text(2)) m, \(threshold.degrees.text(1)) deg"
            lines.append("recall at \(bound.padded(18)) \((100 * recall(threshold)).text(1)) %")
        }
        lines += consistency.lines
        lines.append("latency, ms          median      p99      max")
        for stage in stages {
            let numbers = [stage.values.median, stage.values.quantile(0.99), stage.values.maximum]
            lines.append(
                "  " + stage.name.padded(17) + numbers.map { ($0 ?? 0).text(2).aligned(9) }.joined())
        }
        lines += calibrations.filter(\.contradicts).map { "the queries' camera: " + $0.text(file: "their file") }
        return lines.joined(separator: "\n")
    }

    private static func json(_ verdict: CalibrationVerdict) -> String {
        let (correction, deviations) = (verdict.correction, verdict.deviations)
        return JSONText.object([
            ("frames", "\(verdict.frames)"), ("chi_square", JSONText.number(verdict.chiSquare)),
            ("contradicts", "\(verdict.contradicts)"),
            ("focal_length_error", JSONText.number(correction.focalRatio - 1)),
            ("focal_length_deviation", JSONText.number(correction.focalRatio * deviations.x)),
            (
                "principal_point_error_px",
                JSONText.array([correction.shift.x, correction.shift.y].map { JSONText.number($0) })
            ),
            ("principal_point_deviation_px", JSONText.array([deviations.y, deviations.z].map { JSONText.number($0) })),
        ])
    }
}

extension EvaluationReport {
    /// An element of the JSON on one query.
    private static func row(_ name: String, _ result: Localization, _ error: PoseError?) -> String {
        JSONText.object([
            ("name", JSONText.string(name)), ("state", JSONText.string("\(result.state)")),
            ("position_error_m", JSONText.number(error?.position)),
            ("rotation_error_deg", JSONText.number(error?.rotation)),
            ("source", JSONText.string("\(result.source)")), ("failed_gate", JSONText.string("\(result.failedGate)")),
            ("keypoints", "\(result.keypoints)"), ("matches", "\(result.matches)"), ("inliers", "\(result.inliers)"),
            ("landmarks_in_view", "\(result.landmarksInView)"), ("spread", JSONText.number(result.spread)),
            ("purity", JSONText.number(result.purity)), ("rival_share", JSONText.number(result.rivalShare)),
            ("beyond", JSONText.number(result.beyond)),
            ("calibration_chi_square", JSONText.number(result.calibrationChiSquare)),
            ("protection_level_m", JSONText.number(result.protectionLevel.position)),
            ("protection_level_rad", JSONText.number(result.protectionLevel.rotation)),
            ("reprojection_rms_px", JSONText.number(result.reprojectionRMS)),
            ("latency_ms", JSONText.number(Double(result.latencies.total) * 1e-6)),
        ])
    }

    /// A line on one query.
    ///
    /// - Parameters:
    ///   - name: of the image.
    ///   - result: what was found in the image.
    ///   - error: as ``add(_:_:truth:)`` gave it.
    package static func line(_ name: String, _ result: Localization, _ error: PoseError?) -> String {
        let evidence =
            "\(result.inliers)/\(result.matches) inliers, \(result.landmarksInView) in view, "
            + "spread \(result.spread.text(2)), "
            + "rms \(result.reprojectionRMS.text(2)) px"
        guard let error else { return "\(name): lost (gate \(result.failedGate), \(evidence))" }
        return "\(name): \(error.position.text(4)) m, \(error.rotation.text(3)) deg (\(result.source), \(evidence))"
    }
}
