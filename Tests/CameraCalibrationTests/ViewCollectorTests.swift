import CalibrationFixtures
import CameraCalibration
import Geometry
import TestSupport
import Testing

/// A board whose lattice fills a quadrilateral of the image (Heckbert 1989: the projective map of the unit square).
private func view(_ board: Board, _ quad: [Vector2], _ width: Int, _ height: Int) -> BoardView {
    let (a, b, c, d) = (quad[0], quad[1], quad[2], quad[3])
    let (p, q, s) = (b - c, d - c, a - b + c - d)
    let determinant = p.x * q.y - p.y * q.x
    let g = (s.x * q.y - s.y * q.x) / determinant
    let h = (p.x * s.y - p.y * s.x) / determinant
    let (columns, rows) = board.lattice
    let corners = board.points.indices.compactMap { id -> BoardView.Corner? in
        let place = board.position(of: id)
        let (u, v) = (Double(place.column) / Double(columns - 1), Double(place.row) / Double(rows - 1))
        let w: Double = g * u + h * v + 1
        let (across, down): (Vector2, Vector2) = (b - a + b * g, d - a + d * h)
        let pixel: Vector2 = (a + across * u + down * v) / w
        let isSeen = pixel.x >= 0 && pixel.y >= 0 && pixel.x < Double(width) && pixel.y < Double(height)
        return isSeen ? BoardView.Corner(id: id, pixel: pixel) : nil
    }
    return BoardView(name: "view", width: width, height: height, corners: corners)
}

private let square = [Vector2(200, 150), Vector2(440, 150), Vector2(440, 310), Vector2(200, 310)]

private func moved(_ quad: [Vector2], _ x: Double, _ y: Double) -> [Vector2] { quad.map { $0 + Vector2(x, y) } }

@Suite("Taking views by itself")
struct ViewCollectorTests {
    let board: Board
    let milli: UInt64 = 1_000_000

    init() throws { board = try Board(parsing: "chessboard:9x6:25mm") }

    @Test("A board held still for half a second is taken, once")
    func still() {
        var collector = ViewCollector(board: board, width: 640, height: 480)
        let shown = view(board, square, 640, 480)
        let times: [UInt64] = [0, 250, 450, 500, 1500]
        let outcomes = times.map { collector.offer(shown, time: $0 * milli) }
        #expect(outcomes == [.moving, .settling(0.5), .settling(0.9), .taken, .known])
        #expect(collector.views.count == 1)
        let gone = collector.offer(nil, time: 1600 * milli)
        #expect(gone == .noBoard)
        #expect(collector.current == nil)
    }

    @Test("A moving board is never taken, nor one that stops for a moment")
    func moving() {
        var collector = ViewCollector(board: board, width: 640, height: 480)
        for step in 0..<60 {
            let shown = view(board, moved(square, Double(step) * 2, 0), 640, 480)
            let outcome = collector.offer(shown, time: UInt64(step) * 100 * milli)
            #expect(outcome == .moving)
        }
        let shown = view(board, square, 640, 480)
        for time in [7000, 7400] { _ = collector.offer(shown, time: UInt64(time) * milli) }
        let outcome = collector.offer(view(board, moved(square, 5, 0), 640, 480), time: 7500 * milli)
        #expect(outcome == .moving)
        #expect(collector.views.isEmpty)
    }

    @Test("What has been seen is not taken again; another place, size or tilt is")
    func new() {
        var collector = ViewCollector(board: board, width: 640, height: 480)
        let larger = [Vector2(120, 100), Vector2(520, 100), Vector2(520, 360), Vector2(120, 360)]
        let turned = [Vector2(200, 150), Vector2(420, 115), Vector2(420, 345), Vector2(200, 310)]
        let cases = [
            (square, true), (moved(square, 30, 20), false), (moved(square, 90, 0), true), (larger, true),
            (turned, true),
            (moved(turned, 10, 0), false),
        ]
        var time: UInt64 = 0
        for (quad, isNew) in cases {
            let before = collector.views.count
            for _ in 0..<10 {
                _ = collector.offer(view(board, quad, 640, 480), time: time)
                time += 100 * milli
            }
            #expect(collector.views.count == before + (isNew ? 1 : 0))
        }
    }

