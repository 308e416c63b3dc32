internal import CalibrationFixtures
internal import CameraCalibration
internal import Geometry

/// Errors against the truth over the deviations that are claimed, for each kind of corner errors.
struct CoverageSessions {
    let count: Int

    func measure() throws -> Bool {
        print("coverage: \(count) sessions for each kind of errors; root mean squares of errors over deviations")
        var isGood = true
        for kind in CornerErrors.Kind.allCases {
            var (focal, centre, any) = ([Double](), [Double](), [Double]())
            for seed in 0..<count {
                let lens = SyntheticSession.Lens.allCases[seed % 4]
                let session = SyntheticSession(
                    lens, bend: 0, errors: CornerErrors(deviation: 0.3, kind: kind), seed: UInt64(seed))
                var options = CalibrationOptions.quick(lens.model)
                options.warp = .fit
                let found = try Calibrator(board: session.board, options: options)
                    .calibrate(session.views("coverage").views)
                let errors = zip(zip(found.parameters, session.parameters), found.deviations).map {
                    ($0.0 - $0.1) / $1
                }
                focal += errors[..<2]
                centre += errors[2..<4]
                any += errors
            }
            let within = Double(any.count { abs($0) < 2 }) / Double(any.count)
            let texts = [focal, centre, any].map { "\((100 * Self.rms($0)).rounded() / 100)" }
            print(
                "  \(kind.rawValue): focal \(texts[0]), centre \(texts[1]), all \(texts[2]);",
                "within two deviations \((1000 * within).rounded() / 10) %")
            isGood = isGood && (0.8...1.25).contains(Self.rms(any)) && within > 0.92
        }
        return isGood
    }

    private static func rms(_ values: [Double]) -> Double {
        (values.reduce(0) { $0 + $1 * $1 } / Double(max(values.count, 1))).squareRoot()
    }
}
