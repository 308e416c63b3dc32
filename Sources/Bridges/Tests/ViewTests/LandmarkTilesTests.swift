import Testing
import View

@Suite("Levels of detail")
struct LandmarkTilesTests {
    /// In a square of 100 m, with one far away.
    private static func cloud(_ count: Int) -> [LandmarkTiles.Point] {
        (0..<count).map { index in
            let (column, row) = (index % 1000, index / 1000)
            return LandmarkTiles.Point(
                x: Float(column) * 0.1, y: Float(row % 1000) * 0.1, height: UInt8(index % 256),
                session: UInt8(index % 3))
        }
    }

    @Test("Every point is in exactly one square, where it was to 1/65535 of the square's side")
    func complete() {
        let points = Self.cloud(120_000)
        let tiles = LandmarkTiles(points)
        #expect(tiles.counts.map(\.1).reduce(0, +) == points.count)
        #expect(tiles.counts.allSatisfy { $0.1 <= LandmarkTiles.capacity })
        var heights = [Int](repeating: 0, count: 256)
        var worst: Float = 0
        for (name, count) in tiles.counts {
            let numbers = name.split(separator: "/").compactMap { Int($0) }
            guard let bytes = tiles.content(level: numbers[0], column: numbers[1], row: numbers[2]) else {
                Issue.record("\(name) is not there")
                return
            }
            #expect(bytes.count == 6 * count)
            let side = tiles.side / Float(1 << numbers[0])
            for index in 0..<count {
                let share = Float(UInt16(bytes[2 * index]) | UInt16(bytes[2 * index + 1]) << 8) / 65_535
                let x = tiles.corner.x + (Float(numbers[1]) + share) * side
                heights[Int(bytes[4 * count + index])] += 1
                // The cloud lies on a grid of 0.1 m.
                worst = max(worst, abs(x * 10 - (x * 10).rounded()) / 10)
            }
        }
        #expect(worst < 0.002)
        #expect(heights.allSatisfy { $0 > 460 && $0 < 480 })
    }

    @Test("The first square is a picture of the whole: a fair sample of every part")
    func fair() throws {
        let tiles = LandmarkTiles(Self.cloud(1_000_000))
        let bytes = try #require(tiles.content(level: 0, column: 0, row: 0))
        let count = bytes.count / 6
        #expect(count == LandmarkTiles.capacity)
        var quarters = [0, 0, 0, 0]
        for index in 0..<count {
            let right = bytes[2 * index + 1] >= 128
            let upper = bytes[2 * count + 2 * index + 1] >= 128
            quarters[(right ? 1 : 0) + (upper ? 2 : 0)] += 1
        }
        // Five standard deviations of a fair draw are 277.
        #expect(quarters.allSatisfy { abs($0 - count / 4) < 277 })
    }

    @Test("Points in one place, one point, and none")
    func degenerate() {
        let same = [LandmarkTiles.Point](
            repeating: LandmarkTiles.Point(x: 3, y: 4, height: 0, session: 0), count: 40_000)
        let tiles = LandmarkTiles(same)
        #expect(tiles.counts.map(\.1).reduce(0, +) == 40_000)
        #expect(LandmarkTiles(Array(same.prefix(1))).counts.map(\.1) == [1])
        #expect(LandmarkTiles([]).counts.isEmpty)
    }

    @Test("A map looks alike each time")
    func reproducible() {
        let (a, b) = (LandmarkTiles(Self.cloud(50_000)), LandmarkTiles(Self.cloud(50_000)))
        #expect(a.tiles == b.tiles)
    }
}
