public import Features
internal import Geometry

/// Finds a board and its corners in grey images.
///
/// Saddle points of the intensity on three scales become corners where two edges cross; corners that an edge joins
/// become neighbours, neighbours become lattices, and a lattice becomes the board by its size and colours or by its
/// markers. Nothing is assumed of the lens or the view: the same steps hold for a fisheye and for a board seen askew.
/// The same image gives the same corners on every run.
///
/// A board that the image shows large is found at half the image's size or less, in a quarter of the time; only the
/// last step, which places the corners, always sees the image itself. Cost: see Speed in the manual.
public struct BoardDetector: Sendable {
    /// The only board that is looked for.
    public let board: Board
    private let markers: BoardMarkers?
    /// Fewer corners of a board with markers are not worth a view.
    private static let leastCorners = 6
    /// Fewer markers than this may be read by chance.
    private static let leastMarkers = 6

    /// A detector for images of any size; it keeps nothing between them, so that several threads may share it.
    public init(board: Board) {
        self.board = board
        markers = BoardMarkers(board)
    }

    /// The corners of the board that the image shows, or why there are none.
    public func examine(_ image: GreyImage, name: String) -> BoardDetection {
        guard image.width >= 24, image.height >= 24 else { return .absent(.noPattern) }
        guard ImageContrast.levels(image) >= 12 else { return .absent(.noContrast) }
        var pyramid = Pyramid(image)
        var reason = BoardAbsence.noPattern
        var best: [BoardView.Corner] = []
        repeat {
            let source = CornerImage(
                image: image, levels: pyramid.levels, isUniform: isUniform,
                refinement: CornerRefinement(reach: reach))
            switch identify(CornerSearch(source: source).lattices(atLeast: 4), source) {
            case .success(let corners): if corners.count > best.count { best = corners }
            case .failure(let absent): if reason == .noPattern { reason = absent.why }
            }
            // What a coarse level does not show whole, a finer one may.
            if best.count == board.points.count || !best.isEmpty && pyramid.isFine { break }
        } while pyramid.refine()
        guard !best.isEmpty else { return .absent(reason) }
        return .found(BoardView(name: name, width: image.width, height: image.height, corners: best))
    }

    private var isUniform: Bool {
        if case .aprilGrid = board.kind { false } else { true }
    }

    /// Part of a square that windows reach: of a ChArUco board little more than to the markers, whose edges do not meet
    /// in the corner.
    private var reach: Double {
        guard case .charuco(_, _, let marker, _, _) = board.kind else { return 0.4 }
        return min(max(0.75 * (1 - marker / board.squareSize), 0.15), 0.4)
    }

    private struct Absent: Error {
        var why: BoardAbsence
    }

    private func identify(_ lattices: [CornerLattice], _ source: CornerImage) -> Result<[BoardView.Corner], Absent> {
        if case .chessboard(let columns, let rows) = board.kind {
            return chessboard(lattices, source, ChessboardIdentification(columns: columns, rows: rows))
        }
        guard let markers else { return .failure(Absent(why: .noPattern)) }
        return marked(lattices, source, MarkerIdentification(board: board, markers: markers))
    }

    private func chessboard(
        _ lattices: [CornerLattice], _ source: CornerImage, _ identification: ChessboardIdentification
    ) -> Result<[BoardView.Corner], Absent> {
        var why: BoardAbsence?
        for var lattice in lattices.prefix(4) where lattice.nodes.count >= 6 {
            switch identification.find(in: &lattice, source) {
            case .whole(let cells): return .success(Self.corners(cells, lattice))
            case .partial(let found):
                guard found >= 6 else { continue }
                why = why ?? .tooFewCorners(found: found, needed: board.points.count)
            case .smaller(let columns, let rows):
                why = why ?? .smallerBoard(columns: columns, rows: rows, needed: board.points.count)
            case .otherSize(let columns, let rows): why = why ?? .otherSize(columns: columns, rows: rows)
            }
        }
        return .failure(Absent(why: why ?? .noPattern))
    }

