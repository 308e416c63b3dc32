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
    /// On smaller levels there is nothing to be found.
    private static let leastSide = 24
    /// With so many pixels a level is fine enough to be content with the corners it shows.
    private static let fine = 1_500_000

    init(_ image: GreyImage) {
        self.image = image
        missing = 0
        while (image.width >> missing) * (image.height >> missing) > Self.coarsest,
            min(image.width, image.height) >> missing >= 2 * Self.leastSide
        { missing += 1 }
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
        guard width >= 12, height >= 5 else { return source }
        let size = width * height
        return unsafe source.withUnsafeBufferPointer { s in
            unsafe [Float](unsafeUninitializedCapacity: size) { out, count in
                count = size
                unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { row in
                    for y in 0..<height {
                        let first = y * width
                        unsafe smoothDown(s, first, width, y >= 2 && y < height - 2, into: row)
                        unsafe smoothAlong(UnsafeBufferPointer(row), into: out, first)
                    }
                }
            }
        }
    }

    /// A row of the source, whose first index this is, with two rows above and below if those are there.
    private static func smoothDown(
        _ s: UnsafeBufferPointer<Float>, _ first: Int, _ width: Int, _ isInside: Bool,
        into row: UnsafeMutableBufferPointer<Float>
    ) {
        guard isInside else {
            for x in 0..<width { unsafe row[x] = s[first + x] }
            return
        }
        forEachEight(in: 0..<width) { x in
            let i = first &+ x
            let (near, middle) = unsafe (s.lanes(at: i &- width) + s.lanes(at: i &+ width), s.lanes(at: i))
            let far = unsafe s.lanes(at: i &- 2 &* width) + s.lanes(at: i &+ 2 &* width)
            unsafe row.store((far + 4 * near + 6 * middle) * 0.0625, at: x)
        }
    }

    private static func smoothAlong(
        _ row: UnsafeBufferPointer<Float>, into out: UnsafeMutableBufferPointer<Float>, _ first: Int
    ) {
        let width = row.count
        for x in [0, 1, width - 2, width - 1] { unsafe out[first + x] = row[x] }
        forEachEight(in: 2..<width - 2) { x in
            let (near, middle) = unsafe (row.lanes(at: x &- 1) + row.lanes(at: x &+ 1), row.lanes(at: x))
            let far = unsafe row.lanes(at: x &- 2) + row.lanes(at: x &+ 2)
            unsafe out.store((far + 4 * near + 6 * middle) * 0.0625, at: first &+ x)
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
        (width, height, scale, values) = (image.width, image.height, 1, Self.floats(image.pixels))
    }

    /// The pixels of an image, of which there are at least eight.
    private static func floats(_ pixels: [UInt8]) -> [Float] {
        unsafe pixels.withUnsafeBufferPointer { pixels in
            unsafe [Float](unsafeUninitializedCapacity: pixels.count) { out, count in
                count = pixels.count
                forEachEight(in: 0..<count) { i in
                    unsafe out.store(PixelLanes(exactly: pixels.lanes(at: i)), at: i)
                }
            }
        }
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
        halved(width, height) { i in
            let (top, bottom) = unsafe (source.pairs(at: i), source.pairs(at: i &+ width))
            return top.first + top.second + bottom.first + bottom.second
        }
    }

    private static func halved(_ source: UnsafeBufferPointer<UInt8>, _ width: Int, _ height: Int) -> [Float] {
        halved(width, height) { i in
            let sums = unsafe source.pairSums(at: i) &+ source.pairSums(at: i &+ width)
            return PixelLanes(exactly: SIMD8<Int32>(truncatingIfNeeded: sums))
        }
    }

    /// A quarter of the `sums` of two by two pixels, given by the index of the first; eight at a time.
    @inline(__always)
    private static func halved(_ width: Int, _ height: Int, sums: (Int) -> PixelLanes) -> [Float] {
        let (halfWidth, halfHeight) = (width / 2, height / 2)
        return unsafe [Float](unsafeUninitializedCapacity: halfWidth * halfHeight) { out, count in
            count = halfWidth * halfHeight
            for y in 0..<halfHeight {
                let (first, source) = (y * halfWidth, 2 * y * width)
                forEachEight(in: 0..<halfWidth) { x in
                    unsafe out.store(0.25 * sums(source &+ 2 &* x), at: first &+ x)
                }
            }
        }
    }
}
