import CalibrationFixtures
import CameraCalibration
import Geometry
import TestSupport
import Testing

/// What a calibration says of itself when the errors of a view's corners are not independent: what all images do. The
/// same at length: tools/benchmarks/measure-calibration.
@Suite struct SharedErrorTests {
    static func session(
        _ lens: SyntheticSession.Lens, _ kind: CornerErrors.Kind, bend: Double = 0, seed: Int
    ) -> SyntheticSession {
        SyntheticSession(lens, bend: bend, errors: CornerErrors(deviation: 0.3, kind: kind), seed: UInt64(seed))
    }

    @Test("parameters scatter as their deviations say", .slow, arguments: CornerErrors.Kind.allCases)
    func coverage(kind: CornerErrors.Kind) throws {
        var normalized: [Double] = []
        for seed in 0..<40 {
            let lens = SyntheticSession.Lens.allCases[seed % 4]
            let session = Self.session(lens, kind, seed: 5000 + seed)
            let found = try Calibrator(board: session.board, options: .quick(lens.model))
                .calibrate(session.views("coverage").views)
            for (i, deviation) in found.deviations.enumerated() {
                normalized.append((found.parameters[i] - session.parameters[i]) / deviation)
            }
        }
        // Deviations from independent corners alone: 1.3 (patchy) to 2.6 (slanted).
        let scatter = (normalized.reduce(0) { $0 + $1 * $1 } / Double(normalized.count)).squareRoot()
        #expect((0.8...1.2).contains(scatter), "\(kind): \(scatter) times as predicted")
        let within = Double(normalized.count { abs($0) < 2 }) / Double(normalized.count)
        #expect(within > 0.92, "\(kind): \(within) within two deviations")
    }

    static func covariance(_ file: Calibration) -> [[Double]] {
        let n = file.parameters.count
        return (0..<n).map { Array(file.covariance[$0 * n..<$0 * n + n]) }
    }

    @Test("the camera of one half is not called changed by the other half, and a changed one is not called unchanged")
    func halves() throws {
        var (alarms, missed, found) = (0, 0, 0)
        let kinds: [CornerErrors.Kind] = [.smooth, .patchy, .slanted]
        for seed in 0..<48 {
            let lens = SyntheticSession.Lens.allCases[seed % 4]
            let session = Self.session(lens, kinds[seed / 4 % 3], bend: Double(seed % 3) * 0.15e-3, seed: 6000 + seed)
            let file = try Calibrator(board: session.board).calibrate(session.views("file").views)
            func verdict(_ scene: SyntheticViews) throws -> CalibrationCheck.Verdict {
                try CalibrationCheck(
                    file.camera, covariance: Self.covariance(file), board: file.board, views: scene.views,
                    fileViews: file.usedImages
                ).verdict
            }
            let same = try verdict(session.views("later"))
            alarms += [.unchanged, .unclear].contains(same) ? 0 : 1
            let other = try verdict(
                session.views("later") { [$0[0] * 1.01, $0[1] * 1.01, $0[2] + 4] + $0[3...] })
            missed += other == .unchanged ? 1 : 0
            found += [.unchanged, .unclear].contains(other) ? 0 : 1
        }
        // Of the independent covariance 17 alarms.
        #expect(alarms == 0 && missed <= 2 && found >= 34, "\(alarms) alarms, \(missed) missed, \(found) found")
    }

    @Test("few views in the middle of the image decide nothing", arguments: SyntheticSession.Lens.allCases)
    func poorViews(lens: SyntheticSession.Lens) throws {
        var session = Self.session(lens, .smooth, seed: 6100)
        let file = try Calibrator(board: session.board).calibrate(session.views("file").views)
        session.setting.count = 4
        (session.setting.leastTilt, session.setting.tilt) = (0, 0.3)
        session.setting.region = (0.4...0.6, 0.4...0.6)
        let check = try CalibrationCheck(
            file.camera, covariance: Self.covariance(file), board: file.board, views: session.views("poor").views,
            fileViews: file.usedImages)
        #expect(check.verdict == .unclear)
    }

