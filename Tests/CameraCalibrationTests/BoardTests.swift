import CalibrationFixtures
import CameraCalibration
import Geometry
import Testing

@Suite struct BoardTests {
    @Test(arguments: [
        "chessboard:9x6:25mm", "charuco:8x8:25.4mm:19.05mm:DICT_4X4_1000", "charuco:5x7:30mm:22mm:DICT_6X6_250:legacy",
        "aprilgrid:6x6:88mm:0.3",
    ])
    func textComesBack(_ text: String) throws {
        #expect(try Board(parsing: text).description == text)
    }

    @Test(arguments: [
        ("chessboard:9x6:2.5cm", "chessboard:9x6:25mm"), ("chessboard:9x6:0.025m", "chessboard:9x6:25mm"),
        ("Charuco:8x8:1in:0.75in:dict_4x4_1000", "charuco:8x8:25.4mm:19.05mm:DICT_4X4_1000"),
    ])
    func unitsAreRead(_ text: String, _ canonical: String) throws {
        #expect(try Board(parsing: text).description == canonical)
    }

    @Test(arguments: [
        ("", "kind"), ("circles:4x11:20mm", "kind"), ("chessboard:9x6", "kind"), ("chessboard:9by6:25mm", "size"),
        ("chessboard:2x6:25mm", "size"), ("chessboard:9x6:25", "square"), ("chessboard:9x6:0mm", "square"),
        ("chessboard:9x6:nanmm", "square"), ("chessboard:9x6:-3mm", "square"), ("chessboard:9x6x2:3mm", "size"),
        ("charuco:8x8:25mm:25mm:DICT_4X4_50", "marker"), ("charuco:12x12:25mm:20mm:DICT_4X4_50", "dictionary"),
        ("charuco:8x8:25mm:20mm:DICT_9X9_50", "dictionary"), ("charuco:8x8:25mm:20mm:DICT_4X4_50:old", "pattern"),
        ("aprilgrid:6x6:88mm:x", "spacing"), ("aprilgrid:6x6:88mm:0", "spacing"), ("aprilgrid:40x40:88mm:0.3", "size"),
    ])
    func wrongTextNamesItsField(_ text: String, _ field: String) {
        let error = #expect(throws: BoardError.self) { try Board(parsing: text) }
        #expect(error?.field == field)
        #expect(error?.text == text)
    }

    @Test func chessboardPointsAreRowByRow() throws {
        let board = try Board(parsing: "chessboard:9x6:25mm")
        #expect(board.points.count == 54)
        #expect(abs(board.points[10].x - 0.025) < 1e-12 && abs(board.points[10].y - 0.025) < 1e-12)
    }

    @Test func aprilGridTagsCountUpwardsFromTheBottomLeft() throws {
        let board = try Board(parsing: "aprilgrid:3x2:100mm:0.5")
        #expect(board.points.count == 24)
        // Tag 0 is in the lower row, tag 5 at the top right; corners clockwise from the top left.
        #expect((board.points[0] - Vector3(0, 0.15, 0)).length < 1e-12)
        #expect((board.points[2] - Vector3(0.1, 0.25, 0)).length < 1e-12)
        #expect((board.points[4 * 5 + 1] - Vector3(0.4, 0, 0)).length < 1e-12)
        for id in board.points.indices {
            let (column, row) = board.position(of: id)
            #expect(board.id(column: column, row: row) == id)
        }
    }
}