    @Test("At most fifty views stay, those that differ; undo lets go of the newest")
    func bounded() {
        var collector = ViewCollector(board: board, width: 640, height: 480)
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<80 {
            let shift = (
                Double.random(in: -190...190, using: &generator), Double.random(in: -140...140, using: &generator)
            )
            let isTaken = collector.take(view(board, moved(square, shift.0, shift.1), 640, 480))
            #expect(isTaken)
        }
        // Forty copies of one view push none of the others out.
        let spread = collector.guide.heat.counts.count { $0 > 0 }
        for _ in 0..<40 { _ = collector.take(view(board, square, 640, 480)) }
        #expect(collector.views.count == ViewCollector.mostViews)
        #expect(collector.guide.heat.counts.count { $0 > 0 } >= spread - 1)
        collector.undo()
        #expect(collector.views.count == ViewCollector.mostViews - 1)
        for _ in 0..<60 { collector.undo() }
        #expect(collector.views.isEmpty && collector.guide.progress.position == 0)
    }

    /// The guide must be able to be followed: whoever holds each board where it says is done after a bounded number of
    /// views.
    @Test(
        "Who follows the guide fills every bar",
        arguments: [
            ("chessboard:9x6:25mm", 640, 480), ("chessboard:10x10:25mm", 1280, 720), ("chessboard:5x9:30mm", 1280, 720),
            ("charuco:8x8:25.4mm:19.05mm:DICT_4X4_1000", 640, 480), ("aprilgrid:6x6:88mm:0.3", 752, 480),
            ("chessboard:24x17:30mm", 1920, 1080),
        ])
    func follow(text: String, width: Int, height: Int) throws {
        let board = try Board(parsing: text)
        var collector = ViewCollector(board: board, width: width, height: height)
        var hints: [String] = []
        while let next = collector.guide.next, hints.count < 40 {
            hints.append(next.text)
            let outline = collector.guide.nextOutline
            try #require(outline.count == 4)
            let isTaken = collector.take(view(board, outline, width, height))
            #expect(isTaken)
        }
        #expect(collector.guide.isComplete(viewCount: collector.views.count), "\(hints) \(collector.guide.progress)")
        #expect((CaptureGuide.enoughViews...30).contains(hints.count))
    }

    /// Of a lens that lights a circle of the image only, nothing is asked outside of it.
    @Test(
        "Who follows the guide within a circle fills every bar",
        arguments: [
            ("chessboard:9x6:25mm", 640, 480, 228.0), ("chessboard:6x9:25mm", 1280, 960, 470),
            ("charuco:8x8:25.4mm:19.05mm:DICT_4X4_1000", 1280, 720, 420), ("aprilgrid:6x6:88mm:0.3", 752, 480, 240),
        ])
    func followInCircle(text: String, width: Int, height: Int, radius: Double) throws {
        let board = try Board(parsing: text)
        var collector = ViewCollector(board: board, width: width, height: height)
        let circle = ImageCircle(centre: Vector2(Double(width), Double(height)) / 2 + Vector2(3, -4), radius: radius)
        collector.circle = circle
        var hints: [String] = []
        while let next = collector.guide.next, hints.count < 40 {
            hints.append(next.text)
            let shown = view(board, collector.guide.nextOutline, width, height)
            let corners = shown.corners.filter { circle.contains($0.pixel) }
            if !board.isIdentified { #expect(corners.count == board.points.count, "\(next.text)") }
            let isTaken = collector.take(
                BoardView(name: "view", width: width, height: height, corners: corners))
            #expect(isTaken)
        }
        #expect(collector.guide.isComplete(viewCount: collector.views.count), "\(hints) \(collector.guide.progress)")
        #expect((CaptureGuide.enoughViews...30).contains(hints.count))
    }
}
