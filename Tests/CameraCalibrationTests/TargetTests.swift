import CameraCalibration
import Errors
import Geometry
import Testing

@Suite struct TargetTests {
    @Test func theSheetTurnsAsTheBoardNeeds() throws {
        let page = try TargetPage(try Board(parsing: "chessboard:9x6:25mm"), on: try Paper(parsing: "a4"))
        #expect((page.size - Vector2(0.297, 0.210)).length < 1e-9)
        let upright = try TargetPage(try Board(parsing: "chessboard:6x9:25mm"), on: try Paper(parsing: "a4"))
        #expect((upright.size - Vector2(0.210, 0.297)).length < 1e-9)
    }

    @Test func tooLargeABoardIsRefusedWithACure() throws {
        let board = try Board(parsing: "chessboard:9x6:40mm")
        let a4 = try Paper(parsing: "a4")
        let error = #expect(throws: BoardError.self) { try TargetPage(board, on: a4) }
        #expect(error?.description.contains("--page") == true)
        _ = try TargetPage(board, on: try Paper(parsing: "600x400mm"))
    }

    @Test(arguments: ["a5x", "", "10mm", "600x400", "0x0mm", "x", "1e9x1mm"])
    func wrongPaperIsRefused(_ text: String) { #expect(throws: BoardError.self) { try Paper(parsing: text) } }

    /// Dark area counted by hand: 35 of the 70 squares of a 9x6 board.
    @Test func areaOfTheDrawing() throws {
        let drawing = BoardDrawing(try Board(parsing: "chessboard:9x6:10mm"))
        let area = drawing.rectangles.reduce(0) { $0 + $1.size.x * $1.size.y }
        #expect(abs(area - 35 * 0.0001) < 1e-12)
        #expect(drawing.rectangles.contains { $0.origin == .zero })
    }

    @Test func theTableOfAPDFPointsAtItsObjects() throws {
        let pdf = try TargetPage(try Board(parsing: "aprilgrid:2x2:30mm:0.3"), on: try Paper(parsing: "letter")).pdf
        let bytes = Array(pdf.utf8)
        let table = try #require(pdf.components(after: "startxref\n"))
        let start = try #require(Int(table.prefix { $0.isNumber }))
        #expect(String(decoding: bytes[start..<start + 4], as: UTF8.self) == "xref")
        let entries = String(decoding: bytes[start...], as: UTF8.self).split(separator: "\n").dropFirst(3).prefix(5)
        for (index, entry) in entries.enumerated() {
            let offset = try #require(Int(entry.prefix(10)))
            #expect(String(decoding: bytes[offset..<offset + 7], as: UTF8.self) == "\(index + 1) 0 obj")
        }
    }

    @Test func printersThatScaleAreTold() throws {
        let board = try Board(parsing: "charuco:8x8:25mm:18mm:DICT_4X4_1000")
        let good = try PrintCheck(board, measured: 0.2001, squares: 8)
        #expect(good.isTrue)
        let small = try PrintCheck(board, measured: 0.194, squares: 8)
        #expect(!small.isTrue)
        #expect(try small.printed().description == "charuco:8x8:24.25mm:17.46mm:DICT_4X4_1000")
        // A single square read to a quarter of a millimetre says no more than one per cent.
        #expect(try PrintCheck(board, measured: 0.0252, squares: 1).isTrue)
        #expect(throws: BoardError.self) { try PrintCheck(board, measured: 0.0252, squares: 0) }
        #expect(throws: BoardError.self) { try PrintCheck(board, measured: 25, squares: 1) }
        let tags = try PrintCheck(try Board(parsing: "aprilgrid:6x6:20mm:0.5"), measured: 0.170, squares: 6)
        #expect(abs(tags.ratio - 1) < 1e-12)
    }
}

extension String {
    /// What follows the first occurrence of `mark`.
    fileprivate func components(after mark: String) -> Substring? {
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(mark) { return rest.dropFirst(mark.count) }
            rest = rest.dropFirst()
        }
        return nil
    }
}

@Suite("What is said of a target")
struct TargetTextTests {
    @Test("a page is a PDF or an SVG, as its file is called")
    func files() throws {
        let page = try TargetPage(try Board(parsing: "chessboard:9x6:25mm"), on: try Paper(parsing: "a4"))
        #expect(try page.text(forFile: "a/Board.PDF") == page.pdf && page.pdf.hasPrefix("%PDF"))
        #expect(try page.text(forFile: "board.svg") == page.svg)
        let failure = #expect(throws: Failure.self) { try page.text(forFile: "pdf") }
        #expect(failure?.description == "--output: 'pdf' ends neither in .pdf nor in .svg" && failure?.status == .usage)
    }

    @Test("what to do with a page: lengths in millimetres, without a zero behind the point")
    func instructions() throws {
        let text = TargetPage.instructions(try Board(parsing: "chessboard:9x6:12.55mm"), path: "a.pdf")
        #expect(
            text == """
                a.pdf: chessboard:9x6:12.55mm, pattern 125.5 x 87.9 mm. Print it at 100 % (no "fit to page"), glue it \
                on a flat stiff plate, measure it, and check the measure with --verify.
                """)
    }

    @Test(
        "paper is proposed that the board fits",
        arguments: [
            ("chessboard:9x6:30mm", "a3"), ("aprilgrid:6x6:88mm:0.3", "a0"), ("chessboard:9x6:60mm", "a1"),
            ("chessboard:20x20:100mm", "2110x2130mm"),
        ])
    func proposedPaper(text: String, paper: String) throws {
        let board = try Board(parsing: text)
        let error = #expect(throws: BoardError.self) { try TargetPage(board, on: Paper(parsing: "a4")) }
        #expect(error?.cure == "take --page \(paper) or smaller squares")
        #expect(throws: Never.self) { try TargetPage(board, on: Paper(parsing: paper)) }
    }

    @Test("no paper is proposed that there cannot be")
    func noPaper() throws {
        let board = try Board(parsing: "chessboard:9x6:500mm")
        let error = #expect(throws: BoardError.self) { try TargetPage(board, on: Paper(parsing: "a4")) }
        #expect(error?.cure == "take smaller squares: paper is 5 m long at most")
    }

    @Test("a print that is true to scale is confirmed; of one that is not, both ways out are said")
    func verified() throws {
        let board = try Board(parsing: "chessboard:9x6:25mm")
        let good = try PrintCheck(board, measured: 0.2501, squares: 10)
        #expect(
            try good.confirmation()
                == "true to scale: 100 % of what was drawn, within what a ruler tells; use --board chessboard:9x6:25mm")
        let small = try PrintCheck(board, measured: 0.24, squares: 10)
        let failure = #expect(throws: Failure.self) { try small.confirmation() }
        #expect(
            failure?.description == """
                the printed board is 96 % of what was drawn. Either calibrate with --board chessboard:9x6:24mm, or \
                print again at 100 % ("actual size", no "fit to page"; if it already was, at 104.2 %)
                """)
        #expect(failure?.status == .badData)
    }
}
