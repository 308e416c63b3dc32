extension Board: CustomStringConvertible {
    /// Forms of a board's text, for help texts.
    public static let forms = """
        chessboard:9x6:25mm (inner corners, square), charuco:8x8:25.4mm:19.05mm:DICT_4X4_1000[:legacy] (squares, \
        square, marker, dictionary), aprilgrid:6x6:88mm:0.3 (tags, tag, gap / tag)
        """

    /// A board from its text: `chessboard:9x6:25mm` (inner corners, side of a square),
    /// `charuco:8x8:25.4mm:19.05mm:DICT_4X4_1000[:legacy]` (squares, sides of square and marker, dictionary),
    /// `aprilgrid:6x6:88mm:0.3` (tags, side of a tag, gap divided by that side). Lengths in mm, cm, m or in.
    public init(parsing text: String) throws(BoardError) {
        do throws(BoardError) {
            let fields = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            switch fields[0].lowercased() {
            case "chessboard": try self.init(chessboard: fields)
            case "charuco": try self.init(charuco: fields)
            case "aprilgrid": try self.init(aprilGrid: fields)
            default:
                throw BoardError("kind", "'\(fields[0])' is no kind of board", cure: "give one of \(Self.forms)")
            }
        } catch {
            throw error.about(text)
        }
    }

    /// The text that ``init(parsing:)`` reads.
    public var description: String {
        switch kind {
        case .chessboard(let columns, let rows):
            "chessboard:\(columns)x\(rows):\(Self.millimetres(squareSize))"
        case .charuco(let columns, let rows, let marker, let dictionary, let legacy):
            "charuco:\(columns)x\(rows):\(Self.millimetres(squareSize)):\(Self.millimetres(marker)):"
                + dictionary.rawValue + (legacy ? ":legacy" : "")
        case .aprilGrid(let columns, let rows, let tag, let spacing):
            "aprilgrid:\(columns)x\(rows):\(Self.millimetres(tag)):\(Self.short(spacing))"
        }
    }

    private init(chessboard fields: [String]) throws(BoardError) {
        try Self.expect(fields, 3...3, "chessboard:9x6:25mm")
        let (columns, rows) = try Self.counts(fields[1])
        try self.init(.chessboard(columns: columns, rows: rows), squareSize: Self.length(fields[2], "square"))
    }

    private init(charuco fields: [String]) throws(BoardError) {
        try Self.expect(fields, 5...6, "charuco:8x8:25.4mm:19.05mm:DICT_4X4_1000")
        let (columns, rows) = try Self.counts(fields[1])
        guard let dictionary = MarkerDictionary(rawValue: fields[4].uppercased()) else {
            throw BoardError(
                "dictionary", "'\(fields[4])' is not known",
                cure: "give one of " + MarkerDictionary.allCases.map(\.rawValue).joined(separator: ", "))
        }
        if fields.count == 6, fields[5].lowercased() != "legacy" {
            throw BoardError(
                "pattern", "'\(fields[5])' is not known",
                cure: "leave it out, or say legacy for boards made before OpenCV 4.6")
        }
        try self.init(
            .charuco(
                columns: columns, rows: rows, markerSize: Self.length(fields[3], "marker"), dictionary: dictionary,
                legacy: fields.count == 6),
            squareSize: Self.length(fields[2], "square"))
    }

    private init(aprilGrid fields: [String]) throws(BoardError) {
        try Self.expect(fields, 4...4, "aprilgrid:6x6:88mm:0.3")
        let (columns, rows) = try Self.counts(fields[1])
        let tag = try Self.length(fields[2], "square")
        guard let spacing = Double(fields[3]), spacing.isFinite else {
            throw BoardError(
                "spacing", "'\(fields[3])' is not a number", cure: "give the gap divided by a tag's side, as 0.3")
        }
        try self.init(.aprilGrid(columns: columns, rows: rows, tagSize: tag, spacing: spacing), squareSize: tag)
    }

    private static func expect(_ fields: [String], _ counts: ClosedRange<Int>, _ form: String) throws(BoardError) {
        guard counts.contains(fields.count) else {
            throw BoardError("kind", "\(fields.count) fields between colons", cure: "write it as \(form)")
        }
    }

    private static func counts(_ text: String) throws(BoardError) -> (Int, Int) {
        let parts = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let columns = parts[0], let rows = parts[1] else {
            throw BoardError("size", "'\(text)' is not COLUMNSxROWS", cure: "write it as 9x6")
        }
        return (columns, rows)
    }

    /// A length with its unit, metres.
    public static func length(_ text: String, _ field: String) throws(BoardError) -> Double {
        for (unit, metres) in [("mm", 0.001), ("cm", 0.01), ("in", 0.0254), ("m", 1.0)] where text.hasSuffix(unit) {
            guard let number = Double(text.dropLast(unit.count)), number.isFinite else { break }
            return number * metres
        }
        throw BoardError(
            field, "'\(text)' is not a length", cure: "give a number with its unit (mm, cm, m, in), as 25mm")
    }

    /// As ``init(parsing:)`` reads it.
    static func millimetres(_ metres: Double) -> String {
        abs(metres) < 1e9 ? short(metres * 1000) + "mm" : "\(metres)m"
    }

    /// Up to six decimals, without those that only binary fractions have.
    private static func short(_ value: Double) -> String {
        let rounded = (value * 1e6).rounded() / 1e6
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
