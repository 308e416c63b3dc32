internal import Geometry

/// What views must be before they are worth a fit.
enum ViewChecks {
    /// Fewer views than this never make a calibration.
    static let fewestViews = 3

    /// The views with enough corners, and why others are of no use; refuses what no fit can mend.
    static func usable(
        _ views: [BoardView], board: Board, imageCount: Int
    ) throws(CalibrationError) -> (views: [BoardView], dropped: [DroppedView]) {
        guard !views.isEmpty else { throw .noBoard(images: imageCount) }
        try checkSizes(views)
        var (usable, mirrored, dropped) = ([BoardView](), [BoardView](), [DroppedView]())
        for view in views {
            if let reason = weakness(view, board) {
                dropped.append(DroppedView(name: view.name, reason: reason))
                continue
            }
            usable.append(view)
            guard orientation(view, board) < 0 else { continue }
            mirrored.append(view)
            dropped.append(DroppedView(name: view.name, reason: "shows the board as in a mirror"))
        }
        if let example = mirrored.first, 2 * mirrored.count >= usable.count {
            throw .mirrored(views: mirrored.count, of: usable.count, example: example.name)
        }
        guard usable.count - mirrored.count >= fewestViews else {
            throw .tooFewViews(found: usable.count - mirrored.count, needed: fewestViews, images: imageCount)
        }
        let (different, repeated) = RepeatedViews.sorted(usable.filter { orientation($0, board) > 0 })
        guard different.count >= fewestViews else {
            throw .repeatedViews(different: different.count, views: usable.count, needed: fewestViews)
        }
        return (different, dropped + repeated)
    }

    /// Why a view tells nothing, if so.
    private static func weakness(_ view: BoardView, _ board: Board) -> String? {
        let count = view.corners.count
        if count < RobustFit.fewestCorners {
            return "only \(count) corners found, at least \(RobustFit.fewestCorners) are needed"
        }
        guard view.corners.allSatisfy({ board.points.indices.contains($0.id) && $0.pixel.isFinite }) else {
            return "has corners that the board does not have"
        }
        return orientation(view, board) == 0 ? "its corners lie on one line" : nil
    }

    private static func checkSizes(_ views: [BoardView]) throws(CalibrationError) {
        var groups: [CalibrationError.ImageGroup] = []
        for view in views {
            if let i = groups.firstIndex(where: { $0.width == view.width && $0.height == view.height }) {
                groups[i].count += 1
            } else {
                groups.append(.init(width: view.width, height: view.height, count: 1, example: view.name))
            }
        }
        if groups.count > 1 { throw .mixedSizes(groups.sorted { $0.count > $1.count }) }
    }

    /// Sign of the area that the board keeps in the image: 1 seen from its front, -1 as in a mirror, 0 when its corners
    /// lie on a line.
    static func orientation(_ view: BoardView, _ board: Board) -> Double {
        let n = Double(view.corners.count)
        let points = view.corners.map { board.points[$0.id] }
        let from = points.reduce(.zero, +) / n
        let to = view.corners.reduce(Vector2.zero) { $0 + $1.pixel } / n
        // Scatter of the board's corners, and of corners against pixels: A = M S⁻¹, whose determinant's sign is that of
        // M.
        var (s, m) = ((xx: 0.0, xy: 0.0, yy: 0.0), (xx: 0.0, xy: 0.0, yx: 0.0, yy: 0.0))
        for (point, corner) in zip(points, view.corners) {
            let (p, q) = (point - from, corner.pixel - to)
            s = (s.xx + p.x * p.x, s.xy + p.x * p.y, s.yy + p.y * p.y)
            m = (m.xx + q.x * p.x, m.xy + q.x * p.y, m.yx + q.y * p.x, m.yy + q.y * p.y)
        }
        guard s.xx * s.yy - s.xy * s.xy > 1e-6 * square(s.xx + s.yy) else { return 0 }
        let determinant = m.xx * m.yy - m.xy * m.yx
        return determinant > 0 ? 1 : determinant < 0 ? -1 : 0
    }
}
