internal import Geometry

/// Corners that another program has found, as text: a line `IMAGE X Y` for each corner (mrcal's and mrgingham's
/// corners.vnl; further columns are ignored), in the order of the board's corners, or `IMAGE ID X Y` under a header
/// `# filename id x y`. `-` for X and Y: not seen. `#` begins a comment.
public enum CornerTable {
    /// Where and why a text is no table of corners.
    public struct Failure: Error, Equatable, Sendable, CustomStringConvertible {
        /// Counted from 1.
        public var line: Int
        /// What is wrong with the line.
        public var reason: String
        public var description: String { "line \(line): \(reason)" }
    }

    /// The views of a table, in its order.
    /// - Parameters:
    ///   - text: the table.
    ///   - board: the board whose corners they are.
    ///   - width: of the images, pixels.
    ///   - height: of the images, pixels.
    public static func views(_ text: String, board: Board, width: Int, height: Int) throws(Failure) -> [BoardView] {
        var views: [BoardView] = []
        var (next, hasIDs) = (0, false)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" }).map(String.init)
            if line.hasPrefix("#") {
                if words.contains("id") { hasIDs = true }
                continue
            }
            guard !words.isEmpty else { continue }
            guard words.count >= (hasIDs ? 4 : 3) else {
                throw Failure(line: index + 1, reason: "expected IMAGE \(hasIDs ? "ID " : "")X Y")
            }
            if views.last?.name != words[0] {
                views.append(BoardView(name: words[0], width: width, height: height, corners: []))
                next = 0
            }
            let id = hasIDs ? Int(words[1]) : next
            next += 1
            let (x, y) = hasIDs ? (words[2], words[3]) : (words[1], words[2])
            if x == "-" { continue }
            guard let id, board.points.indices.contains(id) else {
                throw Failure(
                    line: index + 1, reason: "the board has \(board.points.count) corners, from 0; check --board")
            }
            guard let x = Double(x), let y = Double(y), x.isFinite, y.isFinite else {
                throw Failure(line: index + 1, reason: "X and Y are not two numbers, nor -")
            }
            let (w, h) = (Double(width), Double(height))
            // Somewhat outside: a simulation's.
            guard x > -w, y > -h, x < 2 * w, y < 2 * h else {
                throw Failure(
                    line: index + 1,
                    reason: "X and Y lie far outside of an image of \(width) x \(height); check --size")
            }
            views[views.count - 1].corners.append(.init(id: id, pixel: Vector2(x, y)))
        }
        return views.filter { !$0.corners.isEmpty }
    }
}
