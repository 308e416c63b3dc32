import CameraCalibration
import Features
import Geometry
import TestSupport
import Testing

/// What is no board, or not this one, or only part of one, is refused with the reason; or used as far as it goes.
@Suite struct DetectionRefusalTests {
    let camera = DetectionTests.pinhole

    func image(
        of text: String, turn: Vector3 = Vector3(0.2, 0.2, 0), distance: Double = 0.42, at: Vector2 = .zero,
        _ change: (inout BoardRenderer) -> Void = { _ in }
    ) throws -> GreyImage {
        let board = try Board(parsing: text)
        var renderer = BoardRenderer(board, try #require(camera))
        renderer.noise = 2
        change(&renderer)
        return renderer.image(
            BoardRenderer.pose(board, turn: turn, distance: distance, at: at), seed: "\(text) \(turn) \(distance) \(at)"
        )
    }

    func absence(_ text: String, _ image: GreyImage) throws -> BoardAbsence? {
        guard case .absent(let why) = BoardDetector(board: try Board(parsing: text)).examine(image, name: "a") else {
            return nil
        }
        return why
    }

    static func flipped(_ image: GreyImage) -> GreyImage {
        var out = image
        for y in 0..<image.height { for x in 0..<image.width { out[x, y] = image[image.width - 1 - x, y] } }
        return out
    }

    static func turned(_ image: GreyImage) -> GreyImage {
        var out = image
        for y in 0..<image.height {
            for x in 0..<image.width { out[x, y] = image[image.width - 1 - x, image.height - 1 - y] }
        }
        return out
    }

    @Test(arguments: DetectionTests.boards) func nothingIsNoBoard(_ text: String) throws {
        var generator = SeededGenerator("noise")
        var noise = GreyImage(width: 320, height: 240)
        for i in noise.pixels.indices { noise.pixels[i] = UInt8.random(in: 0...255, using: &generator) }
        #expect(try absence(text, noise) != nil)
        #expect(try absence(text, GreyImage(width: 320, height: 240, filledWith: 90)) == .noContrast)
        #expect(try absence(text, GreyImage(width: 1, height: 1)) == .noPattern)
        #expect(try absence(text, GreyImage(width: 3000, height: 2)) == .noPattern)
    }

    @Test(arguments: [
        "charuco:8x8:25mm:18.75mm:DICT_4X4_1000", "charuco:7x5:32mm:24mm:DICT_5X5_100", "aprilgrid:4x3:50mm:0.25",
    ])
    func mirrorImagesAreRefused(_ text: String) throws {
        let image = try image(of: text)
        #expect(try absence(text, Self.flipped(image)) == .mirrored)
        #expect(try absence(text, Self.turned(image)) == nil)
    }

    @Test func otherBoardsAreNamed() throws {
        let chessboard = try image(of: "chessboard:9x6:25mm")
        #expect(try absence("chessboard:8x6:25mm", chessboard) == .otherSize(columns: 9, rows: 6))
        let smaller = try absence("chessboard:10x7:25mm", chessboard)
        #expect(smaller == .smallerBoard(columns: 9, rows: 6, needed: 70))
        #expect(smaller?.description.hasPrefix("a board of 9x6 inner corners was found") == true)
        guard case .noMarkers = try absence("charuco:8x8:25mm:18mm:DICT_4X4_50", chessboard) else {
            Issue.record("markers on a plain chessboard")
            return
        }
        let charuco = try image(of: "charuco:8x8:25mm:18.75mm:DICT_4X4_1000")
        #expect(try absence("charuco:8x8:25mm:18.75mm:DICT_6X6_250", charuco) != nil)
        #expect(try absence("aprilgrid:6x6:27mm:0.3", charuco) != nil)
    }

    /// Its markers lie in rows of another length: a part of them would fit somewhere, as on no board that was meant.
    @Test(arguments: ["6x6", "7x9", "9x7", "10x10"]) func aMarkedBoardOfOtherSizeIsNamed(_ size: String) throws {
        let image = try image(of: "charuco:8x8:25mm:18.75mm:DICT_4X4_1000")
        guard case .otherMarkers(let read) = try absence("charuco:\(size):25mm:18.75mm:DICT_4X4_1000", image) else {
            Issue.record("\(String(describing: try absence("charuco:\(size):25mm:18.75mm:DICT_4X4_1000", image)))")
            return
        }
        #expect(read >= 6)
    }

    @Test(arguments: ["5x6", "7x6"]) func aGridOfOtherTagsIsNamed(_ size: String) throws {
        let image = try image(of: "aprilgrid:6x6:27mm:0.3")
        guard case .otherMarkers = try absence("aprilgrid:\(size):27mm:0.3", image) else {
            Issue.record("\(String(describing: try absence("aprilgrid:\(size):27mm:0.3", image)))")
            return
        }
    }

    @Test func theLegacyPatternIsNotTheNewOne() throws {
        let image = try image(of: "charuco:8x8:25mm:18.75mm:DICT_4X4_1000:legacy")
        #expect(try absence("charuco:8x8:25mm:18.75mm:DICT_4X4_1000", image) == .otherPattern)
        #expect(try absence("charuco:8x8:25mm:18.75mm:DICT_4X4_1000:legacy", image) == nil)
    }

    /// A hand over half of it: a chessboard is refused, of the others the rest is used, with the right ids.
    @Test(arguments: ["chessboard:9x6:25mm", "charuco:8x8:25mm:18.75mm:DICT_4X4_1000", "aprilgrid:6x6:27mm:0.3"])
    func halfOfABoard(_ text: String) throws {
        let board = try Board(parsing: text)
        let renderer = BoardRenderer(board, try #require(camera))
        let pose = BoardRenderer.pose(board, turn: Vector3(0.1, 0.2, 0), distance: 0.42)
        var image = renderer.image(pose, seed: "half")
        for y in 0..<image.height { for x in 330..<image.width { image[x, y] = 150 } }
        let detection = BoardDetector(board: board).examine(image, name: "a")
        guard board.isIdentified else {
            switch detection {
            case .absent(.tooFewCorners), .absent(.smallerBoard): break
            default: Issue.record("\(detection)")
            }
            return
        }
        let view = try #require(detection.view, "\(detection)")
        #expect(view.corners.count > board.points.count / 4)
        let errors = DetectionTests.errors(view, renderer.truth(pose))
        #expect((errors.max() ?? .infinity) < 0.5)
    }

    @Test func badLightIsBorneOrRefused() throws {
        let text = "chessboard:9x6:25mm"
        let overexposed = try image(of: text) {
            $0.white = 420
            $0.black = 60
            $0.background = 200
        }
        #expect(try absence(text, overexposed) == nil)
        let dark = try image(of: text) { ($0.white, $0.black, $0.background) = (40, 12, 20) }
        #expect(try absence(text, dark) == nil)
        let black = try image(of: text) { ($0.white, $0.black, $0.background) = (4, 2, 3) }
        #expect(try absence(text, black) == .noContrast)
    }

    /// Squares of seven pixels are still found; of three they are refused, not guessed.
    @Test func tinyBoards() throws {
        let board = try Board(parsing: "chessboard:9x6:25mm")
        let renderer = BoardRenderer(board, try #require(camera))
        let near = BoardRenderer.pose(board, turn: Vector3(0.1, 0.1, 0), distance: 1.8)
        let detector = BoardDetector(board: board)
        let view = try #require(detector.examine(renderer.image(near, seed: "tiny"), name: "a").view)
        #expect(DetectionTests.median(DetectionTests.errors(view, renderer.truth(near))) < 0.1)
        let far = BoardRenderer.pose(board, turn: Vector3(0.1, 0.1, 0), distance: 5)
        #expect(detector.examine(renderer.image(far, seed: "tinier"), name: "a").view == nil)
    }

    /// A glint over a few corners costs those and no others.
    @Test func glintsCostFewCorners() throws {
        let board = try Board(parsing: "chessboard:9x6:25mm")
        let renderer = BoardRenderer(board, try #require(camera))
        let pose = BoardRenderer.pose(board, turn: Vector3(0.1, 0.2, 0), distance: 0.42)
        var image = renderer.image(pose, seed: "glint")
        let truth = renderer.truth(pose)
        let centre = try #require(truth[22])
        for y in 0..<image.height {
            for x in 0..<image.width
            where (Vector2(Double(x), Double(y)) - centre - Vector2(4, 3)).length < 9 { image[x, y] = 255 }
        }
        let view = try #require(BoardDetector(board: board).examine(image, name: "a").view)
        #expect(view.corners.count >= 52)
        let errors = DetectionTests.errors(view, truth)
        #expect((errors.max() ?? .infinity) < 0.5)
    }
}
