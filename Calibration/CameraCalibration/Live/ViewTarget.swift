internal import Geometry

/// A view that is still to be taken: where to hold the board.
public struct ViewTarget: Sendable, Equatable {
    /// What the view is wanted for; the rest of its placement is free.
    enum Purpose: Sendable { case place, turn, distance }

    /// For the person who holds the board.
    public let text: String
    let purpose: Purpose
    /// Its size as a share of the largest that the image has room for.
    let placement: ViewPlacement

    private init(_ text: String, _ purpose: Purpose, _ x: Double, _ y: Double, _ size: Double, _ turn: (Double, Double))
    {
        self.text = text
        self.purpose = purpose
        let radians = Double.pi / 180
        placement = ViewPlacement(
            centre: Vector2(x, y), size: size, tilt: Vector2(turn.0 * radians, turn.1 * radians))
    }

    /// In the order in which they are asked for. At an edge the board turns away from the middle: its outer side is
    /// nearer, so that it is seen at a slant, from which the focal length is known.
    static let all = [
        ViewTarget("Hold the board in the middle, facing the camera", .place, 0.5, 0.5, 0.6, (0, 0)),
        ViewTarget("Turn its right edge towards the camera", .turn, 0.5, 0.5, 0.65, (32, 0)),
        ViewTarget("Turn its left edge towards the camera", .turn, 0.5, 0.5, 0.65, (-32, 0)),
        ViewTarget("Tip its lower edge towards the camera", .turn, 0.5, 0.5, 0.65, (0, 32)),
        ViewTarget("Tip its upper edge towards the camera", .turn, 0.5, 0.5, 0.65, (0, -32)),
        ViewTarget("Move the board into the top left corner", .place, 0, 0, 0.45, (-10, -10)),
        ViewTarget("Move the board to the left edge", .place, 0, 0.5, 0.45, (-12, 0)),
        ViewTarget("Move the board into the bottom left corner", .place, 0, 1, 0.45, (-10, 10)),
        ViewTarget("Move the board to the bottom edge", .place, 0.5, 1, 0.45, (0, 12)),
        ViewTarget("Move the board into the bottom right corner", .place, 1, 1, 0.45, (10, 10)),
        ViewTarget("Move the board to the right edge", .place, 1, 0.5, 0.45, (12, 0)),
        ViewTarget("Move the board into the top right corner", .place, 1, 0, 0.45, (10, -10)),
        ViewTarget("Move the board to the top edge", .place, 0.5, 0, 0.45, (0, -12)),
        ViewTarget("Come closer, so that the board fills the image", .distance, 0.5, 0.5, 0.95, (0, 0)),
        ViewTarget("Step back", .distance, 0.5, 0.5, 0.4, (20, 20)),
    ]

    /// For a part of the image where no corner was seen yet; x and y 0...1.
    static func fill(_ x: Double, _ y: Double) -> ViewTarget {
        ViewTarget(
            "Move the board to where the heat map is empty", .place, x, y, 0.36,
            (x < 0.5 ? -12 : 12, y < 0.5 ? -12 : 12))
    }

    /// Whether a view shows what this one is wanted for.
    func isMet(by view: ViewPlacement, frame: GuideFrame) -> Bool {
        switch purpose {
        case .place:
            let shift = view.centre - frame.fitted(self).centre
            return abs(shift.x) < 0.13 && abs(shift.y) < 0.13
        case .turn:
            let turn = view.tilt - placement.tilt
            return abs(turn.x) < 0.28 && abs(turn.y) < 0.28
        case .distance:
            return placement.size > 0.5 ? view.size > 0.85 * frame.largestSize : view.size < 0.55 * frame.largestSize
        }
    }
}

/// The image and the board that guidance is about.
struct GuideFrame: Sendable, Equatable {
    let board: Board
    let width: Int
    let height: Int
    /// About that of the lens, until it is known; pixels.
    let focalLength: Double
    /// Outside of which the lens shows nothing, as far as is known yet.
    var circle: ImageCircle?

    init(board: Board, width: Int, height: Int) {
        (self.board, self.width, self.height) = (board, width, height)
        focalLength = 0.95 * Double(max(width, height))
    }

