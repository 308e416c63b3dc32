internal import Features
internal import Geometry

/// Which corner of a board with markers is which: each marker that is read votes for where the lattice lies on the
/// board.
struct MarkerIdentification {
    let board: Board
    let markers: BoardMarkers

    /// How a lattice lies on the board: turned by quarter turns, then shifted.
    struct Placement: Hashable {
        var turn: Int
        var column: Int
        var row: Int

        /// Column and row on the board's lattice.
        func place(_ cell: CornerLattice.Cell) -> (column: Int, row: Int) {
            let turned = Self.turned(cell.column, cell.row, turn)
            return (turned.0 + column, turned.1 + row)
        }

        /// In the frame whose x axis is direction `turn` of the lattice.
        static func turned(_ column: Int, _ row: Int, _ turn: Int) -> (Int, Int) {
            switch turn & 3 {
            case 0: (column, row)
            case 1: (row, -column)
            case 2: (-column, -row)
            default: (-row, column)
            }
        }
    }

    /// The lattice's placement, if most of the markers agree on one; and how many were read.
    func place(_ lattice: CornerLattice, _ source: CornerImage) -> (placement: Placement?, votes: Int) {
        var votes: [Placement: Double] = [:]
        var (count, total) = (0, 0.0)
        for cell in candidateCells(lattice) {
            guard let corners = corners(of: cell, lattice, source.isUniform),
                let reading = MarkerReading(corners, markers, source.image),
                let found = markers.codes.identify(reading.code)
            else { continue }
            count += 1
            let weight = 1 / Double(1 + found.errors)
            total += weight
            // The board has fewer markers: this one speaks against it.
            guard found.marker < markers.places.count else { continue }
            let corner = Self.topLeft(of: cell, turn: found.turn)
            let turned = Placement.turned(corner.column, corner.row, found.turn)
            let place = markers.places[found.marker]
            let placement = Placement(turn: found.turn, column: place.column - turned.0, row: place.row - turned.1)
            votes[placement, default: 0] += weight
        }
        let ranked = votes.sorted {
            ($1.value, $0.key.turn, $0.key.column, $0.key.row) < ($0.value, $1.key.turn, $1.key.column, $1.key.row)
        }
        guard let best = ranked.first, best.value >= leastVotes,
            best.value > 2 * (ranked.dropFirst().first?.value ?? 0),
            2 * best.value > total, coloursFit(best.key, lattice)
        else { return (nil, count) }
        return (best.key, count)
    }

    /// A tag's code is unlike any chance pattern; small markers have to confirm each other.
    private var leastVotes: Double { markers.codes.bits >= 6 ? 1 : 1.5 }

    /// The node's id, if it is on the board and the field beside it has the right colour.
    func id(of cell: CornerLattice.Cell, _ placement: Placement, _ lattice: CornerLattice) -> Int? {
        let place = placement.place(cell)
        guard let node = lattice.nodes[cell], let id = board.id(column: place.column, row: place.row),
            isDark(node, placement) == ((place.column + place.row) % 2 == 0 ? markers.startsDark : !markers.startsDark)
        else { return nil }
        return id
    }

    private func isDark(_ node: CornerLattice.Node, _ placement: Placement) -> Bool {
        (node.turn - placement.turn) & 1 == 0
    }

    private func coloursFit(_ placement: Placement, _ lattice: CornerLattice) -> Bool {
        lattice.nodes.cells.count { id(of: $0, placement, lattice) != nil } * 4 >= 3 * min(lattice.nodes.count, 8)
    }

    /// Cells with at least two corners of the lattice.
    private func candidateCells(_ lattice: CornerLattice) -> [CornerLattice.Cell] {
        let bounds = lattice.bounds
        var cells: [CornerLattice.Cell] = []
        for row in bounds.rows.lowerBound - 1...bounds.rows.upperBound {
            for column in bounds.columns.lowerBound - 1...bounds.columns.upperBound {
                let cell = CornerLattice.Cell(column, row)
                let known = Self.around(cell).count { lattice.nodes[$0] != nil }
                if known >= 2 { cells.append(cell) }
            }
        }
        return cells
    }

    private static func around(_ cell: CornerLattice.Cell) -> [CornerLattice.Cell] {
        [cell, cell.next(0), cell.next(0).next(1), cell.next(1)]
    }

    private func corners(
        of cell: CornerLattice.Cell, _ lattice: CornerLattice, _ isUniform: Bool
    ) -> (Vector2, Vector2, Vector2, Vector2)? {
        let pixels = Self.around(cell).compactMap { corner in
            lattice.nodes[corner]?.pixel ?? lattice.expected(at: corner, isUniform: isUniform)
        }
        return pixels.count == 4 ? (pixels[0], pixels[1], pixels[2], pixels[3]) : nil
    }

    /// The corner of a cell that is its top left one when the x axis is direction `turn` of the lattice.
    private static func topLeft(of cell: CornerLattice.Cell, turn: Int) -> CornerLattice.Cell { around(cell)[turn & 3] }
}

extension CornerLattice {
    /// As a mirror shows it: columns counted the other way.
    var mirrored: CornerLattice {
        var lattice = CornerLattice()
        for cell in nodes.cells {
            guard var node = nodes[cell] else { continue }
            // Direction d becomes 2 - d; edges count the other way round, so only whether `turn` is even matters, and
            // that changes.
            node.turn = (1 - node.turn) & 3
            lattice.nodes[Cell(-cell.column, cell.row)] = node
        }
        return lattice
    }
}
