import Features
import Geometry
import Mapping
import ReferenceMap
import TestSupport
import Testing

@Suite("Clusters of a map's own images")
struct OwnClustersTests {
    private let set = WallSet(images: ClusterChoice.leastImages)

    private func map(_ name: String) throws -> ReferenceMap { try ReferenceMap(opening: set.folder.file(name)) }

    private func cache(_ name: String) throws -> BuildCache { try BuildCache(folder: set.folder.file(name)) }

    @Test("are fitted where there are enough images, if that is wanted")
    func chosen() throws {
        _ = try set.produce("own.hfmap")
        let own = try map("own.hfmap")
        #expect(own.clusters != nil && own.globalDimension == own.clusters?.dimension)
        _ = try own.verify()
        var options = MappingOptions()
        options.clusters = .model
        _ = try set.produce("model.hfmap", options: options)
        #expect(try map("model.hfmap").clusters == nil)
        set.write(ClusterChoice.leastImages - 1)
        _ = try set.produce("few.hfmap")
        #expect(try map("few.hfmap").clusters == nil)
    }

    @Test("give the same bytes for any number of threads, with a cache, from a cache, and without")
    func bytes() throws {
        for threads in 1...3 { _ = try set.produce("\(threads).hfmap", threads: threads) }
        _ = try set.produce("first.hfmap", cache: cache("cache"))
        _ = try set.produce("again.hfmap", cache: cache("cache"))
        let bytes = set.folder.bytes("1.hfmap")
        #expect(try map("1.hfmap").clusters != nil)
        for name in ["2", "3", "first", "again"] { #expect(set.folder.bytes("\(name).hfmap") == bytes, "\(name)") }
    }

    @Test("are the means of rows that lie in heaps, whichever rows they begin at", arguments: 1...5)
    func heaps(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // Of two heaps k-means finds both from any two rows.
        let middles = [SIMD8<Float>(repeating: 40), SIMD8<Float>(-60, 0, 0, 0, 0, 0, 0, 60)]
        let rows = (0..<3000).map { index in
            var row = middles[index % 2]
            for lane in 0..<8 { row[lane] += Float(Int.random(in: -5...5, using: &random)) }
            return row
        }
        let found = KMeans(rows, width: 1, clusters: 2, seed: seed, threads: 2)
        for (number, middle) in middles.enumerated() {
            let own = rows.indices.filter { $0 % 2 == number }.map { rows[$0] }
            let mean = own.reduce(SIMD8<Float>.zero, +) / Float(own.count)
            #expect((mean - middle).max() < 1)
            let distances = found.centres.map { ($0 - mean) * ($0 - mean) }.map { $0.sum() }
            #expect((distances.min() ?? 1) < 1e-6)
        }
        // Eight channels of a variance of 10.
        #expect(abs(found.meanSquare - 80) < 3)
    }

    @Test("are the same for any number of threads", arguments: [1, 2, 7])
    func threads(count: Int) {
        var random = SeededGenerator(seed: 9)
        let rows = (0..<2 * 5000).map { _ in
            SIMD8<Float>((0..<8).map { _ in Float(Int.random(in: -128...127, using: &random)) })
        }
        let (one, other) = (
            KMeans(rows, width: 2, clusters: 32, seed: 1, threads: 1),
            KMeans(rows, width: 2, clusters: 32, seed: 1, threads: count)
        )
        #expect(one.centres == other.centres && one.meanSquare == other.meanSquare)
    }
}
