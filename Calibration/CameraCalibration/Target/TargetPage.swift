public import Geometry

/// A sheet of paper with a board on it, at true scale.
public struct TargetPage: Sendable {
    /// A black stroke of a tenth of a millimetre.
    public struct Line: Sendable, Equatable {
        /// Metres from the sheet's top left, y down.
        public var start: Vector2
        /// Metres from the sheet's top left, y down.
        public var end: Vector2
    }

    /// A line of black text, upright on the sheet.
    public struct Text: Sendable, Equatable {
        /// As it is to be read; what PDF and SVG escape is escaped when they are written.
        public var text: String
        /// Left end of the base line, or its middle if `isCentred`.
        public var position: Vector2
        /// That of a capital letter, about: the font's size is 1.35 times as much. Metres.
        public var height: Double
        /// Whether the text extends to both sides of ``position``, not only to the right.
        public var isCentred: Bool
    }

    /// Width and height, metres.
    public let size: Vector2
    /// Black, filled by the even-odd rule; metres from the sheet's top left, y down, as all here.
    public let rectangles: [BoardDrawing.Rectangle]
    /// The ruler and its ticks.
    public let lines: [Line]
    /// The ruler's numbers, and below them what board this is.
    public let texts: [Text]
    /// Length of the ruler, metres.
    public let rulerLength: Double

    /// White that is left around the pattern and at the sheet's edges, where printers do not print.
    private static let margin = 0.005
    /// Below the pattern, for ruler and caption.
    private static let foot = 0.017

    /// Puts the board in the middle of the paper, turned as it fits best. Throws if it does not fit.
    public init(_ board: Board, on paper: Paper) throws(BoardError) {
        let drawing = BoardDrawing(board)
        let needed = drawing.size + Vector2(2 * Self.margin, 2 * Self.margin + Self.foot)
        guard let size = paper.turned(toFit: needed) else {
            throw BoardError(
                "size",
                """
                the board with its margins is \(figure(needed.x * 1000, 1)) x \(figure(needed.y * 1000, 1)) mm, \
                \(paper) is smaller
                """,
                cure: Paper.name(fitting: needed).map { "take --page \($0) or smaller squares" }
                    ?? "take smaller squares: paper is 5 m long at most",
                text: board.description)
        }
        self.size = size
        let origin = Vector2(
            0.5 * (size.x - drawing.size.x), 0.5 * (size.y - Self.foot - drawing.size.y))
        rectangles = drawing.rectangles.map { BoardDrawing.Rectangle(origin: $0.origin + origin, size: $0.size) }
        let foot = origin.y + drawing.size.y + 0.006
        rulerLength = min(0.2, max(0.02, ((size.x - 0.03) * 100).rounded(.down) / 100))
        let ruler = Self.ruler(at: Vector2(0.5 * (size.x - rulerLength), foot), rulerLength)
        lines = ruler.lines
        texts =
            ruler.texts + [
                Text(
                    text: """
                        \(board)   print at 100 % (actual size); the ruler is \
                        \(figure(rulerLength * 1000, 0)) mm long
                        """,
                    position: Vector2(0.5 * size.x, foot + 0.0105), height: 0.0022, isCentred: true)
            ]
    }

    /// A line with a tick each millimetre, longer each five and ten, and a number each twenty.
    private static func ruler(at start: Vector2, _ length: Double) -> (lines: [Line], texts: [Text]) {
        var lines = [Line(start: start, end: start + Vector2(length, 0))]
        var texts: [Text] = []
        for millimetre in 0...Int((length * 1000).rounded()) {
            let top = start + Vector2(Double(millimetre) / 1000, 0)
            let tick = millimetre % 10 == 0 ? 0.004 : millimetre % 5 == 0 ? 0.003 : 0.002
            lines.append(Line(start: top, end: top + Vector2(0, tick)))
            guard millimetre % 20 == 0 else { continue }
            texts.append(
                Text(
                    text: millimetre == 0 ? "0 mm" : "\(millimetre)", position: top + Vector2(0, 0.0068),
                    height: 0.0022,
                    isCentred: true))
        }
        return (lines, texts)
    }
}

/// A size of paper.
public struct Paper: Sendable, Equatable, CustomStringConvertible {
    /// Width and height when upright, metres.
    public let size: Vector2
    public let description: String

    /// Its size upright or on its side, whichever holds a drawing; nil if neither does.
    func turned(toFit needed: Vector2) -> Vector2? {
        [size, Vector2(size.y, size.x)].first { needed.x <= $0.x + 1e-9 && needed.y <= $0.y + 1e-9 }
    }

    /// Sides of paper, metres.
    private static let sides = 0.03...5.0

    /// The smallest paper with a name that holds a drawing, or else a size in whole centimetres; nil if there is none.
    static func name(fitting needed: Vector2) -> String? {
        guard needed.max() <= sides.upperBound else { return nil }
        for paper in known {
            guard let named = try? Paper(parsing: paper.name), named.turned(toFit: needed) != nil else { continue }
            return paper.name
        }
        func centimetres(_ length: Double) -> String { figure((length * 100 - 1e-9).rounded(.up) * 10, 0) }
        return "\(centimetres(needed.x))x\(centimetres(needed.y))mm"
    }

    private static let known: [(name: String, width: Double, height: Double)] = [
        ("a4", 210, 297), ("a3", 297, 420), ("a2", 420, 594), ("a1", 594, 841), ("a0", 841, 1189),
        ("letter", 215.9, 279.4), ("tabloid", 279.4, 431.8),
    ]

    /// From a name (a4, a3, a2, a1, a0, letter, tabloid) or `WIDTHxHEIGHT` with a unit, as 600x400mm.
    public init(parsing text: String) throws(BoardError) {
        description = text
        if let paper = Self.known.first(where: { $0.name == text.lowercased() }) {
            size = Vector2(paper.width, paper.height) / 1000
            return
        }
        let parts = text.split(separator: "x")
        let cure = "give a4, a3, a2, a1, a0, letter, tabloid, or a size as 600x400mm"
        guard parts.count == 2, let unit = ["mm", "cm", "in", "m"].first(where: { parts[1].hasSuffix($0) }) else {
            throw BoardError("page", "'\(text)' is no size of paper", cure: cure)
        }
        size = Vector2(
            try Board.length(parts[0].hasSuffix(unit) ? String(parts[0]) : parts[0] + unit, "page"),
            try Board.length(String(parts[1]), "page"))
        guard Self.sides.contains(size.x), Self.sides.contains(size.y) else {
            throw BoardError("page", "'\(text)' is not between 30 mm and 5 m", cure: cure)
        }
    }
}
