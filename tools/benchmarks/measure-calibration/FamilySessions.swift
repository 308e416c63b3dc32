internal import CalibrationFixtures
internal import CameraCalibration

/// The model that is taken, for lenses whose kind is known and boards that are flat and bent.
struct FamilySessions {
    let count: Int

    func measure() throws -> Bool {
        print("family: \(count) sessions for each lens and board; share with the right kind of model; models taken")
        var isGood = true
        for lens in SyntheticSession.Lens.allCases {
            for bend in [0, 0.3, 0.8] {
                var models: [String: Int] = [:]
                var right = 0
                for seed in 0..<count {
                    let kind = CornerErrors.Kind.allCases[seed % 4]
                    let session = SyntheticSession(
                        lens, bend: bend / 1000, errors: CornerErrors(deviation: 0.3, kind: kind), seed: UInt64(seed))
                    let board = try session.board
                    let views = try session.views("family").views
                    do throws(CalibrationError) {
                        let found = try Calibrator(board: board).calibrate(views)
                        right += lens.fits(found.model) ? 1 : 0
                        models["\(found.model)\(found.warp == nil ? "" : " bent")", default: 0] += 1
                    } catch {
                        models["\(error)", default: 0] += 1
                    }
                }
                let counts = models.sorted { $0.value > $1.value }.map { "\($0.key) \($0.value)" }
                print("  \(lens.rawValue), \(bend) mm: \(100 * right / count) %; \(counts.joined(separator: ", "))")
                isGood = isGood && right * 100 >= 95 * count
            }
        }
        return isGood
    }
}
