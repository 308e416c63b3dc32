public import Geometry

/// Which views have been taken, and which one would help most.
public struct CaptureGuide: Sendable {
    /// Three bars, each full at 1.
    public struct Progress: Sendable, Equatable {
        /// Parts of the image with corners.
        public var position = 0.0
        /// From near to far.
        public var size = 0.0
        /// Turned left, right, up and down.
        public var tilt = 0.0

        /// Whether all three bars have reached 1.
        public var isFull: Bool { min(position, size, tilt) >= 1 }
    }

    /// Corners taken in each cell of the image, row by row.
    public struct Heat: Sendable, Equatable {
        /// Cells across the image, whatever its size.
        public static let columns = 12
        /// Cells down the image, whatever its size.
        public static let rows = 9
        /// `columns * rows` numbers, from the top left cell on.
        public var counts = [Int](repeating: 0, count: columns * rows)

        /// Share of the cells that can be filled that are.
        func filled(in frame: GuideFrame) -> Double {
            let asked = counts.indices.filter { isAsked($0, frame) }
            return Double(asked.count { counts[$0] > 0 }) / Double(max(asked.count, 1))
        }

        /// Whether a board can have corners in a cell: the lens lights its middle, and a little beyond.
        func isAsked(_ cell: Int, _ frame: GuideFrame) -> Bool {
            guard let circle = frame.circle else { return true }
            let place = Vector2(
                (Double(cell % Self.columns) + 0.5) / Double(Self.columns),
                (Double(cell / Self.columns) + 0.5) / Double(Self.rows))
            let pixel = place * Vector2(Double(frame.width), Double(frame.height)) - 0.5
            return (pixel - circle.centre).length <= 0.9 * circle.radius
        }

        func cell(_ pixel: Vector2, _ frame: GuideFrame) -> Int {
            let column = Int((pixel.x + 0.5) / Double(frame.width) * Double(Self.columns))
            let row = Int((pixel.y + 0.5) / Double(frame.height) * Double(Self.rows))
            return min(max(row, 0), Self.rows - 1) * Self.columns + min(max(column, 0), Self.columns - 1)
        }
    }

    /// Views before which no calibration should be believed.
    public static let enoughViews = 12

    /// How far the views taken so far are what is needed.
    public private(set) var progress = Progress()
    /// Where in the image the views taken so far have corners.
    public private(set) var heat = Heat()
    /// nil when nothing more is needed.
    public private(set) var next: ViewTarget?
    /// The outline of the lattice at which to hold the board, pixels.
    public private(set) var nextOutline: [Vector2] = []
    private(set) var frame: GuideFrame

    /// A guide before the first view.
    /// - Parameters:
    ///   - board: the one that is held before the camera.
    ///   - width: of the frames, pixels.
    ///   - height: of the frames, pixels.
    public init(board: Board, width: Int, height: Int) {
        frame = GuideFrame(board: board, width: width, height: height)
        update(with: [])
    }

    /// Whether the views suffice: every bar is full.
    public func isComplete(viewCount: Int) -> Bool { progress.isFull && viewCount >= Self.enoughViews }

    /// - Parameters:
    ///   - taken: all views that are kept.
    ///   - circle: outside of which the lens shows nothing; nil while none is known.
    mutating func update(with taken: [TakenView], circle: ImageCircle? = nil) {
        frame.circle = circle
        heat = Heat()
        for view in taken {
            for corner in view.view.corners { heat.counts[heat.cell(corner.pixel, frame)] += 1 }
        }
        progress = Self.progress(taken.map(\.placement), filled: heat.filled(in: frame))
        next = ViewTarget.all.first { target in
            !taken.contains { target.isMet(by: $0.placement, frame: frame) }
        }
        if next == nil, !isComplete(viewCount: taken.count) { next = emptiestPart() }
        nextOutline = next.map { frame.fitted($0).outline } ?? []
    }

    private static func progress(_ taken: [ViewPlacement], filled: Double) -> Progress {
        var progress = Progress()
        progress.position = min(1, filled / 0.9)
        let sizes = taken.map(\.size)
        if let least = sizes.min(), let most = sizes.max() {
            progress.size = min(1, naturalLogarithm(most / least) / naturalLogarithm(1.5))
        }
        let full = 25 * Double.pi / 180
        let sides: [(ViewPlacement) -> Double] = [{ $0.tilt.x }, { -$0.tilt.x }, { $0.tilt.y }, { -$0.tilt.y }]
        for side in sides { progress.tilt += min(1, max(0, taken.map(side).max() ?? 0) / full) / 4 }
        // Sums of quarters do not always make 1.
        if progress.tilt > 1 - 1e-9 { progress.tilt = 1 }
        return progress
    }

    /// The empty cell that is farthest from any corner.
    private func emptiestPart() -> ViewTarget? {
        let (columns, rows) = (Heat.columns, Heat.rows)
        let filled = heat.counts.indices.filter { heat.counts[$0] > 0 }
        func distance(_ cell: Int) -> Int {
            let (x, y) = (cell % columns, cell / columns)
            return filled.map { max(abs($0 % columns - x), abs($0 / columns - y)) }.min() ?? 0
        }
        let empty = heat.counts.indices.filter { heat.counts[$0] == 0 && heat.isAsked($0, frame) }
        guard let cell = empty.max(by: { distance($0) < distance($1) }) else { return nil }
        return .fill(
            (Double(cell % columns) + 0.5) / Double(columns), (Double(cell / columns) + 0.5) / Double(rows))
    }
}

/// A view that was taken, and its placement.
public struct TakenView: Sendable {
    /// The corners as detected.
    public let view: BoardView
    /// Where and how the board stood in the view, by which views are told apart.
    public let placement: ViewPlacement
}
