internal import Geometry

/// Views that show what another one shows: the same file twice, a copy, a board and a camera at rest. They say nothing
/// new, but would count as if they did.
enum RepeatedViews {
    /// Corners that lie no further apart than this share of the image's long side, in the root mean square, are the
    /// same but for noise.
    private static let distance = 0.001
    /// Share of a view's corners that both must show.
    private static let leastShare = 0.8

    /// The views without repetitions, of which the first counts, and what was dropped.
    static func sorted(_ views: [BoardView]) -> (different: [BoardView], dropped: [DroppedView]) {
        var (different, dropped) = ([BoardView](), [DroppedView]())
        for view in views {
            if let first = different.first(where: { isSame($0, view) }) {
                dropped.append(DroppedView(name: view.name, reason: reason(view.name, first.name)))
            } else {
                different.append(view)
            }
        }
        return (different, dropped)
    }

    private static func reason(_ name: String, _ first: String) -> String {
        guard name != first else { return "was given twice: it counts once" }
        let isUnlike = fileName(name) != fileName(first)
        return "shows the board where \(isUnlike ? fileName(first) : first) shows it: the two count once"
    }

    private static func isSame(_ a: BoardView, _ b: BoardView) -> Bool {
        let limit = distance * Double(max(a.width, a.height))
        let larger = max(a.corners.count, b.corners.count)
        guard Double(min(a.corners.count, b.corners.count)) >= leastShare * Double(larger) else { return false }
        let pixels = Dictionary(a.corners.map { ($0.id, $0.pixel) }) { first, _ in first }
        var (sum, count) = (0.0, 0)
        for corner in b.corners {
            guard let pixel = pixels[corner.id] else { continue }
            sum += (pixel - corner.pixel).lengthSquared
            count += 1
            // Most pairs of views are far apart: their first corners tell.
            if sum > Double(larger) * limit * limit { return false }
        }
        return Double(count) >= leastShare * Double(larger) && sum <= Double(count) * limit * limit
    }
}
