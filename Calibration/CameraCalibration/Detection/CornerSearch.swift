internal import Features
internal import Geometry

/// From an image to the lattices of corners that it shows.
struct CornerSearch {
    let source: CornerImage

    /// Corners are looked for on this many of the levels, from the finest on.
    private static let levels = 3

    /// Most saddle points that are looked at on a level, and most corners that are linked.
    private static let mostPoints = 6000
    private static let mostCorners = 4000
    /// Least strength of a saddle point divided by its squared contrast: 0.2 for a sharp corner of right angles, less
    /// when it is blurred (then the next level shows it sharp) or seen askew; 0.01 in the middle of a thin line.
    private static let leastSharpness: Float = 0.04
    /// Radii of the circles around a saddle point, pixels of the level: the small one is for small squares.
    private static let radii = [5.0, 3.0]

    /// The lattices of at least `smallest` corners, largest first.
    func lattices(atLeast smallest: Int) -> [CornerLattice] {
        let corners = corners()
        return CornerLattice.components(corners, CornerLinks(corners, source.levels), atLeast: smallest)
    }

    private func corners() -> [SaddleCorner] {
        var corners: [SaddleCorner] = []
        for index in source.levels.indices.prefix(Self.levels) {
            let level = source.levels[index]
            let circles = Self.radii.map { Circle(radius: $0, on: level) }
            var taken = PointMask(level)
            for corner in corners { taken.insert(corner.pixel) }
            for (strength, point) in level.saddlePoints(limit: Self.mostPoints) where corners.count < Self.mostCorners {
                let pixel = level.pixel(ofIndex: point)
                guard !taken.contains(pixel) else { continue }
                for circle in circles {
                    let least = circle.leastContrast(around: point, level.smooth)
                    guard strength > 0.5 * Self.leastSharpness * least * least else { continue }
                    let ring = circle.ring(around: point, level.smooth)
                    guard Self.mayBeSharp(strength, ring.contrast), SaddleCorner.isSeen(in: ring),
                        let corner = corner(near: point, index, radius: circle.radius),
                        strength > Self.leastSharpness * corner.contrast * corner.contrast
                    else { continue }
                    if !taken.contains(corner.pixel) { corners.append(corner) }
                    taken.insert(pixel)
                    taken.insert(corner.pixel)
                    break
                }
            }
        }
        return corners
    }

    /// Whether the saddle is as strong as the contrast around it asks for, with a reserve: most points fail here, at
    /// little cost.
    private static func mayBeSharp(_ strength: Float, _ contrast: Float) -> Bool {
        contrast >= SaddleCorner.leastContrast && strength > 0.5 * leastSharpness * contrast * contrast
    }

    /// The corner at the saddle point near a pixel of the level, if its edges have the same directions on a smaller
    /// circle: those of a thin line, as between a marker and its square, spread.
    private func corner(near point: Int, _ index: Int, radius: Double) -> SaddleCorner? {
        let level = source.levels[index]
        guard let pixel = level.saddle(near: point),
            let outer = SaddleCorner.read(source.levels, level: index, at: pixel, radius: radius * level.scale),
            let inner = SaddleCorner.read(
                source.levels, level: index, at: pixel, radius: 0.6 * radius * level.scale,
                leastContrast: 0.5 * SaddleCorner.leastContrast),
            outer.agrees(with: inner)
        else { return nil }
        return outer
    }
}

/// The pixels of a level within two of a point.
private struct PointMask {
    private let width: Int
    private let height: Int
    private let scale: Double
    private var isTaken: [Bool]

    init(_ level: PyramidLevel) {
        (width, height, scale) = (level.width, level.height, level.scale)
        isTaken = [Bool](repeating: false, count: width * height)
    }

    private func column(_ p: Vector2) -> (Int, Int) {
        (Int(((p.x + 0.5) / scale - 0.5).rounded()), Int(((p.y + 0.5) / scale - 0.5).rounded()))
    }

    mutating func insert(_ p: Vector2) {
        let (x, y) = column(p)
        for row in max(y - 2, 0)..<min(y + 3, height) {
            for column in max(x - 2, 0)..<min(x + 3, width) { isTaken[row * width + column] = true }
        }
    }

    func contains(_ p: Vector2) -> Bool {
        let (x, y) = column(p)
        return x >= 0 && y >= 0 && x < width && y < height && isTaken[y * width + x]
    }
}
