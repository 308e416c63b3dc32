import CalibrationFixtures
import CameraCalibration
import Geometry
import GeometryFixtures
import TestSupport
import Testing

/// What no calibration can be made of is refused, with the cure.
@Suite struct RefusalTests {
    static func refusal(_ views: [BoardView], images: Int? = nil) throws -> CalibrationError? {
        let board = try TestCameras.board()
        do throws(CalibrationError) {
            _ = try Calibrator(board: board).calibrate(views, imageCount: images)
            return nil
        } catch {
            return error
        }
    }

    static func scene(_ setting: SyntheticViews.Setting = .init(), seed: UInt64 = 91) throws -> [BoardView] {
        SyntheticViews(try TestCameras.camera(.radtan4), board: try TestCameras.board(), setting: setting, seed: seed)
            .views
    }

    @Test func noBoard() throws {
        #expect(try Self.refusal([], images: 7) == .noBoard(images: 7))
        #expect(CalibrationError.noBoard(images: 7).description.contains("Check --board"))
    }

    @Test func oneAndTwoViews() throws {
        let views = try Self.scene()
        #expect(try Self.refusal([views[0]], images: 3) == .tooFewViews(found: 1, needed: 3, images: 3))
        #expect(try Self.refusal(Array(views.prefix(2))) == .tooFewViews(found: 2, needed: 3, images: 2))
        #expect(
            CalibrationError.tooFewViews(found: 1, needed: 3, images: 3).description.contains("take 15 or more images"))
    }

    @Test func fewCorners() throws {
        let views = try Self.scene().map { view in
            var view = view
            view.corners = Array(view.corners.prefix(5))
            return view
        }
        #expect(try Self.refusal(views) == .tooFewViews(found: 0, needed: 3, images: 20))
    }

    @Test func cornersOnALine() throws {
        let views = try Self.scene().map { view in
            var view = view
            view.corners = view.corners.filter { $0.id < 9 }
            return view
        }
        #expect(try Self.refusal(views) == .tooFewViews(found: 0, needed: 3, images: 20))
    }

    @Test func mixedSizes() throws {
        var views = try Self.scene()
        (views[4].width, views[4].height) = (1280, 720)
        let error = try Self.refusal(views)
        #expect(error?.description.contains("19 of 640 x 480") == true)
        #expect(error?.description.contains("1 of 1280 x 720 (view4)") == true)
    }

    @Test func mirroredBoard() throws {
        let views = try Self.scene().map { view in
            var view = view
            view.corners = view.corners.map { .init(id: $0.id, pixel: Vector2(639 - $0.pixel.x, $0.pixel.y)) }
            return view
        }
        #expect(try Self.refusal(views) == .mirrored(views: 20, of: 20, example: "view0"))
    }

    @Test("boards all frontal, or all tilted alike, say nothing of the focal length")
    func parallelBoards() throws {
        var frontal = SyntheticViews.Setting()
        frontal.count = 15
        let camera = try TestCameras.camera(.radtan4)
        let board = try TestCameras.board()
        for turn in [Vector3.zero, Vector3(0.5, 0, 0), Vector3(0, -0.4, 0)] {
            var g = SeededGenerator(seed: 92)
            var views: [BoardView] = []
            let empty = SyntheticViews(camera, board: board, setting: .init(count: 0), seed: 0)
            for i in 0..<15 {
                let rotation = Rotation(exp: turn) * Rotation(exp: Vector3(0, 0, g.uniform(-0.3, 0.3)))
                let at = Vector3(g.uniform(-0.2, 0), g.uniform(-0.15, 0), g.uniform(0.4, 0.7))
                let pose = RigidTransform(rotation: rotation, translation: at)
                let view = empty.view(of: pose, name: "view\(i)", frontal, &g)
                if view.corners.count > 30 { views.append(view) }
            }
            let error = try #require(try Self.refusal(views))
            switch error {
            case .parallel, .uncertainFocalLength: break
            default: Issue.record("\(error)")
            }
            #expect(error.description.contains("tilted"))
        }
    }

    @Test("the same image many times is one view")
    func sameImage() throws {
        let view = try Self.scene()[0]
        let views = (0..<12).map { i in
            var copy = view
            copy.name = "copy\(i)"
            return copy
        }
        #expect(try Self.refusal(views) != nil)
    }

    @Test("corners that fit no camera are refused, not averaged")
    func nonsense() throws {
        var g = SeededGenerator(seed: 93)
        let views = try Self.scene().map { view in
            var view = view
            for i in view.corners.indices {
                view.corners[i].pixel += Vector2(g.normal(), g.normal()) * 40
            }
            return view
        }
        let error = try #require(try Self.refusal(views))
        #expect(error.description.contains("no camera explains") || error.description.contains("mirror"))
    }

    @Test("a board whose sides are exchanged fits no camera")
    func exchangedSides() throws {
        let board = try Board(parsing: "chessboard:6x9:25mm")
        let views = try Self.scene()
        #expect(throws: CalibrationError.self) { try Calibrator(board: board).calibrate(views) }
    }
}
