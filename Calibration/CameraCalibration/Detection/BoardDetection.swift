/// What became of looking for a board in an image.
public enum BoardDetection: Sendable, Equatable {
    /// The corners that a view needs at least: all of a plain chessboard, six of a board with markers (or all that it
    /// has).
    case found(BoardView)
    /// No board of which enough is in view, and why.
    case absent(BoardAbsence)

    /// The view, if there is one.
    public var view: BoardView? {
        if case .found(let view) = self { view } else { nil }
    }
}

/// Why no board was found.
public enum BoardAbsence: Sendable, Equatable {
    /// Nothing that looks like a board.
    case noPattern
    /// Part of the board, but less than can be used: of a plain chessboard every corner must be in view.
    case tooFewCorners(found: Int, needed: Int)
    /// A whole chessboard, but a smaller one than was asked for; or a part of the board, whose rest is out of view.
    case smallerBoard(columns: Int, rows: Int, needed: Int)
    /// A chessboard of another size, as far as it is in view.
    case otherSize(columns: Int, rows: Int)
    /// A chessboard without (or with other) markers.
    case noMarkers(corners: Int)
    /// Markers of the board, but so many that were read do not lie as on it.
    case otherMarkers(read: Int)
    /// The board's markers on the squares of the other colour: the legacy pattern for the new one, or the other way
    /// round.
    case otherPattern
    /// The image shows the board as in a mirror.
    case mirrored
    /// The image is too dark, too bright or too flat to show anything.
    case noContrast
}

extension BoardAbsence: CustomStringConvertible {
    /// One line: what is wrong, and the cure.
    public var description: String {
        switch self {
        case .noPattern: "no board found; show the whole board, flat, sharp and evenly lit"
        case .tooFewCorners(let found, let needed):
            """
            only \(found) corners of the board found, \(needed) needed; bring all of it into view, \
            without glare or shadow
            """
        case .smallerBoard(let columns, let rows, let needed):
            """
            a board of \(columns)x\(rows) inner corners was found (\(columns * rows), and \(needed) are needed); if \
            that is the board, give it to --board, else bring all of the board into view
            """
        case .otherSize(let columns, let rows):
            "a chessboard of \(columns)x\(rows) inner corners found, not the one given; check --board"
        case .noMarkers(let corners):
            """
            \(corners) chessboard corners found, but no markers where the board has them; \
            check dictionary and marker's side in --board, and the focus
            """
        case .otherMarkers(let read):
            """
            \(read) markers were read, but they do not lie as on this board; check the numbers of columns and rows in \
            --board
            """
        case .otherPattern:
            """
            the markers lie as on a board of the other pattern; if --board ends in :legacy leave that out, else add it
            """
        case .mirrored: "the board is seen as in a mirror; turn off the camera's mirroring (horizontal flip)"
        case .noContrast: "the image has no contrast; check lens cap, light and exposure"
        }
    }
}
