package import Geometry
package import Localizer
internal import Reporting

/// What `hfloc evaluate` found: how many queries have a pose, how far off the poses are, and how long they took.
package struct EvaluationReport {
    /// Images that were asked about.
    package private(set) var queries = 0
    private var errors: [PoseError] = []
    private var latencies: [Latencies] = []

    package init() {}

    /// Counts one query; gives its error if a pose was published.
    ///
    /// - Parameter truth: `cameraFromMap`.
    package mutating func add(_ result: Localization, truth: RigidTransform) -> PoseError? {
        queries += 1
        latencies.append(result.latencies)
        guard let pose = result.cameraFromMap else { return nil }
        let error = PoseError(estimated: pose, truth: truth)
        errors.append(error)
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
        return JSONText.object([
            ("queries", "\(queries)"), ("localized", "\(errors.count)"),
            ("median_position_error_m", JSONText.number(positions.median)),
            ("median_rotation_error_deg", JSONText.number(rotations.median)),
            ("max_position_error_m", JSONText.number(positions.maximum)),
            ("max_rotation_error_deg", JSONText.number(rotations.maximum)),
            ("recall", JSONText.object(recalls)), ("latency_ms", JSONText.object(latency)),
        ])
    }

    /// Lines for people. Recall counts all queries: one without a pose is a miss.
    package var text: String {
        var lines = ["localized \(errors.count) of \(queries) queries"]
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
        lines.append("latency, ms          median      p99      max")
        for stage in stages {
            let numbers = [stage.values.median, stage.values.quantile(0.99), stage.values.maximum]
            lines.append(
                "  " + stage.name.padded(17) + numbers.map { ($0 ?? 0).text(2).aligned(9) }.joined())
        }
        return lines.joined(separator: "\n")
    }
}

extension EvaluationReport {
    /// A line on one query.
    ///
    /// - Parameter error: as ``add(_:truth:)`` gave it.
    package static func line(_ name: String, _ result: Localization, _ error: PoseError?) -> String {
        let evidence =
            "\(result.inliers)/\(result.matches) inliers, \(result.landmarksInView) in view, "
            + "spread \(result.spread.text(2)), "
            + "rms \(result.reprojectionRMS.text(2)) px"
        guard let error else { return "\(name): lost (gate \(result.failedGate), \(evidence))" }
        return "\(name): \(error.position.text(4)) m, \(error.rotation.text(3)) deg (\(result.source), \(evidence))"
    }
}
