import Container
import Features
import ReferenceMap
import TestSupport
import Testing

@Suite("A map with clusters of its own")
struct MapClustersTests {
    let scratch = Scratch()

    private static func contents(named name: String) throws -> MapContents {
        var contents = try SmallMap.contents(named: name, keyframes: 5, landmarks: 80)
        var random = SeededGenerator("\(name) clusters")
        func half(_ channels: Int) -> VladClusters.Half {
            VladClusters.Half(
                channels: channels, centres: (0..<8 * channels).map { _ in .random(in: -2...2, using: &random) },
                sharpness: 3, largestLogit: 50)
        }
        let clusters = VladClusters(cells: half(24), keypoints: half(SmallMap.dimension))
        contents.clusters = clusters
        contents.globalDimension = clusters.dimension
        for index in contents.keyframes.indices {
            var global = GlobalDescriptor(dimension: clusters.dimension)
            global.values = global.values.map { _ in .random(in: -127...127, using: &random) }
            global.scale = 0.001
            contents.keyframes[index].globalDescriptor = global
        }
        return contents
    }

    @Test("keeps the clusters and the descriptors' signs, and gives a descriptor the similarity 1 to itself")
    func roundTrip() throws {
        let contents = try Self.contents(named: "round trip")
        let path = "\(scratch.path)/a.hfmap"
        try contents.write(to: path)
        let map = try ReferenceMap(opening: path)
        #expect(map.clusters == contents.clusters && map.globalDimension == contents.clusters?.dimension)
        #expect(map.metadata["format_version"] == "3")
        for (index, keyframe) in contents.keyframes.enumerated() {
            let (values, kept) = (keyframe.globalDescriptor.values, map.globalDescriptor(ofKeyframe: index))
            #expect(kept.values == values.map { $0 > 0 ? 1 : -1 })
            let product = zip(kept.values, values).reduce(0) { $0 + Int($1.0) * Int($1.1) }
            let similarity = Float(product) * keyframe.globalDescriptor.scale * map.globalScales[index]
            #expect(abs(similarity - 1) < 1e-5)
            let own = Float(map.globalDimension) * kept.scale * map.globalScales[index]
            #expect(abs(own - 1) < 1e-5)
        }
        _ = try map.verify()
        let checked = "\(scratch.path)/b.hfmap"
        try map.write(to: checked, quality: map.quality, keyframes: .init(repeating: .init(), count: 5))
        #expect(try ReferenceMap(opening: checked).clusters == contents.clusters)
    }

    @Test("without them it is one that older programs read")
    func without() throws {
        let path = "\(scratch.path)/a.hfmap"
        try SmallMap.contents(named: "without").write(to: path)
        let map = try ReferenceMap(opening: path)
        #expect(map.clusters == nil && map.metadata["format_version"] == "2")
    }

    /// What can be wrong with clusters.
    enum Damage: CaseIterable { case infinite, sharpness, logit, count, channels, dimension, missing, signs }

    @Test("is refused with clusters that cannot be, by the name of what is wrong", arguments: Damage.allCases)
    func damaged(_ damage: Damage) throws {
        let good = "\(scratch.path)/good.hfmap"
        try Self.contents(named: "damaged").write(to: good)
        let file = try TensorFile(opening: good)
        var writer = TensorFileWriter(kind: "hfloc-map", version: 3)
        let own = ["kind", "format_version", "tensor_hashes", "map_id"]
        for (key, value) in file.metadata where !own.contains(key) { writer.setMetadata(key, value) }
        if damage == .dimension { writer.setMetadata("global_dimension", "512") }
        for name in file.names {
            switch (damage, name) {
            case (.infinite, "vlad.cells.centres"):
                writer.add(name, [Float](repeating: .infinity, count: 8 * 24), shape: [8, 24])
            case (.count, "vlad.cells.centres"): writer.add(name, [Float](repeating: 1, count: 7 * 24), shape: [7, 24])
            case (.channels, "vlad.cells.centres"): writer.add(name, [Float](), shape: [8, 0])
            case (.sharpness, "vlad.memberships"): writer.add(name, [3, 50, -1, 50] as [Float], shape: [2, 2])
            case (.logit, "vlad.memberships"): writer.add(name, [3, .nan, 3, 50] as [Float], shape: [2, 2])
            case (.missing, "vlad.memberships"): break
            case (.signs, "keyframes.global_signs"): writer.add(name, [UInt8](repeating: 0, count: 5), shape: [5, 1])
            default: writer.add(name, from: file)
            }
        }
        let path = "\(scratch.path)/bad.hfmap"
        try writer.write(to: path, identity: "map_id")
        let error = #expect(throws: MapError.self) { try ReferenceMap(opening: path) }
        #expect(error?.kind == .damaged)
        let named = ["vlad", "global"].contains { error?.field.contains($0) == true }
        #expect(named, "\(String(describing: error))")
    }

    @Test("never crashes and always fails to verify, whatever bit of a tensor flips")
    func flipped() throws {
        let path = "\(scratch.path)/good.hfmap"
        try Self.contents(named: "flipped").write(to: path)
        let good = Scratch.read(path)
        let header = 8 + good[..<8].enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
        for position in stride(from: header, to: good.count, by: 29) {
            var bad = good
            bad[position] ^= 1 << UInt8(position % 8)
            let path = scratch.write("bad.hfmap", bad)
            #expect(throws: MapError.self, "byte \(position)") { try ReferenceMap(opening: path).verify() }
        }
    }
}
