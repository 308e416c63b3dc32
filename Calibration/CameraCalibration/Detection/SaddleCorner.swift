internal import Geometry

/// A point where two edges cross and dark and bright fields alternate around: a corner of a chessboard, as far as its surroundings tell.
struct SaddleCorner {
    var pixel: Vector2
    /// Directions of the four edges that leave it, radians, ascending by turning from the image's x to its y axis; from edge 0 to edge 1 it is dark.
    var rays: SIMD4<Double>
    /// Bright minus dark, grey levels.
    var contrast: Float
    /// Index of the pyramid level that shows it.
    var level: Int

    /// Less contrast than this many grey levels is noise.
    static let leastContrast: Float = 8
    /// Opposite edges lie on one line within this angle, radians.
    private static let straightness = 0.45
    /// Edges differ by more than this, radians: seen at 80 degrees from the normal they would not.
    private static let leastAngle = 0.17
    private static let circle: [Vector2] = (0..<24).map {
        let (s, c) = sineAndCosine(2 * .pi * Double($0) / 24)
        return Vector2(c, s)
    }

    /// Reads the circle of `radius` (image pixels) around `pixel`; nil unless there are exactly two dark and two bright arcs, opposite each other.
    static func read(
        _ levels: [PyramidLevel], level: Int, at pixel: Vector2, radius: Double, leastContrast: Float = leastContrast
    ) -> SaddleCorner? {
        var raw = InlineArray<24, Float>(repeating: 0)
        for k in 0..<24 { raw[k] = levels[level].intensity(pixel + circle[k] * radius) }
        var values = InlineArray<24, Float>(repeating: 0)
        var (low, high) = (Float.infinity, -Float.infinity)
        for k in 0..<24 {
            let value = (raw[(k + 23) % 24] + raw[(k + 1) % 24]) * 0.25 + raw[k] * 0.5
            values[k] = value
            low = min(low, value)
            high = max(high, value)
        }
        guard high - low >= leastContrast, let rays = edges(of: values, middle: 0.5 * (low + high)) else { return nil }
        return SaddleCorner(pixel: pixel, rays: rays, contrast: high - low, level: level)
    }

    /// The angles at which the values cross `middle`, if they are four and lie on two lines.
    private static func edges(of values: borrowing InlineArray<24, Float>, middle: Float) -> SIMD4<Double>? {
        var rays = SIMD4<Double>.zero
        var count = 0
        var startsDark = false
        for k in 0..<24 {
            let (a, b) = (values[k] - middle, values[(k + 1) % 24] - middle)
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

    /// Unit vector of edge `k`.
    func direction(_ k: Int) -> Vector2 {
        let (s, c) = sineAndCosine(rays[k])
        return Vector2(c, s)
    }
}
