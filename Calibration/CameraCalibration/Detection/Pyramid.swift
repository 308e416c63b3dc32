internal import Features
internal import Geometry

/// An image on several scales, the coarse ones first: the finer ones are made when they are asked for.
struct Pyramid {
    private let image: GreyImage
    /// From the finest made so far on; each half as large as the one before.
    private(set) var levels: [PyramidLevel]
    /// Those that were halved on the way to the coarsest, not smoothed yet: level 1 first, which is half of the image.
    private var waiting: [PlainLevel] = []
    /// Levels finer than ``levels``, down to the image itself.
    private var missing: Int

    /// Looked at first: a board that fills a third of so small an image has squares of a dozen pixels.
    private static let coarsest = 160_000
    /// With so many pixels a level is fine enough to be content with the corners it shows.
    private static let fine = 1_500_000

    init(_ image: GreyImage) {
        self.image = image
        missing = 0
        while (image.width >> missing) * (image.height >> missing) > Self.coarsest { missing += 1 }
        guard missing > 0 else {
            levels = [PyramidLevel(PlainLevel(image))]
            addCoarser()
            return
        }
        var plain = PlainLevel(halving: image)
        for _ in 1..<missing {
            waiting.append(plain)
            plain = plain.halved()
        }
        levels = [PyramidLevel(plain)]
        addCoarser()
    }

    private mutating func addCoarser() {
        while let last = levels.last, min(last.width, last.height) >= 100, levels.count < 7 {
            levels.append(last.halved())
        }
    }

    /// Whether the next finer level has more pixels than are worth looking at, once a board is found; or there is none.
    var isFine: Bool {
        missing == 0 || (image.width >> (missing - 1)) * (image.height >> (missing - 1)) > Self.fine
    }

    /// Adds the next finer level; false when the finest is there.
    mutating func refine() -> Bool {
        guard missing > 0 else { return false }
        missing -= 1
        levels.insert(PyramidLevel(waiting.popLast() ?? PlainLevel(image)), at: 0)
        return true
    }
}

/// The image at one scale, smoothed, with the strength of saddle points.
///
/// Level 0 is the image itself, each further one half as large: pixel x of level n lies at `(x + 0.5) 2^n - 0.5` of the
/// image.
struct PyramidLevel {
    let width: Int
    let height: Int
    /// Pixels of the image in one of this level.
    let scale: Double
    private let plain: PlainLevel
    /// Smoothed with the binomial of five in both directions.
    let smooth: [Float]

    init(_ plain: PlainLevel) {
        (width, height, scale, self.plain) = (plain.width, plain.height, plain.scale, plain)
        smooth = Self.smoothed(plain.values, plain.width, plain.height)
    }

    /// The next level, half as large.
    func halved() -> PyramidLevel { PyramidLevel(plain.halved()) }

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

    /// Columns first, then rows: the first and last two of each stay as they are.
    private static func smoothed(_ source: [Float], _ width: Int, _ height: Int) -> [Float] {
        guard width >= 5, height >= 5 else { return source }
        let size = width * height
        return unsafe source.withUnsafeBufferPointer { s in
            unsafe [Float](unsafeUninitializedCapacity: size) { out, count in
                count = size
                for i in 0..<2 * width { unsafe out[i] = s[i] }
                for i in 2 * width..<size - 2 * width {
                    unsafe out[i] =
                        (s[i - 2 * width] + s[i + 2 * width] + 4 * (s[i - width] + s[i + width]) + 6 * s[i]) * 0.0625
                }
                for i in size - 2 * width..<size { unsafe out[i] = s[i] }
                unsafe smoothAlong(out, width, height)
            }
        }
    }

    private static func smoothAlong(_ out: UnsafeMutableBufferPointer<Float>, _ width: Int, _ height: Int) {
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { row in
            for y in 0..<height {
                for x in 0..<width { unsafe row[x] = out[y * width + x] }
                for x in 2..<width - 2 {
                    unsafe out[y * width + x] =
                        (row[x - 2] + row[x + 2] + 4 * (row[x - 1] + row[x + 1]) + 6 * row[x]) * 0.0625
                }
            }
        }
    }
}

/// The image at one scale as it is.
struct PlainLevel {
    let width: Int
    let height: Int
    /// Pixels of the image in one of this level.
    let scale: Double
    /// Means of 2^n x 2^n pixels.
    let values: [Float]

    /// The image at its own size.
    init(_ image: GreyImage) {
        (width, height, scale, values) = (image.width, image.height, 1, image.pixels.map(Float.init))
    }

    /// Level 1 of the image, without the costly level 0.
    init(halving image: GreyImage) {
        values = unsafe image.pixels.withUnsafeBufferPointer { unsafe Self.halved($0, image.width, image.height) }
        (width, height, scale) = (image.width / 2, image.height / 2, 2)
    }

    private init(width: Int, height: Int, scale: Double, values: [Float]) {
        (self.width, self.height, self.scale, self.values) = (width, height, scale, values)
    }

    /// The next level, half as large.
    func halved() -> PlainLevel {
        PlainLevel(
            width: width / 2, height: height / 2, scale: 2 * scale,
            values: unsafe values.withUnsafeBufferPointer { unsafe Self.halved($0, width, height) })
    }

    private static func halved(_ source: UnsafeBufferPointer<Float>, _ width: Int, _ height: Int) -> [Float] {
        halved(width, height) { i in unsafe source[i] + source[i + 1] + source[i + width] + source[i + width + 1] }
    }

    private static func halved(_ source: UnsafeBufferPointer<UInt8>, _ width: Int, _ height: Int) -> [Float] {
        halved(width, height) { i in
            func at(_ k: Int) -> Int32 { unsafe Int32(source[k]) }
            return Float(at(i) + at(i + 1) + at(i + width) + at(i + width + 1))
        }
    }

    /// A quarter of the `sum` of two by two pixels, given by the index of the first.
    @inline(__always)
    private static func halved(_ width: Int, _ height: Int, sum: (Int) -> Float) -> [Float] {
        let (halfWidth, halfHeight) = (width / 2, height / 2)
        return unsafe [Float](unsafeUninitializedCapacity: halfWidth * halfHeight) { out, count in
            count = halfWidth * halfHeight
            for y in 0..<halfHeight {
                for x in 0..<halfWidth { unsafe out[y * halfWidth + x] = 0.25 * sum(2 * y * width + 2 * x) }
            }
        }
    }
}
