/// Points seen from above in levels of detail: a tree of squares, each with a fair sample of its points that the
/// squares above it do not have. Whoever draws a square and those above it draws it evenly; the first square alone is a
/// picture of the whole.
///
/// Cost: a pass over the points for each level; 6 bytes a point.
package struct LandmarkTiles: Sendable {
    /// A point before it is sorted in.
    package struct Point: Sendable {
        package var x: Float
        package var y: Float
        /// Of its height among all heights: 0 the lowest, 255 the highest.
        package var height: UInt8
        /// Of the session that saw it first.
        package var session: UInt8

        package init(x: Float, y: Float, height: UInt8, session: UInt8) {
            (self.x, self.y, self.height, self.session) = (x, y, height, session)
        }
    }

    /// Points of a square, at most.
    package static let capacity = 16_384
    /// Below the first square; points in one place need no more.
    static let deepest = 14

    /// The corner of the first square with the smallest coordinates, metres, and its side.
    package let corner: SIMD2<Float>
    package let side: Float
    /// By "level/column/row": see ``content``.
    package private(set) var tiles: [String: [UInt8]] = [:]

    /// - Parameter points: in any order; they are shuffled, always alike.
    package init(_ points: [Point]) {
        var low = SIMD2<Float>(repeating: .infinity)
        var high = -low
        for point in points {
            low = pointwiseMin(low, SIMD2(point.x, point.y))
            high = pointwiseMax(high, SIMD2(point.x, point.y))
        }
        let extent = points.isEmpty ? SIMD2(1, 1) : high - low
        corner = points.isEmpty ? .zero : low
        side = max(extent.max() * 1.0001, 1e-3)
        var shuffled = points
        Self.shuffle(&shuffled)
        sort(shuffled, level: 0, column: 0, row: 0)
    }

    /// The points of a square: x of each, y of each (16 bits, little-endian: share of the square's side times 65535),
    /// then heights, then sessions. nil if there is no such square.
    package func content(level: Int, column: Int, row: Int) -> [UInt8]? { tiles[Self.name(level, column, row)] }

    /// The bytes of each point in ``content``.
    static let stride = 6

    /// The number of points of each square.
    package var counts: [(String, Int)] { tiles.map { ($0.key, $0.value.count / Self.stride) }.sorted { $0.0 < $1.0 } }

    private static func name(_ level: Int, _ column: Int, _ row: Int) -> String { "\(level)/\(column)/\(row)" }

    private mutating func sort(_ points: [Point], level: Int, column: Int, row: Int) {
        guard !points.isEmpty else { return }
        let size = side / Float(1 << level)
        let origin = corner + SIMD2(Float(column), Float(row)) * size
        tiles[Self.name(level, column, row)] = Self.encode(points.prefix(Self.capacity), origin, size)
        guard points.count > Self.capacity, level < Self.deepest else { return }
        var parts = [[Point]](repeating: [], count: 4)
        for point in points.dropFirst(Self.capacity) {
            let right = point.x >= origin.x + size / 2
            let upper = point.y >= origin.y + size / 2
            parts[(upper ? 2 : 0) + (right ? 1 : 0)].append(point)
        }
        for (index, part) in parts.enumerated() {
            sort(part, level: level + 1, column: 2 * column + index % 2, row: 2 * row + index / 2)
        }
    }

    private static func encode(_ points: ArraySlice<Point>, _ origin: SIMD2<Float>, _ size: Float) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(points.count * stride)
        func append(_ share: Float) {
            let value = UInt16(max(0, min(65_535, share * 65_535)))
            bytes.append(UInt8(truncatingIfNeeded: value))
            bytes.append(UInt8(value >> 8))
        }
        for point in points { append((point.x - origin.x) / size) }
        for point in points { append((point.y - origin.y) / size) }
        for point in points { bytes.append(point.height) }
        for point in points { bytes.append(point.session) }
        return bytes
    }

    /// Fisher and Yates with numbers of a fixed seed (SplitMix64), so that a map looks alike each time.
    private static func shuffle(_ points: inout [Point]) {
        var state: UInt64 = 0
        for index in points.indices.dropFirst().reversed() {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            points.swapAt(index, Int((z ^ (z >> 31)) % UInt64(index + 1)))
        }
    }
}
