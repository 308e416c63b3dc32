internal import Geometry

extension PyramidLevel {
    /// The margin without saddle points, pixels of the level: circles around them stay in the image.
    private static let margin = 7

    /// Indices of the pixels where the intensity has a saddle: local maxima of minus the Hessian's determinant,
    /// strongest first, at most `limit`.
    ///
    /// Only those within a factor of the strongest, so that a board in the shade beside one in the sun is still seen (a
    /// fifth of the contrast).
    func saddlePoints(limit: Int) -> [(strength: Float, index: Int)] {
        guard width > 2 * Self.margin + 1, height > 2 * Self.margin + 1 else { return [] }
        let response = saddleResponse()
        let threshold = max(Self.highest(response) * 0.01, 16)
        // Sorted as numbers: the strongest first (the bits of positive numbers grow with them), then by index.
        var found: [UInt64] = []
        unsafe response.withUnsafeBufferPointer { r in
            for y in Self.margin..<height - Self.margin {
                let (first, end) = (y * width + Self.margin, (y + 1) * width - Self.margin)
                // Loads reach into the margin, which is nearly as wide as they are.
                for group in stride(from: first, to: end, by: PixelLanes.scalarCount) {
                    guard unsafe any(r.lanes(at: group) .> threshold) else { continue }
                    for i in group..<min(group + PixelLanes.scalarCount, end) where unsafe r[i] > threshold {
                        guard unsafe isHighest(i, r) else { continue }
                        let bits = unsafe ~r[i].bitPattern
                        found.append(UInt64(bits) << 32 | UInt64(i))
                    }
                }
            }
        }
        found.sort()
        return found.prefix(limit).map {
            (Float(bitPattern: ~UInt32(truncatingIfNeeded: $0 >> 32)), Int($0 & 0xFFFF_FFFF))
        }
    }

    /// Whether none of the eight around has more; of equal ones the first is taken.
    private func isHighest(_ i: Int, _ r: UnsafeBufferPointer<Float>) -> Bool {
        let value = unsafe r[i]
        return unsafe value > r[i - 1] && value >= r[i + 1] && value > r[i - width] && value >= r[i + width]
            && value > r[i - width - 1] && value > r[i - width + 1] && value >= r[i + width - 1]
            && value >= r[i + width + 1]
    }

    /// The pixel of the image at which the level's pixel of this index lies.
    func pixel(ofIndex index: Int) -> Vector2 {
        (Vector2(Double(index % width), Double(index / width)) + 0.5) * scale - 0.5
    }

    /// The stationary point of the smoothed intensity near a pixel of the level, as a pixel of the image; nil if it is
    /// not within two pixels.
    func saddle(near index: Int) -> Vector2? {
        func at(_ x: Int, _ y: Int) -> Double { Double(smooth[index + y * width + x]) }
        let gradient = Vector2(at(1, 0) - at(-1, 0), at(0, 1) - at(0, -1)) * 0.5
        let xx = at(1, 0) + at(-1, 0) - 2 * at(0, 0)
        let yy = at(0, 1) + at(0, -1) - 2 * at(0, 0)
        let xy = 0.25 * (at(1, 1) + at(-1, -1) - at(1, -1) - at(-1, 1))
        let determinant = xx * yy - xy * xy
        guard determinant < 0 else { return nil }
        let shift = Vector2(xy * gradient.y - yy * gradient.x, xy * gradient.x - xx * gradient.y) / determinant
        guard abs(shift.x) <= 2, abs(shift.y) <= 2 else { return nil }
        return pixel(ofIndex: index) + shift * scale
    }

    /// Minus the determinant of the Hessian (by differences over two pixels), where positive.
    private func saddleResponse() -> [Float] {
        let w = width
        return unsafe [Float](unsafeUninitializedCapacity: width * height) { out, count in
            count = width * height
            let inside = 2 * w + 2..<(height - 2) * w - 2
            unsafe out[..<inside.lowerBound].initialize(repeating: 0)
            unsafe out[inside.upperBound...].initialize(repeating: 0)
            unsafe smooth.withUnsafeBufferPointer { s in
                forEachEight(in: inside) { i in
                    let (above, below) = (i &- 2 &* w, i &+ 2 &* w)
                    let centre = unsafe 2 * s.lanes(at: i)
                    let xx = unsafe s.lanes(at: i &- 2) + s.lanes(at: i &+ 2) - centre
                    let yy = unsafe s.lanes(at: above) + s.lanes(at: below) - centre
                    let falling = unsafe s.lanes(at: above &- 2) + s.lanes(at: below &+ 2)
                    let xy = unsafe (falling - s.lanes(at: above &+ 2) - s.lanes(at: below &- 2)) * 0.25
                    unsafe out.store(xy * xy - xx * yy, at: i)
                }
            }
        }
    }

    /// The strongest response that several pixels reach: a single glint does not set the scale.
    private static func highest(_ response: [Float]) -> Float {
        var best = InlineArray<16, Float>(repeating: 0)
        var least: Float = 0
        unsafe response.withUnsafeBufferPointer { response in
            for group in stride(from: 0, to: response.count, by: PixelLanes.scalarCount) {
                let end = min(group + PixelLanes.scalarCount, response.count)
                if end - group == PixelLanes.scalarCount {
                    guard unsafe any(response.lanes(at: group) .> least) else { continue }
                }
                for i in group..<end where unsafe response[i] > least {
                    var k = 15
                    let value = unsafe response[i]
                    while k > 0, best[k - 1] < value {
                        best[k] = best[k - 1]
                        k -= 1
                    }
                    best[k] = value
                    least = best[15]
                }
            }
        }
        return least
    }
}
