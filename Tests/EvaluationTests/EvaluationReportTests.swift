import Container
import Evaluation
import Geometry
import Localizer
import Reporting
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
        for _ in 0..<3 { #expect(report.add("a.jpg", lost(), truth: .identity) == nil) }
        #expect(report.queries == 3)
        #expect(report.text.hasPrefix("localized 0 of 3 queries\nrecall at 0.05 m, 0.5 deg    0.0 %\n"))
        let json = try JSON(parsing: report.json)
        #expect(json["median_rotation_error_deg"] == .null && json["latency_ms"]?["total"]?["median"]?.double == 0)
    }

    @Test("an outlier is the largest error, moves no median, and is no recall but of what is coarser")
    func outlier() throws {
        var report = EvaluationReport()
        for _ in 0..<3 { #expect(report.add("a.jpg", found(x: 0), truth: .identity)?.position == 0) }
        #expect(report.add("a.jpg", found(x: 4, milliseconds: 50), truth: .identity)?.position == 4)
        #expect(report.add("a.jpg", lost(), truth: .identity) == nil)
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
        #expect(json.object?.map(\.name).suffix(4) == ["latency_ms", "failed", "calibration", "unused"])
    }

    @Test("images that could not be used are named and counted, and are in no figure")
    func failed() throws {
        var report = EvaluationReport(unused: [try #require(UnusedInput("images", "have no pose", ["x.jpg"]))])
        report.add("a.jpg", found(x: 0), truth: .identity)
        report.failures = [("b.jpg", "b.jpg: damaged"), ("c.jpg", "c.jpg: missing")]
        #expect(
            report.text.hasPrefix(
                "localized 1 of 1 queries; 2 more could not be used, and are in none of the figures\n"))
        let json = try JSON(parsing: report.json)
        #expect(json["queries"]?.int == 1 && json["recall"]?["5.0m_10.0deg"]?.double == 1)
        #expect(json["failed"]?.array?.map { $0["name"]?.string } == ["b.jpg", "c.jpg"])
        #expect(json["failed"]?.array?.first?["reason"]?.string == "b.jpg: damaged")
        #expect(json["unused"]?.array?.first?["count"]?.int == 1 && json["images"] == nil)
    }

    @Test("JSON has a row for each image where rows are wanted, of lost ones too")
    func rows() throws {
        var report = EvaluationReport(keepsRows: true)
        report.add("a.jpg", found(x: 3, milliseconds: 7), truth: .identity)
        report.add("b.jpg", lost(), truth: .identity)
        let rows = try #require(try JSON(parsing: report.json)["images"]?.array)
        #expect(rows.map { $0["name"]?.string } == ["a.jpg", "b.jpg"])
        #expect(rows[0]["position_error_m"]?.double == 3 && rows[0]["source"]?.string == "retrieval")
        #expect(rows[0]["latency_ms"]?.double == 7 && rows[0]["state"]?.string == "localized")
        #expect(rows[1]["position_error_m"] == .null && rows[1]["failed_gate"]?.string == "inliers")
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
        (result.failedGate, result.cameraFromMap) = (.recognition, nil)
        #expect(EvaluationReport.line("a.jpg", result, nil) == "a.jpg: lost (gate recognition, \(evidence))")
    }
}
