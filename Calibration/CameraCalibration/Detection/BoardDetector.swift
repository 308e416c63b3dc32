public import Features
internal import Geometry

/// Finds a board and its corners in grey images.
///
/// Saddle points of the intensity on three scales become corners where two edges cross; corners that an edge joins become neighbours, neighbours
/// become lattices, and a lattice becomes the board by its size and colours or by its markers. Nothing is assumed of the lens or the view: the same
/// steps hold for a fisheye and for a board seen askew. The same image gives the same corners on every run.
///
/// Cost: an image of 640x480 about 10 ms on one core.
public struct BoardDetector: Sendable {
    public let board: Board

    public init(board: Board) { self.board = board }

    /// The corners of the board that the image shows; nil without a board. ``examine(_:name:)`` says why.
    public func detect(in image: GreyImage, name: String) -> BoardView? { examine(image, name: name).view }

    /// The corners of the board that the image shows, or why there are none.
    public func examine(_ image: GreyImage, name: String) -> BoardDetection {
        guard image.width >= 24, image.height >= 24 else { return .absent(.noPattern) }
        let noise = ImageNoise(image)
        guard noise.contrast >= 12 else { return .absent(.noContrast) }
        var levels = [PyramidLevel(image)]
        while let last = levels.last, min(last.width, last.height) >= 100, levels.count < 7 {
            levels.append(last.halved())
        }
        let source = CornerImage(
            image: image, levels: levels, isUniform: isUniform, noise: noise.deviation)
        var reason = BoardAbsence.noPattern
        for range in CornerSearch.ranges(levels) {
            switch identify(CornerSearch(source: source, range: range).lattices(atLeast: 6), source) {
            case .success(let corners):
                return .found(BoardView(name: name, width: image.width, height: image.height, corners: corners))
            case .failure(let why): if reason == .noPattern { reason = why.absence }
            }
        }
        return .absent(reason)
    }

    private var isUniform: Bool {
        if case .aprilGrid = board.kind { false } else { true }
    }

    struct Absent: Error {
        var absence: BoardAbsence
    }

    private func identify(_ lattices: [CornerLattice], _ source: CornerImage) -> Result<[BoardView.Corner], Absent> {
        guard case .chessboard(let columns, let rows) = board.kind else { return .failure(Absent(absence: .noPattern)) }
        let identification = ChessboardIdentification(columns: columns, rows: rows)
        var reason: BoardAbsence?
        for var lattice in lattices.prefix(4) {
            switch identification.find(in: &lattice, source) {
            case .whole(let cells): return .success(Self.corners(cells, lattice))
            case .partial(let found):
                reason = reason ?? .tooFewCorners(found: found, needed: columns * rows)
            case .otherSize(let columns, let rows): reason = reason ?? .otherSize(columns: columns, rows: rows)
            }
        }
        return .failure(Absent(absence: reason ?? .noPattern))
    }

    private static func corners(_ cells: [CornerLattice.Cell?], _ lattice: CornerLattice) -> [BoardView.Corner] {
        cells.enumerated().compactMap { id, cell in
            guard let cell, let node = lattice.nodes[cell] else { return nil }
            return BoardView.Corner(id: id, pixel: node.pixel, deviation: node.deviation)
        }
    }
}