    /// ``ViewPlacement/size`` of the board when it fills the image, or the circle in it.
    var largestSize: Double {
        let extent = board.outline.count == 4 ? board.outline[2] - board.outline[0] : Vector2(1, 1)
        var scale = min(Double(width) / abs(extent.x), Double(height) / abs(extent.y))
        if let circle { scale = min(scale, 2 * circle.radius / extent.length) }
        scale *= 0.97
        return (abs(extent.x * extent.y) * scale * scale / Double(width * height)).squareRoot()
    }

    /// The target with the board pushed back into the image; a board that is known by its markers may stand out.
    func fitted(_ target: ViewTarget) -> (centre: Vector2, outline: [Vector2]) {
        var placement = target.placement
        placement.size = min(placement.size, 1) * largestSize
        let slack = board.isIdentified ? 0.12 : -0.015
        var outline: [Vector2] = []
        for _ in 0..<16 {
            outline = self.outline(placement)
            if let circle {
                let (shift, room) = Self.into(circle, by: slack, outline)
                if room < 1 { placement.size *= room }
                if shift.length < 1 && room >= 1 { break }
                placement.centre += shift / Vector2(Double(width), Double(height))
                continue
            }
            let (low, high) = Self.bounds(outline)
            let extent = Vector2((high.x - low.x) / Double(width), (high.y - low.y) / Double(height))
            let room = 1 + 2 * slack
            if max(extent.x, extent.y) > room { placement.size *= room / max(extent.x, extent.y) * 0.99 }
            func push(_ low: Double, _ high: Double, _ side: Double) -> Double {
                let (first, last) = (-slack * side, (1 + slack) * side)
                return (low < first ? first - low : high > last ? last - high : 0) / side
            }
            let shift = Vector2(push(low.x, high.x, Double(width)), push(low.y, high.y, Double(height)))
            if shift.length < 1e-3 && max(extent.x, extent.y) <= room { break }
            placement.centre += shift
        }
        return (placement.centre, outline)
    }

    /// Where a pinhole camera sees the lattice's outline, each side in parts, so that a lens could bend it; pixels.
    private func outline(_ placement: ViewPlacement) -> [Vector2] {
        let corners = board.outline
        let (middle, count) = (board.outlineMiddle, corners.count)
        guard count == 4 else { return [] }
        let extent = corners[2] - corners[0]
        let depth =
            focalLength * (abs(extent.x * extent.y) / Double(width * height)).squareRoot() / placement.size
        let normal = Vector3(tangent(placement.tilt.x), tangent(placement.tilt.y), 1).normalized
        let axis = Vector3(0, 0, 1).cross(normal)
        let angle = Vector3(0, 0, 1).angle(to: normal)
        let rotation = Rotation(exp: axis.length > 0 ? axis * (angle / axis.length) : .zero)
        let image = Vector2(Double(width), Double(height))
        let pixel = placement.centre * image - 0.5
        let principal = (image - 1) / 2
        let ray = (pixel - principal) / focalLength
        let position = Vector3(ray.x, ray.y, 1) * depth
        return corners.map { corner in
            let p = position + rotation * Vector3(corner.x - middle.x, corner.y - middle.y, 0)
            return Vector2(p.x, p.y) / max(p.z, 0.05 * depth) * focalLength + principal
        }
    }

    /// By how many pixels an outline must move to lie in the circle, widened by a share, and by which factor it is too
    /// large, if below one.
    private static func into(_ circle: ImageCircle, by slack: Double, _ outline: [Vector2]) -> (Vector2, Double) {
        let radius = (1 + 2 * slack) * circle.radius
        let middle = outline.reduce(.zero, +) / Double(max(outline.count, 1))
        let half = outline.map { ($0 - middle).length }.max() ?? 0
        let ways = outline.map { $0 - circle.centre }
        guard let way = ways.max(by: { $0.length < $1.length }), way.length > radius else { return (.zero, 1) }
        return (way * (radius / way.length - 1), half > radius ? 0.99 * radius / half : 1)
    }

    private static func bounds(_ points: [Vector2]) -> (low: Vector2, high: Vector2) {
        guard let first = points.first else { return (.zero, .zero) }
        return points.reduce((first, first)) { (pointwiseMin($0.0, $1), pointwiseMax($0.1, $1)) }
    }
}