    @Test(
        "the lens's kind is found behind flat and bent boards", .slow,
        arguments: SyntheticSession.Lens.allCases, [0, 0.3e-3, 0.8e-3])
    func families(lens: SyntheticSession.Lens, bend: Double) throws {
        var wrong: [String] = []
        for seed in 0..<8 {
            let session = Self.session(lens, CornerErrors.Kind.allCases[seed % 4], bend: bend, seed: 7000 + seed)
            let found = try Calibrator(board: session.board).calibrate(session.views("family").views)
            if !lens.fits(found.model) { wrong.append("\(seed): \(found.model)") }
            #expect(bend < 0.5e-3 || found.warp != nil, "\(seed): the bend is not seen")
        }
        #expect(wrong.isEmpty)
    }

    @Test("views that show the same count once, and are named")
    func repetitions() throws {
        let session = Self.session(.normal, .smooth, seed: 6200)
        let scene = try session.views("twice")
        let calibrator = Calibrator(board: scene.board, options: .quick(.radtan4))
        let once = try calibrator.calibrate(scene.views)
        let copies = scene.views.enumerated().map { index, view in
            var copy = view
            copy.name = "copy of \(view.name)"
            // As another encoding of the same image moves its corners.
            for i in copy.corners.indices { copy.corners[i].pixel += Vector2(0.05, index % 2 == 0 ? 0.03 : -0.03) }
            return copy
        }
        let twice = try calibrator.calibrate(scene.views + copies)
        #expect(twice.deviations == once.deviations)
        #expect(twice.usedImages == 20 && twice.dropped.count == 20)
        #expect(
            twice.dropped.first?.reason == "shows the board where view0 shows it: the two count once"
                && twice.dropped.first?.name == "copy of view0")
        #expect(throws: CalibrationError.repeatedViews(different: 1, views: 5, needed: 3)) {
            try calibrator.calibrate([BoardView](repeating: scene.views[0], count: 5))
        }
    }

    @Test("the headline is what the halves show when that is more than the residuals say")
    func headline() throws {
        let session = Self.session(.normal, .independent, seed: 6300)
        let (before, after) = (
            try session.views("before"), try session.views("after") { [$0[0] * 1.03, $0[1] * 1.03] + $0[2...] }
        )
        var options = CalibrationOptions.quick(.radtan4)
        (options.crossValidates, options.rejectsOutliers) = (true, false)
        let mixed = zip(before.views, after.views).flatMap { [$0, $1] }.enumerated().map { index, view in
            var view = view
            view.name = "\(index)"
            return view
        }
        let found = try Calibrator(board: before.board, options: options).calibrate(mixed)
        let halves = try #require(found.crossValidation)
        #expect(halves.agreement != .asExpected)
        #expect(found.isStatedByHalves && found.statedUncertainty == halves.percentile95 / 2)
        #expect(found.advice.contains { $0.topic == .crossValidation })
        let text = CalibrationText(found, absences: []).report(output: nil)
        #expect(
            text.split(separator: "\n").joined(separator: " ").contains("So much the two halves of the views differ"))
        // And of views that agree it is what they say.
        let plain = try Calibrator(board: before.board, options: options).calibrate(before.views)
        #expect(plain.crossValidation?.agreement == .asExpected)
    }

    @Test("halves that know too little to agree say nothing against the whole")
    func ignorantHalves() throws {
        // Of a circular fisheye, every second view in the middle, the others at the edge.
        let session = Self.session(.normal, .independent, seed: 6301)
        var options = CalibrationOptions.quick(.radtan4)
        options.crossValidates = true
        let scene = try session.views("x")
        var found = try Calibrator(board: scene.board, options: options).calibrate(scene.views)
        let claimed = found.projectionUncertainty.percentile95
        var halves = try #require(found.crossValidation)
        (halves.percentile95, halves.expected95) = (25, 30)
        found.crossValidation = halves
        #expect(found.statedUncertainty == claimed && !found.isStatedByHalves)
        found.crossValidation?.expected95 = 24
        #expect(found.statedUncertainty == 12.5 && found.isStatedByHalves)
    }
}