    private static func corners(_ cells: [CornerLattice.Cell?], _ lattice: CornerLattice) -> [BoardView.Corner] {
        cells.enumerated().compactMap { id, cell in
            guard let cell, let node = lattice.nodes[cell] else { return nil }
            return BoardView.Corner(id: id, pixel: node.pixel)
        }
    }

    /// The corners of all lattices that markers place on the board: a hand may part it.
    private func marked(
        _ lattices: [CornerLattice], _ source: CornerImage, _ identification: MarkerIdentification
    ) -> Result<[BoardView.Corner], Absent> {
        var corners = [BoardView.Corner?](repeating: nil, count: board.points.count)
        var isMirrored = false
        var other: BoardAbsence?
        for var lattice in lattices.prefix(12) {
            let found = place(&lattice, source, identification)
            guard let placement = found.placement else {
                isMirrored = isMirrored || identification.place(lattice.mirrored, source).placement != nil
                other = other ?? otherBoard(lattice, source, read: found.votes)
                continue
            }
            lattice.grow(in: source) { cell in
                let place = placement.place(cell)
                return board.id(column: place.column, row: place.row) != nil
            }
            lattice.complete(in: source)
            let placed = lattice.nodes.cells.compactMap { cell -> BoardView.Corner? in
                guard let id = identification.id(of: cell, placement, lattice), let node = lattice.nodes[cell] else {
                    return nil
                }
                return BoardView.Corner(id: id, pixel: node.pixel)
            }
            guard !Self.contradicts(placed, corners) else { continue }
            for corner in placed where corners[corner.id] == nil { corners[corner.id] = corner }
        }
        let found = corners.compactMap { $0 }
        if found.count >= min(Self.leastCorners, board.points.count) { return .success(found) }
        if isMirrored { return .failure(Absent(why: .mirrored)) }
        if !found.isEmpty {
            return .failure(Absent(why: .tooFewCorners(found: found.count, needed: Self.leastCorners)))
        }
        if let other { return .failure(Absent(why: other)) }
        let largest = lattices.first?.nodes.count ?? 0
        return .failure(Absent(why: largest >= 9 ? .noMarkers(corners: largest) : .noPattern))
    }

    /// Where the lattice lies on the board, looked for again when it has grown: too small a part may hold no marker.
    private func place(
        _ lattice: inout CornerLattice, _ source: CornerImage, _ identification: MarkerIdentification
    ) -> (placement: MarkerIdentification.Placement?, votes: Int) {
        lattice.complete(in: source)
        let first = identification.place(lattice, source)
        guard first.placement == nil else { return first }
        let before = lattice.nodes.count
        lattice.grow(in: source)
        guard lattice.nodes.count > before else { return first }
        lattice.complete(in: source)
        return identification.place(lattice, source)
    }

    /// Which other board a lattice belongs to whose markers were read, but tell of no place on this one.
    private func otherBoard(_ lattice: CornerLattice, _ source: CornerImage, read: Int) -> BoardAbsence? {
        guard read >= Self.leastMarkers else { return nil }
        guard case .charuco(let columns, let rows, let marker, let dictionary, let isLegacy) = board.kind else {
            return .otherMarkers(read: read)
        }
        let kind = Board.Kind.charuco(
            columns: columns, rows: rows, markerSize: marker, dictionary: dictionary, legacy: !isLegacy)
        guard let other = try? Board(kind, squareSize: board.squareSize), let markers = BoardMarkers(other),
            MarkerIdentification(board: other, markers: markers).place(lattice, source).placement != nil
        else { return .otherMarkers(read: read) }
        return .otherPattern
    }

    /// Whether corners are at the places of others that were found before: their lattice was put wrong by a chance
    /// pattern.
    private static func contradicts(_ placed: [BoardView.Corner], _ known: [BoardView.Corner?]) -> Bool {
        placed.contains { corner in
            if let same = known[corner.id], (same.pixel - corner.pixel).length > 3 { return true }
            return known.contains { other in
                guard let other, other.id != corner.id else { return false }
                return (other.pixel - corner.pixel).length < 3
            }
        }
    }
}
