import Container
import Evaluation
import Geometry
import Localizer
import Testing

@Suite("What an evaluation reports")
struct EvaluationReportTests {
    /// A frame at `x` on the map's first axis, the latencies in milliseconds of the stages in their order.
    private func found(x: Double, milliseconds: UInt64 = 2) -> Localization {
        var result = Localization()
        (result.state, result.source) = (.localized, .retrieval)
        result.cameraFromMap = RigidTransform(rotation: .identity, translation: Vector3(-x, 0, 0))
        result.latencies.total = milliseconds * 1_000_000
        return result
    }

    private func lost() -> Localization {
        var result = Localization()
        result.failedGate = .inliers
        return result
    }

    private let stages = """
        latency, ms          median      p99      max
          local_features        0.00     0.00     0.00
          global_descriptor     0.00     0.00     0.00
          retrieval             0.00     0.00     0.00
          matching              0.00     0.00     0.00
          pose_estimation       0.00     0.00     0.00
        """

    @Test("of no frame: recall 0, no errors, and null for what there is none of")
    func empty() throws {
        let report = EvaluationReport()
        #expect(
            report.text == """
                localized 0 of 0 queries
                recall at 0.05 m, 0.5 deg    0.0 %
                recall at 0.25 m, 2.0 deg    0.0 %
                recall at 0.50 m, 5.0 deg    0.0 %
                recall at 5.00 m, 10.0 deg   0.0 %
                \(stages)
                  total                 0.00     0.00     0.00
                """)
        let json = try JSON(parsing: report.json)
        #expect(json["queries"]?.int == 0 && json["localized"]?.int == 0)
        #expect(json["median_position_error_m"] == .null && json["max_rotation_error_deg"] == .null)
        #expect(json["latency_ms"]?["total"]?["median"] == .null && json["recall"]?["0.5m_5.0deg"]?.double == 0)
    }

    @Test("of frames that are all lost: they count as queries, and have latencies")
    func allLost() throws {
        var report = EvaluationReport()
        for _ in 0..<3 { #expect(report.add(lost(), truth: .identity) == nil) }
        #expect(report.queries == 3)
        #expect(report.text.hasPrefix("localized 0 of 3 queries\nrecall at 0.05 m, 0.5 deg    0.0 %\n"))
        let json = try JSON(parsing: report.json)
        #expect(json["median_rotation_error_deg"] == .null && json["latency_ms"]?["total"]?["median"]?.double == 0)
    }

    @Test("an outlier is the largest error, moves no median, and is no recall but of what is coarser")
    func outlier() throws {
        var report = EvaluationReport()
        for _ in 0..<3 { #expect(report.add(found(x: 0), truth: .identity)?.position == 0) }
        #expect(report.add(found(x: 4, milliseconds: 50), truth: .identity)?.position == 4)
        #expect(report.add(lost(), truth: .identity) == nil)
        #expect(
            report.text == """
                localized 4 of 5 queries
                median error   0.0000 m   0.000 deg
                largest error  4.0000 m   0.000 deg
                recall at 0.05 m, 0.5 deg    60.0 %
                recall at 0.25 m, 2.0 deg    60.0 %
                recall at 0.50 m, 5.0 deg    60.0 %
                recall at 5.00 m, 10.0 deg   80.0 %
                \(stages)
                  total                 2.00    50.00    50.00
                """)
        let json = try JSON(parsing: report.json)
        #expect(json["max_position_error_m"]?.double == 4 && json["recall"]?["5.0m_10.0deg"]?.double == 0.8)
        #expect(json["latency_ms"]?["total"]?["max"]?.double == 50)
        #expect(json.object?.map(\.name).suffix(2) == ["recall", "latency_ms"])
    }

    @Test("a line for a frame says what was found, or which gate it failed")
    func lines() {
        var result = found(x: 1)
        (result.inliers, result.matches, result.landmarksInView) = (30, 60, 200)
        (result.spread, result.reprojectionRMS) = (0.256, 1.5)
        let evidence = "30/60 inliers, 200 in view, spread 0.26, rms 1.50 px"
        #expect(
            EvaluationReport.line("a.jpg", result, PoseError(position: 0.01234, rotation: 0.5))
                == "a.jpg: 0.0123 m, 0.500 deg (retrieval, \(evidence))")
        (result.failedGate, result.cameraFromMap) = (.inlierRatio, nil)
        #expect(EvaluationReport.line("a.jpg", result, nil) == "a.jpg: lost (gate inlierRatio, \(evidence))")
    }
}
