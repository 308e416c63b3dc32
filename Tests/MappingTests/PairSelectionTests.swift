import Features
import Geometry
import GeometryFixtures
import Mapping
import Testing
import TestSupport

@Suite("Which images are matched")
struct PairSelectionTests {
    /// Poses in a town: many near each other, some in the same place.
    private func poses(_ count: Int, _ random: inout SeededGenerator) -> [RigidTransform] {
        (0..<count).map { number in
            let rotation = Rotation(exp: Vector3(0, .random(in: -3...3, using: &random), 0))
            let centre =
                number % 10 == 9
                ? Vector3(1, 2, 3)
                : Vector3(
                    .random(in: -50...50, using: &random), .random(in: -1...1, using: &random),
                    .random(in: -20...20, using: &random))
            return RigidTransform(rotation: rotation, translation: -(rotation * centre))
        }
    }

    @Test("the nearest that look the same way are those of a search through all", arguments: [0.5, 1.05, 4.0])
    func near(angle: Double) {
        var random = SeededGenerator("near \(angle)")
        let poses = poses(400, &random)
        let tree = NearViews(poses, largestAngle: angle)
        let axes = poses.map { $0.rotation.inverse * Vector3(0, 0, 1) }
        for view in poses.indices {
            let distances = poses.indices.filter { $0 != view && axes[$0].angle(to: axes[view]) < angle }
                .map { (poses[$0].originInSource - poses[view].originInSource).length }.sorted()
            let found = tree.neighbours(of: view, 7)
            #expect(!found.contains(view) && Set(found).count == found.count)
            #expect(found.allSatisfy { axes[$0].angle(to: axes[view]) < angle })
            let lengths = found.map { (poses[$0].originInSource - poses[view].originInSource).length }
            #expect(lengths.count == min(7, distances.count))
            for (a, b) in zip(lengths, distances) { #expect(abs(a - b) < 1e-9) }
        }
        #expect(NearViews([], largestAngle: 1).neighbours(of: 0, 0).isEmpty)
    }

    /// Places that are seen ten times each.
    private func descriptors(_ count: Int, _ random: inout SeededGenerator) -> [GlobalDescriptor] {
        let dimension = 64
        let places = (0..<(count + 9) / 10).map { _ in (0..<dimension).map { _ in random.nextGaussian() } }
        return (0..<count).map { number in
            let values = places[number / 10].map { $0 + 0.4 * random.nextGaussian() }
            let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            var descriptor = GlobalDescriptor(dimension: dimension)
            descriptor.values = values.map { Int8(max(-127, min(127, (200 * $0 / length).rounded()))) }
            descriptor.scale = 1 / 200
            return descriptor
        }
    }

    @Test("of many images nearly all that look most alike are found without comparing all")
    func alike() {
        var random = SeededGenerator("alike")
        let descriptors = descriptors(3000, &random)
        let exact = SimilarImages(descriptors, threads: 2, exactLimit: .max)
        let forest = SimilarImages(descriptors, threads: 2, exactLimit: 0)
        let single = SimilarImages(descriptors, threads: 1, exactLimit: 0)
        var (shared, compared) = (0, 0)
        for image in stride(from: 0, to: 3000, by: 29) {
            let found = forest.neighbours(of: image, 9)
            #expect(found == single.neighbours(of: image, 9))
            shared += Set(found).intersection(exact.neighbours(of: image, 9)).count
            compared += 9
        }
        #expect(Double(shared) > 0.9 * Double(compared), "\(shared) of \(compared)")
        // Images that are all the same do no harm.
        let same = [GlobalDescriptor](repeating: descriptors[0], count: 300)
        #expect(SimilarImages(same, threads: 1, exactLimit: 0).neighbours(of: 7, 5).count == 5)
    }

    @Test("each image is matched with the next two of the sequence, whatever their poses say")
    func sequence() throws {
        var scene = try SyntheticScene(named: "sequence", images: 14)
        for index in scene.images.indices {
            let far = Vector3(1000 * Double(index * index), 0, 0)
            scene.images[index].cameraFromMap = RigidTransform(rotation: .identity, translation: far)
        }
        var options = MappingOptions()
        options.pairs = .nearest(1)
        let partners = PairSelection(options: options, threads: 2).partners(scene.images)
        for (image, others) in partners.enumerated() {
            #expect(Set(others).isSuperset(of: (image + 1..<image + 3).filter { $0 < 14 }))
            #expect(others == others.sorted() && others.allSatisfy { $0 > image })
        }
    }

    @Test("matches are the mutual nearest neighbours, as a search through all finds them")
    func mutual() throws {
        let scene = try SyntheticScene(named: "mutual", images: 3, points: 150, wrong: 0.2, noise: 1)
        var matcher = DescriptorMatcher(dimension: SyntheticScene.dimension, leastSimilarity: 0.3, largestRatio: 1)
        var matches: [DescriptorMatch] = []
        for (a, b) in [(0, 1), (1, 0), (0, 2), (1, 2)] {
            let (x, y) = (scene.images[a].features, scene.images[b].features)
            matcher.match(x, y, into: &matches)
            #expect(matches == Self.searched(x, y, leastDot: Int32(0.3 * 65_536)))
            #expect(matches.count > 50)
        }
        matcher.match(LocalFeatures(dimension: 64), scene.images[0].features, into: &matches)
        #expect(matches.isEmpty)
    }

    private static func searched(_ x: LocalFeatures, _ y: LocalFeatures, leastDot: Int32) -> [DescriptorMatch] {
        func dot(_ i: Int, _ j: Int) -> Int32 {
            (0..<x.dimension).reduce(0) {
                $0 + Int32(x.descriptors[i * x.dimension + $1]) * Int32(y.descriptors[j * y.dimension + $1])
            }
        }
        let dots = (0..<x.count).map { i in (0..<y.count).map { dot(i, $0) } }
        return (0..<x.count).compactMap { i in
            guard let best = dots[i].max(), best >= leastDot, let j = dots[i].firstIndex(of: best) else { return nil }
            let back = (0..<x.count).max { (dots[$0][j], $1) < (dots[$1][j], $0) }
            return back == i ? DescriptorMatch(a: Int32(i), b: Int32(j), dot: best) : nil
        }
    }
}
