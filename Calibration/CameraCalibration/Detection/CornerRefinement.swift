internal import Features
internal import Geometry

/// Sub-pixel position of a corner: the point on which the lines of all gradients around it meet (Förstner and Gülch
/// 1987).
///
/// The window is the parallelogram that the steps to the neighbouring corners span, scaled, so that it never reaches
/// another corner's edges, and is as large as it can be: a fixed window takes in neighbours when the board is seen
/// small or askew, which biases the corner.
struct CornerRefinement {
    /// Part of a step that the window reaches to each side.
    let reach: Double
    /// The window's largest half side, pixels.
    static let largest = 12.0
    private static let iterations = 12
    /// A step shorter than this ends the search, pixels squared: a tenth of the error of a good corner.
    private static let converged = 1e-5

    /// The corner near `start`; nil if there is none within the window.
    ///
    /// - Parameters:
    ///   - start: where the corner is thought to be, pixels.
    ///   - across: the way to the next corner of its row, pixels.
    ///   - down: the way to the next corner of its column, pixels.
    ///   - image: the intensities that are read.
    func refine(
        _ start: Vector2, across: Vector2, down: Vector2, in image: GreyImage
    ) -> Vector2? {
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
            if step.lengthSquared < Self.converged || iteration == Self.iterations - 1 { return point }
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

        var meeting: Vector2? {
            let determinant = xx * yy - xy * xy
            guard determinant > 1e-3 * (xx + yy) * (xx + yy) * 0.25 * 0.01, determinant > 0 else { return nil }
            return Vector2(yy * x - xy * y, xx * y - xy * x) / determinant
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
        let window = Window(columns: x0...x1, rows: y0...y1, point: p, u: u, v: v)
        var s = unsafe image.pixels.withUnsafeBufferPointer { unsafe window.sums($0, image.width) }
        s.x += s.xx * p.x + s.xy * p.y
        s.y += s.xy * p.x + s.yy * p.y
        return s
    }

    /// The pixels around a point, a row at a time and four together, so that all sums stay in registers: single
    /// precision is a hundred-thousandth of a pixel here.
    private struct Window {
        let columns: ClosedRange<Int>
        let rows: ClosedRange<Int>
        let point: Vector2
        let u: Vector2
        let v: Vector2

        private typealias Lanes = SIMD4<Float>
        private typealias Values = UnsafeMutableBufferPointer<Float>

        func sums(_ pixels: UnsafeBufferPointer<UInt8>, _ stride: Int) -> Sums {
            let count = columns.count
            let padded = (count + 3) / 4 * 4
            // Of each pixel of a row: the difference along the row, that across it, the way from the point, the weight.
            return unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: 4 * padded) { values in
                unsafe values.initialize(repeating: 0)
                let start = Float(Double(columns.lowerBound) - point.x)
                for j in 0..<padded { unsafe values[2 * padded + j] = start + Float(j) }
                var total = Partial()
                for y in rows {
                    let dy = Float(Double(y) - point.y)
                    unsafe Self.differences(pixels, y * stride + columns.lowerBound, count, stride, values, padded)
                    unsafe weigh(dy, values, padded)
                    unsafe Self.addRow(dy, UnsafeRawBufferPointer(values), padded, &total)
                }
                return total.sums
            }
        }

        /// The differences of `count` pixels from index `first` on.
        @inline(__always)
        private static func differences(
            _ pixels: UnsafeBufferPointer<UInt8>, _ first: Int, _ count: Int, _ stride: Int, _ values: Values,
            _ padded: Int
        ) {
            guard count >= PixelLanes.scalarCount else {
                for j in 0..<count {
                    let i = first + j
                    unsafe values[j] = Float(Int32(pixels[i + 1]) - Int32(pixels[i - 1]))
                    unsafe values[padded + j] = Float(Int32(pixels[i + stride]) - Int32(pixels[i - stride]))
                }
                return
            }
            forEachEight(in: 0..<count) { j in
                let i = first &+ j
                let along = unsafe pixels.lanes(at: i &+ 1) &- pixels.lanes(at: i &- 1)
                let across = unsafe pixels.lanes(at: i &+ stride) &- pixels.lanes(at: i &- stride)
                unsafe values.store(PixelLanes(exactly: along), at: j)
                unsafe values.store(PixelLanes(exactly: across), at: padded &+ j)
            }
        }

        /// The weights of a row: one at a time, which the compiler makes vectors of.
        @inline(__always)
        private func weigh(_ dy: Float, _ values: Values, _ padded: Int) {
            let (ux, uy) = (Float(u.x), Float(u.y) * dy)
            let (vx, vy) = (Float(v.x), Float(v.y) * dy)
            var j = 0
            while j < padded {
                let dx = unsafe values[2 &* padded &+ j]
                let (a, b) = (dx * ux + uy, dx * vx + vy)
                let (ca, cb) = (1 - a * a, 1 - b * b)
                let inside = (ca < 0 ? 0 : ca) * (cb < 0 ? 0 : cb)
                unsafe values[3 &* padded &+ j] = inside * inside
                j &+= 1
            }
        }

        @inline(__always)
        private static func addRow(_ dy: Float, _ values: UnsafeRawBufferPointer, _ padded: Int, _ t: inout Partial) {
            var j = 0
            while j < padded {
                func load(_ k: Int) -> Lanes {
                    unsafe values.loadUnaligned(fromByteOffset: 4 &* (k &* padded &+ j), as: Lanes.self)
                }
                let (gx, gy, dx, weight) = (load(0), load(1), load(2), load(3))
                let (wx, wy) = (weight * gx, weight * gy)
                let (xx, xy, yy) = (wx * gx, wx * gy, wy * gy)
                t.xx += xx
                t.xy += xy
                t.yy += yy
                t.x += xx * dx + xy * dy
                t.y += xy * dx + yy * dy
                j &+= Lanes.scalarCount
            }
        }

        private struct Partial {
            var (xx, xy, yy, x, y) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)

            /// Of central differences, which are half of those of the pixels.
            var sums: Sums {
                func sum(_ lanes: Lanes) -> Double { 0.25 * Double(lanes.sum()) }
                return Sums(xx: sum(xx), xy: sum(xy), yy: sum(yy), x: sum(x), y: sum(y))
            }
        }
    }
}
