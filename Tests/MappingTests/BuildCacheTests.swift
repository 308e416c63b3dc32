import Container
import Files
import Mapping
import Testing
import TestSupport

@Suite("The cache of a build")
struct BuildCacheTests {
    private let set = WallSet(images: 5)

    private func cache() throws -> BuildCache { try BuildCache(folder: set.folder.file("cache")) }

    /// The paths of all entries.
    private func entries() -> [String] {
        ["features", "matches"].flatMap { kind in
            namesInFolder(set.folder.file("cache/\(kind)")).map { "cache/\(kind)/\($0)" }
        }
    }

    @Test("a second build takes everything from it, and gives the same bytes as one without")
    func again() throws {
        _ = try set.produce("without.hfmap")
        let first = try set.produce("first.hfmap", cache: cache()).cache
        #expect(first?.counts == CacheCounts(cachedImages: 0, extractedImages: 5, cachedPairs: 0, matchedPairs: 10))
        let second = try set.produce("second.hfmap", cache: cache()).cache
        #expect(second?.counts == CacheCounts(cachedImages: 5, extractedImages: 0, cachedPairs: 10, matchedPairs: 0))
        #expect(second?.problems == [] && second?.bytes == first?.bytes && (second?.bytes ?? 0) > 100_000)
        let bytes = set.folder.bytes("without.hfmap")
        #expect(!bytes.isEmpty && set.folder.bytes("first.hfmap") == bytes)
        #expect(set.folder.bytes("second.hfmap") == bytes)
    }

    @Test("with any number of threads the same bytes")
    func threads() throws {
        for threads in 1...3 { _ = try set.produce("\(threads).hfmap", threads: threads) }
        let bytes = set.folder.bytes("1.hfmap")
        #expect(!bytes.isEmpty && set.folder.bytes("2.hfmap") == bytes && set.folder.bytes("3.hfmap") == bytes)
    }

    @Test("an image more costs itself and its pairs; one less costs nothing; what is not needed goes if asked to")
    func added() throws {
        set.write(4)
        _ = try set.produce("a.hfmap", cache: cache())
        set.write(5)
        let more = try set.produce("a.hfmap", cache: cache()).cache
        #expect(more?.counts == CacheCounts(cachedImages: 4, extractedImages: 1, cachedPairs: 6, matchedPairs: 4))
        set.write(3)
        let less = try set.produce("a.hfmap", cache: cache(), removesUnused: true).cache
        #expect(less?.counts == CacheCounts(cachedImages: 3, extractedImages: 0, cachedPairs: 3, matchedPairs: 0))
        // The last image has no partner of a higher number, and so no entry of matches.
        #expect(entries().count == 3 + 2)
    }

    @Test("other settings have other entries")
    func settings() throws {
        _ = try set.produce("a.hfmap", cache: cache())
        var options = MappingOptions()
        options.leastSimilarity = 0.6
        let similar = try set.produce("a.hfmap", cache: cache(), options: options).cache
        #expect(similar?.counts == CacheCounts(cachedImages: 5, extractedImages: 0, cachedPairs: 0, matchedPairs: 10))
        options.keypoints = 300
        let fewer = try set.produce("a.hfmap", cache: cache(), options: options).cache
        #expect(fewer?.counts == CacheCounts(cachedImages: 0, extractedImages: 5, cachedPairs: 0, matchedPairs: 10))
    }

    /// What may become of an entry.
    enum Damage: CaseIterable { case flipped, cut, empty, foreign, nonsense }

    @Test("an entry that is damaged or foreign is named and worked out anew", arguments: Damage.allCases)
    func damaged(_ damage: Damage) throws {
        _ = try set.produce("a.hfmap", cache: cache())
        for kind in ["features", "matches"] {
            let names = entries().filter { $0.contains(kind) }
            let (name, other) = (names[0], names[1])
            var bytes = set.folder.bytes(name)
            switch damage {
            case .flipped: bytes[bytes.count - 100] ^= 1
            case .cut: bytes.removeLast(bytes.count / 3)
            case .empty: bytes = []
            case .foreign: bytes = set.folder.bytes(other)
            case .nonsense: bytes = Array("not a container at all".utf8)
            }
            set.folder.write(name, bytes)
            let report = try set.produce("b.hfmap", cache: cache()).cache
            #expect(report?.problems.count == 1 && report?.problems.first?.contains(name) == true, "\(report as Any)")
            #expect(report?.counts.extractedImages == (kind == "features" ? 1 : 0))
            #expect(set.folder.bytes("b.hfmap") == set.folder.bytes("a.hfmap"))
        }
        #expect(try set.produce("b.hfmap", cache: cache()).cache?.problems == [])
    }

    @Test("a build that can write nothing there says so once, and makes its map")
    func unwritable() throws {
        let cache = try cache()
        removeRecursively(set.folder.file("cache"))
        let report = try set.produce("a.hfmap", cache: cache).cache
        #expect(report?.problems.count == 1 && report?.counts.extractedImages == 5)
        #expect(!set.folder.bytes("a.hfmap").isEmpty)
    }

    @Test("whatever an interruption has left, the next build gives the same bytes")
    func interrupted() throws {
        _ = try set.produce("a.hfmap", cache: cache())
        let all = entries()
        var random = SeededGenerator("interrupted")
        for _ in 0..<10 {
            for name in all.shuffled(using: &random).prefix(.random(in: 1...all.count, using: &random)) {
                removeRecursively(set.folder.file(name))
            }
            _ = try set.produce("b.hfmap", cache: cache(), threads: .random(in: 1...3, using: &random))
            #expect(set.folder.bytes("b.hfmap") == set.folder.bytes("a.hfmap"))
            #expect(entries() == all)
        }
    }
}
