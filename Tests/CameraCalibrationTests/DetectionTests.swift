import CameraCalibration
import Features
import Geometry
import TestSupport
import Testing

/// Boards drawn at known places are found, and their corners are where they were drawn.
@Suite struct DetectionTests {
    static let pinhole = try? Camera(
        model: .openCV, parameters: [540, 540, 318, 243, -0.28, 0.07, 0.0004, -0.0003], width: 640, height: 480)
    static let fisheye = try? Camera(
        model: .openCVFisheye, parameters: [210, 210, 322, 238, -0.02, 0.003, -0.001, 0.0002], width: 640, height: 480)

    static let boards = [
        "chessboard:9x6:25mm", "chessboard:10x10:20mm", "chessboard:24x17:9mm",
        "charuco:8x8:25mm:18.75mm:DICT_4X4_1000", "charuco:8x8:25mm:18.75mm:DICT_4X4_1000:legacy",
        "charuco:7x5:32mm:24mm:DICT_5X5_100", "charuco:7x6:30mm:22mm:DICT_6X6_250:legacy",
        "charuco:6x5:40mm:32mm:DICT_7X7_50", "charuco:7x5:32mm:24mm:DICT_ARUCO_ORIGINAL", "aprilgrid:6x6:27mm:0.3",
        "aprilgrid:4x3:50mm:0.25",
    ]

    /// Errors of all corners that were found; fails when ids are wrong.
    static func errors(_ view: BoardView, _ truth: [Vector2?]) -> [Double] {
        view.corners.map { corner in
            guard let pixel = truth[corner.id] else { return .infinity }
            return (corner.pixel - pixel).length
        }
    }

    /// Squares of 25 pixels and more, which nothing but their own edges fills: the window takes in many pixels.
    static func hasLargeFields(_ text: String) -> Bool { text.hasPrefix("chessboard") && !text.contains("24x17") }

    static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    @Test(.slow, arguments: boards, [0, 1, 2])
    func boardsAreFoundWhereTheyAre(_ text: String, _ pose: Int) throws {
        let board = try Board(parsing: text)
        var renderer = BoardRenderer(board, try #require(Self.pinhole))
        renderer.noise = 2
        renderer.gradient = 0.6
        let turn = [Vector3(0.1, -0.15, 0.05), Vector3(0.7, 0.1, -0.2), Vector3(-0.2, -0.75, 0.3)][pose]
        let cameraFromBoard = BoardRenderer.pose(board, turn: turn, distance: 0.40)
        let image = renderer.image(cameraFromBoard, seed: "found \(text) \(pose)")
        let detection = BoardDetector(board: board).examine(image, name: "a")
        let view = try #require(detection.view, "\(detection)")
        let truth = renderer.truth(cameraFromBoard)
        let errors = Self.errors(view, truth)
        #expect(Double(view.corners.count) >= 0.97 * Double(truth.count { $0 != nil }))
        #expect(Self.median(errors) < (Self.hasLargeFields(text) ? 0.04 : 0.08))
        #expect((errors.max() ?? .infinity) < 0.4)
        #expect(view.corners.map(\.id) == view.corners.map(\.id).sorted())
    }

    @Test(arguments: ["chessboard:9x6:25mm", "charuco:8x8:25mm:18.75mm:DICT_4X4_1000", "aprilgrid:6x6:27mm:0.3"])
    func fisheyeViewsAreFound(_ text: String) throws {
        let board = try Board(parsing: text)
        var renderer = BoardRenderer(board, try #require(Self.fisheye))
        renderer.noise = 2
        for (k, at) in [Vector2(0, 0), Vector2(0.7, 0.2), Vector2(-0.8, -0.5)].enumerated() {
            let pose = BoardRenderer.pose(
                board, turn: Vector3(0.2, -0.3 + 0.3 * Double(k), 0.1), distance: 0.16, at: at)
            let image = renderer.image(pose, seed: "fisheye \(text) \(k)")
            let detection = BoardDetector(board: board).examine(image, name: "a")
            let truth = renderer.truth(pose)
            guard !truth.contains(nil) || board.isIdentified else { continue }
            let view = try #require(detection.view, "\(k) \(detection)")
            #expect(Self.median(Self.errors(view, truth)) < 0.1, "\(k)")
            #expect(Double(view.corners.count) > 0.5 * Double(truth.count { $0 != nil }), "\(k)")
        }
    }

    /// What blur does to corners is symmetric: their mean error stays near zero, though they scatter more.
    @Test(arguments: [0.5, 1.5, 3.0])
    func blurDoesNotMoveCorners(_ blur: Double) throws {
        let board = try Board(parsing: "chessboard:9x6:25mm")
        var renderer = BoardRenderer(board, try #require(Self.pinhole))
        renderer.blur = blur
        renderer.noise = 2
        var sum = Vector2.zero
        var count = 0.0
        for k in 0..<4 {
            let turn = Vector3(0.5 - 0.3 * Double(k), 0.4 - 0.2 * Double(k), 0.1 * Double(k))
            let pose = BoardRenderer.pose(board, turn: turn, distance: 0.42)
            let truth = renderer.truth(pose)
            let detector = BoardDetector(board: board)
            let view = try #require(detector.examine(renderer.image(pose, seed: "blur \(blur) \(k)"), name: "a").view)
            for corner in view.corners {
                sum += corner.pixel - (truth[corner.id] ?? .zero)
                count += 1
            }
        }
        #expect((sum / count).length < 0.01)
    }

    @Test func theSameImageGivesTheSameCorners() throws {
        let board = try Board(parsing: "charuco:8x8:25mm:18.75mm:DICT_4X4_1000")
        var renderer = BoardRenderer(board, try #require(Self.pinhole))
        renderer.noise = 6
        let image = renderer.image(BoardRenderer.pose(board, turn: Vector3(0.3, 0.2, 0), distance: 0.45), seed: "same")
        let first = BoardDetector(board: board).examine(image, name: "a")
        for _ in 0..<4 { #expect(BoardDetector(board: board).examine(image, name: "a") == first) }
    }
}
