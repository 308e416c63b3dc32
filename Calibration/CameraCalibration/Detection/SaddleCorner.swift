internal import Geometry

/// A point where two edges cross and dark and bright fields alternate around: a corner of a chessboard, as far as its surroundings tell.
struct SaddleCorner {
    let pixel: Vector2
    /// Unit vectors of the four edges that leave it, turning from the image's x to its y axis; from edge 0 to edge 1 it is dark.
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

    /// Reads the circle of `radius` (image pixels) around `pixel`; nil unless there are exactly two dark and two bright arcs, opposite each other.
    static func read(
        _ levels: [PyramidLevel], level: Int, at pixel: Vector2, radius: Double, leastContrast: Float = leastContrast
    ) -> SaddleCorner? {
        var values = InlineArray<24, Float>(repeating: 0)
        for k in 0..<24 { values[k] = levels[level].intensity(pixel + Circle.points[k] * radius) }
        return SaddleCorner(values, at: pixel, level: level, leastContrast: leastContrast)
    }

    /// From intensities on a circle, 24 of equal distance from the direction of x towards y.
    init?(
        _ raw: borrowing InlineArray<24, Float>, at pixel: Vector2, level: Int, leastContrast: Float = leastContrast
    ) {
        var values = InlineArray<24, Float>(repeating: 0)
        var (low, high) = (Float.infinity, -Float.infinity)
        for k in 0..<24 {
            let (before, after) = (k == 0 ? 23 : k - 1, k == 23 ? 0 : k + 1)
            let value = (raw[before] + raw[after]) * 0.25 + raw[k] * 0.5
            values[k] = value
            low = min(low, value)
            high = max(high, value)
        }
        guard high - low >= leastContrast, let rays = Self.edges(of: values, middle: 0.5 * (low + high)) else {
            return nil
        }
        self.pixel = pixel
        self.level = level
        contrast = high - low
        directions = InlineArray { k in
            let (s, c) = sineAndCosine(rays[k])
            return Vector2(c, s)
        }
    }

    /// Whether the edges of another reading of the same corner leave it in the same directions.
    func agrees(with other: SaddleCorner) -> Bool {
        [0, 2].contains { shift in
            (0..<4).allSatisfy { directions[$0].dot(other.directions[($0 + shift) & 3]) > Self.agreement }
        }
    }

    /// The angles at which the values cross `middle`, if they are four and lie on two lines.
    private static func edges(of values: borrowing InlineArray<24, Float>, middle: Float) -> SIMD4<Double>? {
        var rays = SIMD4<Double>.zero
        var count = 0
        var startsDark = false
        for k in 0..<24 {
            let (a, b) = (values[k] - middle, values[k == 23 ? 0 : k + 1] - middle)
            guard (a < 0) != (b < 0) else { continue }
            if count == 4 { return nil }
            if count == 0 { startsDark = b < 0 }
            rays[count] = (Double(k) + Double(a / (a - b))) * (2 * .pi / 24)
            count += 1
        }
        guard count == 4 else { return nil }
        if !startsDark { rays = SIMD4(rays[1], rays[2], rays[3], rays[0] + 2 * .pi) }
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

    /// The intensities around the pixel with this index, which is further than the radius from the level's border.
    func values(around index: Int, _ smooth: [Float]) -> InlineArray<24, Float> {
        var values = InlineArray<24, Float>(repeating: 0)
        unsafe smooth.withUnsafeBufferPointer { s in
            for k in 0..<24 {
                let tap = taps[k]
                let i = index + tap.offset
                let top = unsafe s[i] + tap.u * (s[i + 1] - s[i])
                let bottom = unsafe s[i + width] + tap.u * (s[i + width + 1] - s[i + width])
                values[k] = top + tap.v * (bottom - top)
            }
        }
        return values
    }
}
