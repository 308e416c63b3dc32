import CalibrationFixtures
import CameraCalibration
import Geometry
import GeometryFixtures
import TestSupport
import Testing

@Suite struct CalibratorTests {
    static func sigmas(_ calibration: Calibration, _ truth: [Double]) -> [Double] {
        zip(zip(calibration.parameters, truth), calibration.deviations).map { abs($0.0 - $0.1) / $1 }
    }

    @Test("without noise the truth is found", arguments: LensModel.allCases)
    func exact(model: LensModel) throws {
        let (camera, board) = (try TestCameras.camera(model), try TestCameras.board())
        let scene = SyntheticViews(camera, board: board, setting: .init(noise: 0), seed: 71)
        let calibration = try Calibrator(board: board, options: .quick(model)).calibrate(scene.views)
        // The rational model's denominator is bound a little.
        #expect(calibration.rmsPixels < (model == .radtan8 ? 1e-3 : 1e-6))
        for (found, truth) in zip(calibration.parameters.prefix(4), TestCameras.parameters(model)) {
            #expect(abs(found - truth) < 1e-4 * truth)
        }
        for (view, pose) in zip(calibration.views, scene.poses) {
            #expect((view.cameraFromBoard * pose.inverse).log.translation.length < 1e-5)
        }
    }

