internal import Geometry

/// Takes views from a stream of detections by itself: when the board is held still and shows something new. Keeps a
/// bounded set, the views that differ most from each other.
public struct ViewCollector: Sendable {
    /// What came of a detection.
    public enum Outcome: Sendable, Equatable {
        /// None was detected, or only corners on one line.
        case noBoard
        /// The board moves.
        case moving
        /// It is held still, but not yet for long enough: 0...1 of the time.
        case settling(Double)
        /// Still, but a view like it has been taken.
        case known
        /// It was still and new, and is kept.
        case taken
    }

    /// More views are not kept: they cost time and add little.
    public static let mostViews = 50
    /// How long the board must be held still, nanoseconds, and in how many detections.
    private static let stillTime: UInt64 = 500_000_000
    private static let stillDetections = 3

    /// In the order in which they were taken, at most ``mostViews``.
    public private(set) var views: [TakenView] = []
    /// What the views kept so far still lack.
    public private(set) var guide: CaptureGuide
    /// The board as last seen.
    public private(set) var current: ViewPlacement?
    /// Outside of which the lens shows nothing; nil while none is known.
    public var circle: ImageCircle? {
        didSet { if circle != oldValue { guide.update(with: views, circle: circle) } }
    }
    private var still: (view: BoardView, since: UInt64, detections: Int)?
    private let board: Board

    /// A collector without views.
    /// - Parameters:
    ///   - board: the one that is held before the camera.
    ///   - width: of the frames, pixels.
    ///   - height: of the frames, pixels.
    public init(board: Board, width: Int, height: Int) {
        self.board = board
        guide = CaptureGuide(board: board, width: width, height: height)
    }

    /// - Parameters:
    ///   - view: the corners of a frame; nil if there is no board.
    ///   - time: of the frame, CLOCK_MONOTONIC, nanoseconds.
    ///   - takes: false to look only.
    public mutating func offer(_ view: BoardView?, time: UInt64, takes: Bool = true) -> Outcome {
        guard let view, let placement = placement(of: view) else {
            (still, current) = (nil, nil)
            return .noBoard
        }
        current = placement
        guard let start = still, Self.shift(from: start.view, to: view) < 0.002 * Double(view.width) else {
            still = (view, time, 1)
            return .moving
        }
        still = (start.view, start.since, start.detections + 1)
        let share = min(
            Double(time - start.since) / Double(Self.stillTime),
            Double(start.detections + 1) / Double(Self.stillDetections))
        guard share >= 1 else { return isNew(placement) ? .settling(share) : .known }
        guard takes, isNew(placement) else { return .known }
        keep(TakenView(view: view, placement: placement))
        return .taken
    }

    /// Takes a view as it is, because the user says so; false without a board.
    public mutating func take(_ view: BoardView?) -> Bool {
        guard let view, let placement = placement(of: view) else { return false }
        keep(TakenView(view: view, placement: placement))
        return true
    }

    /// Lets go of the newest view.
    public mutating func undo() {
        guard !views.isEmpty else { return }
        views.removeLast()
        guide.update(with: views, circle: circle)
    }

    private func placement(of view: BoardView) -> ViewPlacement? {
        ViewPlacement(view, board: board, focalLength: guide.frame.focalLength)
    }

    private func isNew(_ placement: ViewPlacement) -> Bool {
        views.allSatisfy { placement.difference(from: $0.placement) > 1 }
    }

    private mutating func keep(_ view: TakenView) {
        views.append(view)
        if views.count > Self.mostViews { views.remove(at: leastInformative()) }
        guide.update(with: views, circle: circle)
    }

    /// Of the two views that are most alike, the one that is also more like a third.
    private func leastInformative() -> Int {
        func distances(_ i: Int) -> [Double] {
            views.indices.filter { $0 != i }.map { views[i].placement.difference(from: views[$0].placement) }.sorted()
        }
        // The newest stays: it was taken because it is new, or wanted.
        return views.indices.dropLast().min { distances($0).lexicographicallyPrecedes(distances($1)) } ?? 0
    }

    /// Root of the mean squared shift of the corners that both show; infinite when they share too few.
    private static func shift(from a: BoardView, to b: BoardView) -> Double {
        var (sum, count) = (0.0, 0)
        var j = 0
        for corner in a.corners {
            while j < b.corners.count, b.corners[j].id < corner.id { j += 1 }
            guard j < b.corners.count, b.corners[j].id == corner.id else { continue }
            sum += (b.corners[j].pixel - corner.pixel).lengthSquared
            count += 1
        }
        return 2 * count >= min(a.corners.count, b.corners.count) && count > 0
            ? (sum / Double(count)).squareRoot() : .infinity
    }
}
