import CalibrationFixtures
import CameraCalibration
import Geometry
import GeometryFixtures
import TestSupport
import Testing

/// Whether a changed camera is told from an unchanged one.
@Suite struct CheckTests {
    /// A camera file as a calibration of 20 views makes it.
    static func file() throws -> (camera: Camera, covariance: [[Double]]) {
        let scene = SyntheticViews(try TestCameras.camera(.radtan4), board: try TestCameras.board(), seed: 101)
        let calibration = try Calibrator(board: scene.board, options: .quick(.radtan4)).calibrate(scene.views)
        let n = calibration.parameters.count
        return (calibration.camera, (0..<n).map { Array(calibration.covariance[$0 * n..<$0 * n + n]) })
    }

    static func check(_ parameters: [Double], seed: UInt64, count: Int = 12) throws -> CalibrationCheck {
        let file = try file()
        let camera = try Camera(model: .openCV, parameters: parameters, width: 640, height: 480)
        let scene = SyntheticViews(camera, board: try TestCameras.board(), setting: .init(count: count), seed: seed)
        return try CalibrationCheck(file.camera, covariance: file.covariance, board: scene.board, views: scene.views)
    }

    @Test("the same camera is found unchanged, forty times", arguments: 0..<40)
    func unchanged(seed: Int) throws {
        let check = try Self.check(TestCameras.parameters(.radtan4), seed: 200 + UInt64(seed))
        #expect(check.verdict == .unchanged)
        #expect(check.difference < check.limit)
        #expect(abs(check.rmsOfFile - check.rmsAnew) < 0.01)
    }

    @Test("chi-square is that of the number of parameters")
    func chiSquare() throws {
        // The file's own error is common to all: drawn anew for each.
        let (camera, board) = (try TestCameras.camera(.radtan4), try TestCameras.board())
        let calibrator = Calibrator(board: board, options: .quick(.radtan4))
        var sum = 0.0
        for seed in 0..<60 {
            let old = try calibrator.calibrate(SyntheticViews(camera, board: board, seed: 300 + UInt64(seed)).views)
            let covariance = (0..<8).map { Array(old.covariance[$0 * 8..<$0 * 8 + 8]) }
            let later = SyntheticViews(camera, board: board, setting: .init(count: 12), seed: 400 + UInt64(seed))
            sum += try CalibrationCheck(old.camera, covariance: covariance, board: board, views: later.views).chiSquare
        }
        // Mean 8, standard error 0.52.
        #expect(abs(sum / 60 - 8) < 2)
    }

    @Test("a turned focus, a moved sensor and another camera are told apart")
    func changes() throws {
        let p = TestCameras.parameters(.radtan4)
        let refocused = try Self.check([p[0] * 1.012, p[1] * 1.012] + p[2...], seed: 111)
        #expect(refocused.verdict == .refocused)
        #expect(abs(refocused.focalChange.percent - 1.2) < 4 * refocused.focalChange.deviation)
        #expect(refocused.rmsOfFile > refocused.rmsAnew)
        let moved = try Self.check([p[0], p[1], p[2] + 14, p[3] - 9] + p[4...], seed: 112)
        #expect(moved.verdict == .moved)
        #expect((moved.principalPointChange.pixels - Vector2(14, -9)).length < 3)
        let swapped = try Self.check(Array(p[..<2]).map { $0 * 1.3 } + p[2..<4] + [0.05, -0.02, 0, 0], seed: 113)
        #expect(swapped.verdict == .swapped)
    }

    @Test("a fisheye's file and a straight lens's images, and the other way round, are another lens")
    func otherLens() throws {
        let board = try TestCameras.board()
        let fisheye = try TestCameras.camera(.fisheye, [150, 150, 320, 240, 0.02, -0.006, 0.002, -0.0006])
        let straight = try TestCameras.camera(.radtan4)
        for (camera, other) in [(fisheye, straight), (straight, fisheye)] {
            let n = camera.parameters.count
            let covariance = (0..<n).map { i in (0..<n).map { $0 == i ? (i < 4 ? 0.01 : 1e-6) : 0 } }
            let scene = SyntheticViews(other, board: board, setting: .init(count: 12, distance: 0.15...0.4), seed: 118)
            let check = try CalibrationCheck(camera, covariance: covariance, board: board, views: scene.views)
            #expect(check.verdict == .swapped, "\(check.difference) \(check.focalChange)")
            let text = check.report(file: "cam.yaml")
            #expect(text.hasPrefix("CHANGED, swapped") && !text.contains("unbounded pixels"))
        }
    }

    @Test("three views near the middle cannot tell")
    func unclear() throws {
        let file = try Self.file()
        var setting = SyntheticViews.Setting()
        (setting.count, setting.errors, setting.distance) = (3, CornerErrors(deviation: 0.6), 0.9...1.1)
        (setting.region, setting.tilt) = ((0.4...0.6, 0.4...0.6), 0.3)
        let scene = SyntheticViews(
            try TestCameras.camera(.radtan4), board: try TestCameras.board(), setting: setting, seed: 114)
        let check = try CalibrationCheck(
            file.camera, covariance: file.covariance, board: scene.board, views: scene.views)
        #expect(check.verdict == .unclear)
    }

    @Test("images of another size are refused")
    func otherSize() throws {
        let file = try Self.file()
        let scene = SyntheticViews(
            try TestCameras.camera(.radtan4, width: 1280, height: 720), board: try TestCameras.board(), seed: 115)
        #expect(throws: CalibrationError.self) {
            try CalibrationCheck(file.camera, covariance: file.covariance, board: scene.board, views: scene.views)
        }
    }

    @Test("a file whose model has one focal length is compared with its sibling's", arguments: [true, false])
    func singleFocalLength(hasCovariance: Bool) throws {
        let camera = try Camera(
            model: .simpleRadial, parameters: [530, 316, 244, -0.2], width: 640, height: 480)
        let board = try TestCameras.board()
        let scene = SyntheticViews(camera, board: board, setting: .init(count: 12), seed: 171)
        // Of f, cx, cy and k1.
        let covariance = (0..<4).map { i in (0..<4).map { $0 == i ? [0.04, 0.04, 0.04, 1e-6][i] : 0 } }
        let check = try CalibrationCheck(
            camera, covariance: hasCovariance ? covariance : nil, board: board, views: scene.views)
        #expect(check.verdict == .unchanged)
        #expect(check.calibration.model == .radtan4 && check.degreesOfFreedom == 8)
        // The file's own uncertainty adds to the views'.
        let own = check.calibration.covariance[0].squareRoot()
        let deviation = check.focalChange.deviation / 100 * 530
        #expect(abs(deviation - (own * own + (hasCovariance ? 0.04 : 0)).squareRoot()) < 1e-9)
    }

    @Test("the model of a camera file is fitted, or named if none of its formula is", arguments: CameraSamples.all)
    func everyModel(camera: Camera) throws {
        guard LensModel.allCases.contains(where: { $0.cameraModel.formula == camera.model.formula }) else {
            let board = try TestCameras.board()
            #expect(throws: CalibrationError.notFitted(model: camera.model)) {
                try CalibrationCheck(camera, covariance: nil, board: board, views: [])
            }
            return
        }
        let general = camera.withTwoFocalLengths
        let model = try #require(LensModel(of: general)?.cameraModel)
        #expect(model.formula == general.model.formula && model.coefficientCount >= general.model.coefficientCount)
        #expect((LensModel(of: camera) == nil) == camera.model.hasSingleFocalLength)
    }
}
