internal import Features
internal import Geometry

/// Sub-pixel position of a corner: the point on which the lines of all gradients around it meet (Förstner and Gülch 1987).
///
/// The window is the parallelogram that the steps to the neighbouring corners span, scaled, so that it never reaches another corner's edges, and
/// is as large as it can be: a fixed window takes in neighbours when the board is seen small or askew, which biases the corner.
struct CornerRefinement {
    /// Part of a step that the window reaches to each side.
    let reach: Double
    /// The window's largest half side, pixels.
    static let largest = 12.0
    private static let iterations = 12

    /// The corner near `start`, and how much its pixel scatters for each grey level of image noise; nil if there is none within the window.
    ///
    /// - Parameters:
    ///   - across, down: the ways to the neighbouring corners, pixels.
    func refine(
        _ start: Vector2, across: Vector2, down: Vector2, in image: GreyImage
    ) -> (pixel: Vector2, scatter: Double)? {
        let (a, b) = (half(across), half(down))
        let determinant = a.x * b.y - a.y * b.x
        guard abs(determinant) > 0.5 else { return nil }
        let (u, v) = (Vector2(b.y, -b.x) / determinant, Vector2(-a.y, a.x) / determinant)
        let size = Vector2(abs(a.x) + abs(b.x), abs(a.y) + abs(b.y))
        var point = start
        for iteration in 0..<Self.iterations {
            guard let sums = Self.sums(around: point, size, u, v, image), let next = sums.meeting else { return nil }
            let step = next - point
            guard step.isFinite, abs((next - start).dot(u)) < 1, abs((next - start).dot(v)) < 1 else { return nil }
            point = next
            if step.lengthSquared < 1e-8 || iteration == Self.iterations - 1 { return (point, sums.scatter) }
        }
        return nil
    }

    private func half(_ step: Vector2) -> Vector2 {
        let length = step.length
        let wanted = min(max(reach * length, 2.5), Self.largest)
        return step * (wanted / max(length, 1e-9))
    }

    /// Weighted sums over the window.
    private struct Sums {
        var xx = 0.0
        var xy = 0.0
        var yy = 0.0
        var x = 0.0
        var y = 0.0
        /// Of w² |p - centre|² g gᵀ.
        var farXX = 0.0
        var farXY = 0.0
        var farYY = 0.0

        var meeting: Vector2? {
            let determinant = xx * yy - xy * xy
            guard determinant > 1e-3 * (xx + yy) * (xx + yy) * 0.25 * 0.01, determinant > 0 else { return nil }
            return Vector2(yy * x - xy * y, xx * y - xy * x) / determinant
        }

        /// Root of half the trace of A⁻¹ F A⁻¹, times the noise of a central difference of unit image noise.
        var scatter: Double {
            let determinant = xx * yy - xy * xy
            let (a, b, c) = (yy / determinant, -xy / determinant, xx / determinant)
            let row0 = Vector2(a * farXX + b * farXY, a * farXY + b * farYY)
            let row1 = Vector2(b * farXX + c * farXY, b * farXY + c * farYY)
            let trace = row0.dot(Vector2(a, b)) + row1.dot(Vector2(b, c))
            return (0.5 * 0.5 * max(trace, 0)).squareRoot()
        }
    }

    private static func sums(
        around p: Vector2, _ size: Vector2, _ u: Vector2, _ v: Vector2, _ image: GreyImage
    ) -> Sums? {
        let (left, right) = (Int((p.x - size.x).rounded(.up)), Int((p.x + size.x).rounded(.down)))
        let (top, bottom) = (Int((p.y - size.y).rounded(.up)), Int((p.y + size.y).rounded(.down)))
        let (x0, x1) = (max(left, 1), min(right, image.width - 2))
        let (y0, y1) = (max(top, 1), min(bottom, image.height - 2))
        // Most of the window must be in the image, the corner itself well inside.
        guard x0 <= x1, y0 <= y1, p.x > 1.5, p.y > 1.5, p.x < Double(image.width) - 2.5,
            p.y < Double(image.height) - 2.5
        else { return nil }
        var s = Sums()
        let w = image.width
        unsafe image.pixels.withUnsafeBufferPointer { pixels in
            for y in y0...y1 {
                let dy = Double(y) - p.y
                for x in x0...x1 {
                    let dx = Double(x) - p.x
                    let (a, b) = (dx * u.x + dy * u.y, dx * v.x + dy * v.y)
                    let (ca, cb) = (1 - a * a, 1 - b * b)
                    guard ca > 0, cb > 0 else { continue }
                    let i = y * w + x
                    let gx = 0.5 * (unsafe Double(pixels[i + 1]) - Double(pixels[i - 1]))
                    let gy = 0.5 * (unsafe Double(pixels[i + w]) - Double(pixels[i - w]))
                    let weight = ca * ca * cb * cb
                    let (xx, xy, yy) = (weight * gx * gx, weight * gx * gy, weight * gy * gy)
                    s.xx += xx
                    s.xy += xy
                    s.yy += yy
                    s.x += xx * dx + xy * dy
                    s.y += xy * dx + yy * dy
                    let far = weight * (dx * dx + dy * dy)
                    s.farXX += xx * far
                    s.farXY += xy * far
                    s.farYY += yy * far
                }
            }
        }
        s.x += s.xx * p.x + s.xy * p.y
        s.y += s.xy * p.x + s.yy * p.y
        return s
    }
}
