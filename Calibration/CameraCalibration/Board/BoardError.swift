public import Errors

/// Why a text or numbers do not make a board: the field, the fault and the cure.
public struct BoardError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was given, as it was given; empty when numbers were.
    public let text: String
    /// The part that is wrong: "kind", "size", "square", "marker", "dictionary", "spacing", "pattern".
    public let field: String
    /// What is wrong with ``field``, with the values given and allowed where there are such.
    public let problem: String
    /// What to give instead, in the imperative.
    public let cure: String

    /// One line: `board 'TEXT': FIELD: PROBLEM; CURE`.
    public var description: String {
        "board\(text.isEmpty ? "" : " '\(text)'"): \(field): \(problem); \(cure)"
    }

    init(_ field: String, _ problem: String, cure: String, text: String = "") {
        self.text = text
        self.field = field
        self.problem = problem
        self.cure = cure
    }

    /// The same with the text that it is about.
    func about(_ text: String) -> BoardError { BoardError(field, problem, cure: cure, text: text) }
}

/// What a board can be.
enum BoardLimits {
    /// Sides of squares and tags, metres.
    static let size = 1e-4...10.0

    static func check(_ kind: Board.Kind, squareSize: Double) throws(BoardError) {
        try checkLength(squareSize, "square")
        switch kind {
        case .chessboard(let columns, let rows):
            try checkCount(columns, rows, 3...200, "inner corners")
        case .charuco(let columns, let rows, let marker, let dictionary, _):
            try checkCount(columns, rows, 3...100, "squares")
            try checkLength(marker, "marker")
            guard marker < squareSize else {
                throw BoardError(
                    "marker", "is not smaller than its square", cure: "give the square's side first, then the marker's")
            }
            guard columns * rows / 2 <= dictionary.count else {
                throw BoardError(
                    "dictionary",
                    "\(dictionary.rawValue) has \(dictionary.count) markers, the board \(columns * rows / 2)",
                    cure: "take a larger dictionary")
            }
        case .aprilGrid(let columns, let rows, let tag, let spacing):
            try checkCount(columns, rows, 1...50, "tags")
            try checkLength(tag, "square")
            guard columns * rows <= 587 else {
                throw BoardError("size", "tag36h11 has 587 tags, the board \(columns * rows)", cure: "take fewer tags")
            }
            guard spacing >= 0.05, spacing <= 2 else {
                throw BoardError(
                    "spacing", "\(spacing) is not in 0.05...2",
                    cure: "give the gap between tags divided by a tag's side")
            }
        }
    }

    private static func checkCount(
        _ columns: Int, _ rows: Int, _ range: ClosedRange<Int>, _ what: String
    ) throws(BoardError) {
        guard range.contains(columns), range.contains(rows) else {
            throw BoardError(
                "size", "\(columns)x\(rows) \(what); each must be in \(range)",
                cure: "count the \(what) along both sides")
        }
    }

    private static func checkLength(_ length: Double, _ field: String) throws(BoardError) {
        guard size.contains(length) else {
            throw BoardError(
                field, "\(Board.millimetres(length)) is not a side of 0.1 mm to 10 m",
                cure: "give its side with a unit, as 25mm")
        }
    }
}

extension BoardError: ReportedError {
    public var exitStatus: ExitStatus { .usage }
}
