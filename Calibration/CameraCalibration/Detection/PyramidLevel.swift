internal import Features
internal import Geometry

/// The image at one scale, smoothed, with the strength of saddle points.
///
/// Level 0 is the image itself, each further one half as large: pixel x of level n lies at `(x + 0.5) 2^n - 0.5` of the image.
struct PyramidLevel {
    let width: Int
    let height: Int
    /// Pixels of the image in one of this level.
    let scale: Double
    /// Means of 2^n x 2^n pixels, not smoothed.
    private let plain: [Float]
    /// Smoothed with the binomial of five in both directions.
    let smooth: [Float]

    init(_ image: GreyImage) {
        self.init(plain: image.pixels.map(Float.init), width: image.width, height: image.height, scale: 1)
    }

    private init(plain: [Float], width: Int, height: Int, scale: Double) {
        self.width = width
        self.height = height
        self.scale = scale
        self.plain = plain
        smooth = Self.smoothed(plain, width, height)
    }

    /// The next level, half as large.
    func halved() -> PyramidLevel {
        let (halfWidth, halfHeight) = (width / 2, height / 2)
        let half = unsafe [Float](unsafeUninitializedCapacity: halfWidth * halfHeight) { out, count in
            count = halfWidth * halfHeight
            unsafe plain.withUnsafeBufferPointer { source in
                for y in 0..<halfHeight {
                    for x in 0..<halfWidth {
                        let i = 2 * y * width + 2 * x
                        unsafe out[y * halfWidth + x] =
                            0.25 * (source[i] + source[i + 1] + source[i + width] + source[i + width + 1])
                    }
                }
            }
        }
        return PyramidLevel(plain: half, width: halfWidth, height: halfHeight, scale: 2 * scale)
    }

    /// The smoothed intensity at a pixel of the image, bilinear; outside of it that of the nearest pixel.
    @inline(__always) func intensity(_ p: Vector2) -> Float {
        let x = min(max((p.x + 0.5) / scale - 0.5, 0), Double(width - 1))
        let y = min(max((p.y + 0.5) / scale - 0.5, 0), Double(height - 1))
        let (column, row) = (min(Int(x), width - 2), min(Int(y), height - 2))
        let (u, v) = (Float(x - Double(column)), Float(y - Double(row)))
        let i = row * width + column
        let top = smooth[i] + u * (smooth[i + 1] - smooth[i])
        let bottom = smooth[i + width] + u * (smooth[i + width + 1] - smooth[i + width])
        return top + v * (bottom - top)
    }

    private static func smoothed(_ source: [Float], _ width: Int, _ height: Int) -> [Float] {
        var rows = source
        var out = source
        guard width >= 5, height >= 5 else { return out }
        unsafe source.withUnsafeBufferPointer { source in
            unsafe rows.withUnsafeMutableBufferPointer { rows in
                for i in 2..<width * height - 2 {
                    unsafe rows[i] =
                        (source[i - 2] + source[i + 2] + 4 * (source[i - 1] + source[i + 1]) + 6 * source[i]) / 16
                }
            }
        }
        unsafe rows.withUnsafeBufferPointer { rows in
            unsafe out.withUnsafeMutableBufferPointer { out in
                for i in 2 * width..<(height - 2) * width {
                    unsafe out[i] =
                        (rows[i - 2 * width] + rows[i + 2 * width] + 4 * (rows[i - width] + rows[i + width])
                            + 6 * rows[i]) / 16
                }
            }
        }
        return out
    }
}
