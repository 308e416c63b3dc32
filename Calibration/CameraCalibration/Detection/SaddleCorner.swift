internal import Geometry

/// A point where two edges cross and dark and bright fields alternate around: a corner of a chessboard, as far as its
/// surroundings tell.
struct SaddleCorner {
    let pixel: Vector2
    /// Unit vectors of the four edges that leave it, turning from the image's x to its y axis; from edge 0 to edge 1 it
    /// is dark.
    let directions: InlineArray<4, Vector2>
    /// Bright minus dark, grey levels.
    let contrast: Float
    /// Index of the pyramid level that shows it.
    let level: Int

    /// Less contrast than this many grey levels is noise.
    static let leastContrast: Float = 8
    /// Opposite edges lie on one line within this angle, radians.
    private static let straightness = 0.45
    /// Cosine of the largest angle between directions of an edge read on two circles: 15 degrees.
    private static let agreement = 0.966
    /// Edges differ by more than this, radians: seen at 80 degrees from the normal they would not.
    private static let leastAngle = 0.17

    /// Reads the circle of `radius` (image pixels) around `pixel`; nil unless there are exactly two dark and two bright
    /// arcs, opposite each other.
    static func read(
        _ levels: [PyramidLevel], level: Int, at pixel: Vector2, radius: Double, leastContrast: Float = leastContrast
    ) -> SaddleCorner? {
        let pyramid = levels[level]
        let ring = Ring { pyramid.intensity(pixel + Circle.points[$0] * radius) }
        return SaddleCorner(ring, at: pixel, level: level, leastContrast: leastContrast)
    }

    /// From intensities on a circle.
    init?(_ ring: Ring, at pixel: Vector2, level: Int, leastContrast: Float = leastContrast) {
        guard ring.smoothContrast >= leastContrast, let rays = Self.edges(of: ring) else { return nil }
        self.pixel = pixel
        self.level = level
        contrast = ring.smoothContrast
        directions = InlineArray { k in
            let (s, c) = sineAndCosine(rays[k])
            return Vector2(c, s)
        }
    }

    /// Whether the intensities on a circle are those of a corner.
    static func isSeen(in ring: Ring) -> Bool { ring.smoothContrast >= leastContrast && edges(of: ring) != nil }

    /// Whether the edges of another reading of the same corner leave it in the same directions.
    func agrees(with other: SaddleCorner) -> Bool {
        [0, 2].contains { shift in
            (0..<4).allSatisfy { directions[$0].dot(other.directions[($0 + shift) & 3]) > Self.agreement }
        }
    }

    /// The angles of the four edges, if they lie on two lines.
    private static func edges(of ring: Ring) -> SIMD4<Double>? {
        guard let rays = ring.crossings else { return nil }
        let gaps = SIMD4(rays[1], rays[2], rays[3], rays[0] + 2 * .pi) - rays
        guard gaps.min() > leastAngle, abs(rays[2] - rays[0] - .pi) < straightness,
            abs(rays[3] - rays[1] - .pi) < straightness
        else { return nil }
        return rays
    }
}

/// Circles of intensities around the pixels of a level.
struct Circle {
    /// 24 points on the unit circle.
    static let points: [Vector2] = (0..<24).map {
        let (s, c) = sineAndCosine(2 * .pi * Double($0) / 24)
        return Vector2(c, s)
    }

    /// Pixels of the level.
    let radius: Double
    private let taps: [(offset: Int, u: Float, v: Float)]
    private let width: Int

    init(radius: Double, on level: PyramidLevel) {
        self.radius = radius
        let width = level.width
        self.width = width
        taps = Self.points.map { point in
            let p = point * radius
            let (x, y) = (p.x.rounded(.down), p.y.rounded(.down))
            return (Int(y) * width + Int(x), Float(p.x - x), Float(p.y - y))
        }
    }

    /// About what the contrast is at least: of eight of the points, the pixels next to them. Most points that are none
    /// fall by it.
    func leastContrast(around index: Int, _ smooth: [Float]) -> Float {
        var (low, high) = (smooth[index + taps[0].offset], smooth[index + taps[0].offset])
        for k in stride(from: 3, to: 24, by: 3) {
            let value = smooth[index + taps[k].offset]
            low = min(low, value)
            high = max(high, value)
        }
        return 0.9 * (high - low)
    }

    /// The intensities around the pixel with this index, which is further than the radius from the level's border.
    func ring(around index: Int, _ smooth: [Float]) -> Ring {
        unsafe smooth.withUnsafeBufferPointer { s in
            unsafe taps.withUnsafeBufferPointer { taps in
                Ring { k in
                    let tap = unsafe taps[k]
                    let i = index + tap.offset
                    let top = unsafe s[i] + tap.u * (s[i + 1] - s[i])
                    let bottom = unsafe s[i + width] + tap.u * (s[i + width + 1] - s[i + width])
                    return top + tap.v * (bottom - top)
                }
            }
        }
    }
}