    @Test("focal lengths from wide to tele are found from nothing", arguments: [0.3, 0.5, 1, 2, 5, 8])
    func focalLengths(share: Double) throws {
        let f = share * 1280
        let camera = try Camera(
            focalLength: Vector2(f, f * 1.01), principalPoint: Vector2(650, 340), width: 1280, height: 720)
        let board = try TestCameras.board()
        var setting = SyntheticViews.Setting()
        setting.distance = 0.45 * max(share, 0.6)...0.7 * max(share, 0.6)
        let scene = SyntheticViews(camera, board: board, setting: setting, seed: 72)
        let calibration = try Calibrator(board: board, options: .quick(.radtan4)).calibrate(scene.views)
        for sigma in Self.sigmas(calibration, [f, f * 1.01, 650, 340, 0, 0, 0, 0]) { #expect(sigma < 4) }
        #expect(calibration.rmsPixels < 0.16)
    }

    @Test("a principal point far from the middle is found")
    func croppedImage() throws {
        let camera = try TestCameras.camera(.radtan4, width: 1280, height: 960)
            .cropped(x: -260, y: 40, width: 700, height: 440)
        let board = try TestCameras.board()
        let scene = SyntheticViews(camera, board: board, seed: 73)
        let calibration = try Calibrator(board: board, options: .quick(.radtan4)).calibrate(scene.views)
        for sigma in Self.sigmas(calibration, Array(camera.parameters)) { #expect(sigma < 4) }
    }

    @Test("a fisheye lens is taken for one, seen by a large grid of tags that a straight model nearly fits too")
    func fisheyeIsChosen() throws {
        let (camera, board) = (try TestCameras.camera(.fisheye), try Board(parsing: "aprilgrid:6x6:88mm:0.3"))
        let setting = SyntheticViews.Setting(count: 10, noise: 0.05, tilt: 0.6, distance: 0.22...0.45)
        let scene = SyntheticViews(camera, board: board, setting: setting, seed: 76)
        let calibration = try Calibrator(board: board).calibrate(scene.views)
        #expect(calibration.model == .fisheye, "\(calibration.heldOutErrors)")
        for sigma in Self.sigmas(calibration, TestCameras.parameters(.fisheye)) { #expect(sigma < 4) }
    }

    @Test("wrong corners and a wrong view are left out and named, and move nothing", arguments: LensModel.allCases)
    func outliers(model: LensModel) throws {
        let (camera, board) = (try TestCameras.camera(model), try TestCameras.board())
        var scene = SyntheticViews(camera, board: board, seed: 74)
        var g = SeededGenerator(seed: 75)
        var wrong: [String: Set<Int>] = [:]
        for view in scene.views.indices where view != 3 {
            for i in scene.views[view].corners.indices where g.uniform(0, 1) < 0.03 {
                let sign = g.uniform(0, 1) < 0.5 ? 1.0 : -1
                scene.views[view].corners[i].pixel += Vector2(sign * g.uniform(2, 30), g.uniform(-20, 20))
                wrong["view\(view)", default: []].insert(scene.views[view].corners[i].id)
            }
        }
        // One column off: a mistake of a detector that no single corner shows.
        scene.views[3].corners = scene.views[3].corners.compactMap { corner in
            board.position(of: corner.id).column == 8
                ? nil : BoardView.Corner(id: corner.id + 1, pixel: corner.pixel + Vector2(3, 1) * g.normal())
        }
        let calibration = try Calibrator(board: board, options: .quick(model)).calibrate(scene.views)
        #expect(calibration.views[3].isRejected)
        #expect(calibration.advice.contains { $0.topic == .rejection && $0.text.contains("view3") })
        #expect(calibration.usedImages == 19)
        for view in calibration.views where view.name != "view3" {
            let rejected = Set(view.rejected.map(\.id))
            #expect(rejected.isSuperset(of: wrong[view.name] ?? []))
            #expect(rejected.count <= (wrong[view.name]?.count ?? 0) + 2)
        }
        let sigmas = Self.sigmas(calibration, TestCameras.parameters(model))
        // Of the rational model the radial coefficients are not determined one by one.
        for i in sigmas.indices where model != .radtan8 || i < 4 { #expect(sigmas[i] < 4) }
        #expect(abs(calibration.noise - 0.1) < 0.005)
    }

    @Test("a view whose board moved under a rolling shutter is left out by that name", arguments: [true, false])
    func movedBoard(sideways: Bool) throws {
        let (camera, board) = (try TestCameras.camera(.radtan4), try TestCameras.board())
        var scene = SyntheticViews(camera, board: board, seed: 77)
        // The most frontal view: the pose of a tilted board gives way to the shear.
        func tilt(_ pose: RigidTransform) -> Double {
            (pose.rotation * Vector3(0, 0, 1)).angle(to: pose * (board.points[0] + board.points[53]) / 2)
        }
        let moved = try #require(scene.poses.indices.min { tilt(scene.poses[$0]) < tilt(scene.poses[$1]) })
        // So many pixels for each row that was read out later.
        for i in scene.views[moved].corners.indices {
            let shift = 0.03 * (scene.views[moved].corners[i].pixel.y - 240)
            scene.views[moved].corners[i].pixel += sideways ? Vector2(shift, 0) : Vector2(0, shift)
        }
        // And one of scattered corners, of which nothing is known.
        let scattered = (moved + 1) % 20
        for i in scene.views[scattered].corners.indices {
            scene.views[scattered].corners[i].pixel += Vector2(i % 2 == 0 ? 3 : -2, i % 3 == 0 ? 4 : -2)
        }
        let calibration = try Calibrator(board: board, options: .quick(.radtan4)).calibrate(scene.views)
        let rejected = Set(calibration.views.filter(\.isRejected).map(\.name))
        #expect(rejected == ["view\(moved)", "view\(scattered)"])
        let view = calibration.views[moved]
        let shear = try #require(view.shear)
        // The roll of the board shares the shear out to both.
        let size = (shear.slant * shear.slant + shear.stretch * shear.stretch).squareRoot()
        #expect(abs(size - 0.03) < 0.01, "\(shear.slant), \(shear.stretch)")
        #expect(view.rejection?.contains("moved") == true)
        #expect(calibration.advice.contains { $0.text.contains(view.name) && $0.text.contains("Hold both still") })
        #expect(calibration.views[scattered].shear == nil)
        #expect(calibration.views[scattered].rejection == "its corners fit no pose")
        #expect(calibration.views.allSatisfy { ($0.rejection == nil) != $0.isRejected })
    }

    @Test("a bent board is told from a lens")
    func warp() throws {
        let (camera, board) = (try TestCameras.camera(.radtan4), try TestCameras.board())
        var setting = SyntheticViews.Setting()
        setting.warp = BoardWarp(x: 0.0012, y: -0.0007)
        let bent = SyntheticViews(camera, board: board, setting: setting, seed: 76)
        var options = CalibrationOptions()
        options.model = .radtan4
        let calibration = try Calibrator(board: board, options: options).calibrate(bent.views)
        let (warp, deviation) = (try #require(calibration.warp), try #require(calibration.warpDeviations))
        #expect(abs(warp.x - 0.0012) < 4 * deviation.x && abs(warp.y + 0.0007) < 4 * deviation.y)
        #expect(deviation.x < 0.0001)
        for sigma in Self.sigmas(calibration, TestCameras.parameters(.radtan4)) { #expect(sigma < 4) }
        // Taken as flat, the same board moves the camera by many standard deviations: the test can fail.
        options.warp = .flat
        let flat = try Calibrator(board: board, options: options).calibrate(bent.views)
        let errors = zip(flat.parameters, TestCameras.parameters(.radtan4)).map { abs($0 - $1) }
        #expect(zip(errors, calibration.deviations).contains { $0 > 4 * $1 })
        // And a flat board is not called bent.
        options.warp = .auto
        let straight = SyntheticViews(camera, board: board, seed: 77)
        let found = try Calibrator(board: board, options: options).calibrate(straight.views)
        #expect(abs(found.warp?.x ?? 0) < 0.0001 && abs(found.warp?.y ?? 0) < 0.0001)
    }

    @Test("the model is the simplest that predicts as well as any", arguments: LensModel.allCases)
    func modelChoice(model: LensModel) throws {
        let (camera, board) = (try TestCameras.camera(model), try TestCameras.board())
        let scene = SyntheticViews(camera, board: board, setting: .init(count: 25), seed: 78)
        let calibration = try Calibrator(board: board).calibrate(scene.views)
        let chosen = calibration.model
        #expect(calibration.rmsPixels < 0.15)
        // The projections agree with the truth, whatever the model is called.
        let worst = [Vector2(40, 40), Vector2(600, 440), Vector2(320, 240)].map { pixel -> Double in
            guard let ray = camera.bearing(of: pixel), let seen = calibration.camera.project(ray) else {
                return .infinity
            }
            return (seen - pixel).length
        }
        #expect((worst.max() ?? 0) < 2.5, "\(chosen) for \(model): \(calibration.heldOutErrors)")
        switch model {
        case .pinhole: #expect(chosen == .pinhole)
        case .radtan4: #expect(chosen == .radtan4)
        case .fisheye: #expect(chosen == .fisheye)
        case .radtan5, .radtan8: #expect(chosen != .pinhole && chosen != .radtan4)
        }
        #expect(calibration.heldOutErrors.count { $0.isChosen } == 1)
    }

    @Test("views that show part of the board count")
    func partialViews() throws {
        let (camera, board) = (
            try TestCameras.camera(.radtan4), try Board(parsing: "charuco:12x9:20mm:15mm:DICT_4X4_1000")
        )
        var setting = SyntheticViews.Setting()
        (setting.distance, setting.region) = (0.15...0.3, (0.0...1.0, 0.0...1.0))
        let scene = SyntheticViews(camera, board: board, setting: setting, seed: 79)
        #expect(scene.views.contains { $0.corners.count < board.points.count * 3 / 4 })
        let calibration = try Calibrator(board: board, options: .quick(.radtan4)).calibrate(scene.views)
        for sigma in Self.sigmas(calibration, TestCameras.parameters(.radtan4)) { #expect(sigma < 4) }
        #expect(calibration.usedImages == 20)
    }

    @Test("the halves of good views agree as their noise says")
    func crossValidation() throws {
        let (camera, board) = (try TestCameras.camera(.radtan4), try TestCameras.board())
        let scene = SyntheticViews(camera, board: board, setting: .init(count: 30), seed: 80)
        var options = CalibrationOptions.quick(.radtan4)
        options.crossValidates = true
        let difference = try #require(
            try Calibrator(board: board, options: options).calibrate(scene.views).crossValidation)
        #expect(difference.percentile95 < 2 * difference.expected95 && difference.percentile95 > 0)
        // With a lens that changed half-way they do not.
        let other = try Camera(
            model: .openCV, parameters: [537, 535] + TestCameras.parameters(.radtan4).dropFirst(2), width: 640,
            height: 480)
        let changed = SyntheticViews(other, board: board, setting: .init(count: 30), seed: 81)
        let mixed = zip(scene.views, changed.views).flatMap { [$0, $1] }
        options.rejectsOutliers = false
        let apart = try #require(try Calibrator(board: board, options: options).calibrate(mixed).crossValidation)
        #expect(apart.percentile95 > 3 * apart.expected95)
    }
}
