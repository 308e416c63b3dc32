internal import CalibrationFixtures
internal import CameraCalibration
internal import Geometry

/// `check` on sessions of 20 views each side, corner errors of .3 pixels partly shared, a board bent by up to .3 mm.
struct CheckSessions {
    let count: Int

    /// What became of the camera, or of the views.
    private enum Case: String, CaseIterable {
        case unchanged, focal, shifted, both, few
    }

    private typealias Tally = [CalibrationCheck.Verdict: Int]

    func measure() throws -> Bool {
        var tallies: [SyntheticSession.Lens: [Case: Tally]] = [:]
        for seed in 0..<count {
            let lens = SyntheticSession.Lens.allCases[seed % 4]
            for (what, verdict) in try verdicts(lens, seed: seed) {
                tallies[lens, default: [:]][what, default: [:]][verdict, default: 0] += 1
            }
        }
        return report(tallies)
    }

    private func verdicts(_ lens: SyntheticSession.Lens, seed: Int) throws -> [(Case, CalibrationCheck.Verdict)] {
        let kinds: [CornerErrors.Kind] = [.smooth, .patchy, .slanted]
        let errors = CornerErrors(deviation: 0.3, kind: kinds[seed / 4 % 3])
        let bend = [0, 0.15e-3, 0.3e-3][seed / 12 % 3]
        let session = SyntheticSession(lens, bend: bend, errors: errors, seed: UInt64(seed))
        let file = try Calibrator(board: session.board).calibrate(session.views("file").views)
        let n = file.parameters.count
        let covariance = (0..<n).map { Array(file.covariance[$0 * n..<$0 * n + n]) }
        func verdict(_ views: [BoardView]) -> CalibrationCheck.Verdict {
            // Views that are refused tell nothing either.
            let check = try? CalibrationCheck(
                file.camera, covariance: covariance, board: file.board, views: views, fileViews: file.usedImages)
            return check?.verdict ?? .unclear
        }
        func changed(focal: Double, shift: Double) throws -> [BoardView] {
            try session.views("later") { p in
                [p[0] * focal, p[1] * focal, p[2] + shift] + p[3...]
            }.views
        }
        var poor = session
        poor.setting.count = 5
        (poor.setting.tilt, poor.setting.leastTilt, poor.setting.region) = (0.3, 0, (0.35...0.65, 0.35...0.65))
        return [
            (.unchanged, verdict(try session.views("later").views)),
            (.focal, verdict(try changed(focal: 1.01, shift: 0))),
            (.shifted, verdict(try changed(focal: 1, shift: 4))),
            (.both, verdict(try changed(focal: 1.01, shift: 4))), (.few, verdict(try poor.views("few").views)),
        ]
    }

    private func report(_ tallies: [SyntheticSession.Lens: [Case: Tally]]) -> Bool {
        print("check: \(count) sessions; verdicts in % of a lens's sessions: changed, unclear, unchanged")
        for lens in SyntheticSession.Lens.allCases {
            guard let tally = tallies[lens] else { continue }
            let columns = Case.allCases.map { "\($0.rawValue) \(Self.text(tally[$0] ?? [:]))" }
            print("  \(lens.rawValue): \(columns.joined(separator: "; "))")
        }
        var all: [Case: Tally] = [:]
        for tally in tallies.values {
            for (what, part) in tally { all[what, default: [:]].merge(part, uniquingKeysWith: +) }
        }
        let columns = Case.allCases.map { "\($0.rawValue) \(Self.text(all[$0] ?? [:]))" }
        print("  all: \(columns.joined(separator: "; "))")
        return Self.changed(all[.unchanged] ?? [:]) <= 0.01
    }

    private static func changed(_ tally: Tally) -> Double {
        let steady = (tally[.unchanged] ?? 0) + (tally[.unclear] ?? 0)
        let all = tally.values.reduce(0, +)
        return Double(all - steady) / Double(max(all, 1))
    }

    private static func text(_ tally: Tally) -> String {
        let all = Double(max(tally.values.reduce(0, +), 1))
        let shares = [changed(tally), Double(tally[.unclear] ?? 0) / all, Double(tally[.unchanged] ?? 0) / all]
        return shares.map { "\((1000 * $0).rounded() / 10)" }.joined(separator: ", ")
    }
}
