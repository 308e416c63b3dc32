import Container
import Features
import Glibc
import Inference
import Kernels
import Testing

/// The specification's decoding by brute force, from the scores.
struct NaiveKeypoints {
    let scores: [Float]
    let width: Int
    let height: Int
    let radius = 2

    private func isMaximum(_ x: Int, _ y: Int) -> Bool {
        for row in max(0, y - radius)...min(height - 1, y + radius) {
            for column in max(0, x - radius)...min(width - 1, x + radius)
            where scores[row * width + column] > scores[y * width + x] { return false }
        }
        return true
    }

    func find(limit: Int, threshold: Float) -> [Keypoint] {
        var maxima: [(x: Int, y: Int)] = []
        var kept: [(x: Int, y: Int)] = []
        for y in 0..<height {
            for x in 0..<width where scores[y * width + x] >= threshold && isMaximum(x, y) {
                let isTied = maxima.contains { abs($0.x - x) <= radius && abs($0.y - y) <= radius }
                if !isTied { kept.append((x, y)) }
                maxima.append((x, y))
                maxima.removeAll { $0.y < y - radius }
            }
        }
        let order = kept.indices.sorted {
            let (a, b) = (scores[kept[$0].y * width + kept[$0].x], scores[kept[$1].y * width + kept[$1].x])
            return a != b ? a > b : $0 < $1
        }
        return order.prefix(limit).map { refined(kept[$0].x, kept[$0].y) }
    }

    private func refined(_ x: Int, _ y: Int) -> Keypoint {
        func logScore(_ x: Int, _ y: Int) -> Double { log(max(Double(scores[y * width + x]), 1e-12)) }
        func peak(_ a: Double, _ b: Double, _ c: Double) -> Double {
            let curvature = a - 2 * b + c
            return curvature < 0 ? max(-0.5, min(0.5, 0.5 * (a - c) / curvature)) : 0
        }
        let dx = x > 0 && x + 1 < width ? peak(logScore(x - 1, y), logScore(x, y), logScore(x + 1, y)) : 0
        let dy = y > 0 && y + 1 < height ? peak(logScore(x, y - 1), logScore(x, y), logScore(x, y + 1)) : 0
        return Keypoint(x: Float(Double(x) + dx), y: Float(Double(y) + dy), score: scores[y * width + x])
    }
}

@Suite("Keypoints") struct KeypointTests {
    static let pictures: [(String, GreyImage)] = [
        ("blocks", Pictures.blocks(width: 136, height: 104, seed: "keypoints")),
        ("noise", Pictures.noise(width: 96, height: 64, seed: "keypoints")),
        ("flat", GreyImage(width: 96, height: 80, filledWith: 128)),
        ("black", GreyImage(width: 64, height: 64)),
        ("checkerboard", Pictures.checkerboard(width: 128, height: 96, side: 16)),
    ]

    @Test("are those of brute force, ties and borders included", arguments: pictures.map(\.0))
    func maxima(name: String) throws {
        let image = try #require(Self.pictures.first { $0.0 == name }).1
        let model = try Golden.model()
        for (limit, threshold) in [(1, 0), (7, 0), (4000, 0), (4000, 0.016), (4000, 0.02), (300, 1)] as [(Int, Float)] {
            let network = try network(model, image, keypoints: limit, threshold: threshold)
            let scores = network.trace(image).scores
            let naive = NaiveKeypoints(scores: scores, width: network.input.width, height: network.input.height)
            let expected = naive.find(limit: limit, threshold: threshold)
            var features = LocalFeatures(dimension: model.descriptorDimension)
            network.extractLocal(from: image, into: &features)
            #expect(features.count == expected.count, "limit \(limit), threshold \(threshold)")
            for (found, wanted) in zip(features.keypoints, expected) {
                #expect(found.score == wanted.score)
                #expect(abs(found.x - wanted.x) < 1e-3 && abs(found.y - wanted.y) < 1e-3)
            }
        }
    }

    /// Scores of a few values only: nearly every window has ties, on both sides and across rows.
    @Test("are settled by row order among equals", arguments: [2, 3, 20, 1000] as [UInt64], [8, 24, 40])
    func ties(levels: UInt64, width: Int) {
        var random = Pictures.Random("ties \(levels) \(width)")
        for height in [1, 3, 9, 40] {
            for share in [1, 8, 40] as [UInt64] {
                let scores = (0..<width * height).map { _ in
                    random.next() % share == 0 ? Float(random.next() % levels) / Float(levels) : 0
                }
                let naive = NaiveKeypoints(scores: scores, width: width, height: height)
                for limit in [1, 5, 1000] {
                    let found = decoded(scores, width: width, limit: limit, threshold: 0.1)
                    let expected = naive.find(limit: limit, threshold: 0.1)
                    #expect(found.count == expected.count)
                    for (a, b) in zip(found, expected) {
                        #expect(abs(a.x - b.x) < 1e-3 && abs(a.y - b.y) < 1e-3 && a.score == b.score)
                    }
                }
            }
        }
    }

    @Test("score the softmax of their cell's logits, to a millionth") func softmax() throws {
        let model = try TensorFile(opening: Golden.modelPath)
        let layers = try #require(try model.json("layers").array)
        let scale = try #require(layers.first { $0["name"]?.string == "detector.logits" }?["scale"]?.double)
        for (_, image) in Self.pictures {
            let network = try network(Golden.model(), image)
            let trace = network.trace(image)
            let logits = try #require(trace.layers["detector.logits"])
            for cell in 0..<logits.width * logits.height {
                let row = logits.values[cell * 65..<cell * 65 + 65].map { Double($0) * scale }
                let sum = row.reduce(0) { $0 + exp($1) }
                let corner = cell / logits.width * 8 * network.input.width + cell % logits.width * 8
                for pixel in 0..<64 {
                    let score = Double(trace.scores[corner + pixel / 8 * network.input.width + pixel % 8])
                    let exact = exp(row[pixel]) / sum
                    #expect(abs(score - exact) < 2e-6 * exact + 1e-37, "cell \(cell), pixel \(pixel)")
                }
            }
        }
    }

    @Test("have probabilities: 64 of a cell sum to at most one") func probabilities() throws {
        let image = Self.pictures[0].1
        let network = try network(Golden.model(), image)
        let (width, scores) = (network.input.width, network.trace(image).scores)
        for cell in 0..<(scores.count / 64) {
            let (x, y) = (cell % (width / 8) * 8, cell / (width / 8) * 8)
            var sum: Float = 0
            for pixel in 0..<64 { sum += scores[(y + pixel / 8) * width + x + pixel % 8] }
            #expect(sum > 0 && sum < 1)
        }
    }

    @Test("have the descriptors that the whole map would give") func descriptors() throws {
        let model = try Golden.model()
        let dimension = model.descriptorDimension
        for (name, image) in Self.pictures {
            let network = try network(model, image, keypoints: 150, threshold: 0)
            var features = LocalFeatures(dimension: dimension)
            network.extractLocal(from: image, into: &features)
            let map = try #require(network.trace(image).layers["descriptor.map"])
            #expect(features.count > 0 && features.descriptors.count == features.count * dimension)
            for (index, keypoint) in features.keypoints.enumerated() {
                let expected = Self.sampled(map, keypoint)
                for channel in 0..<dimension {
                    let value = Double(features.descriptors[index * dimension + channel])
                    let exact = max(-127, min(127, 256 * expected[channel]))
                    #expect(abs(value - exact) < 0.501, "\(name), keypoint \(index), channel \(channel)")
                }
            }
        }
    }

    private static func sampled(_ map: LayerOutput, _ keypoint: Keypoint) -> [Double] {
        func unit(_ values: [Double]) -> [Double] {
            let norm = max(values.reduce(0) { $0 + $1 * $1 }.squareRoot(), 1e-12)
            return values.map { $0 / norm }
        }
        func cell(_ x: Int, _ y: Int) -> [Double] {
            let start = (min(y, map.height - 1) * map.width + min(x, map.width - 1)) * map.channels
            return unit(map.values[start..<start + map.channels].map { Double($0) })
        }
        let u = max(0, min(Double(map.width - 1), (Double(keypoint.x) + 0.5) / 8 - 0.5))
        let v = max(0, min(Double(map.height - 1), (Double(keypoint.y) + 0.5) / 8 - 0.5))
        let (x, y) = (Int(u), Int(v))
        let (fu, fv) = (u - Double(x), v - Double(y))
        let corners = [
            (cell(x, y), (1 - fu) * (1 - fv)), (cell(x + 1, y), fu * (1 - fv)), (cell(x, y + 1), (1 - fu) * fv),
            (cell(x + 1, y + 1), fu * fv),
        ]
        return unit((0..<map.channels).map { channel in corners.reduce(0) { $0 + $1.0[channel] * $1.1 } })
    }
}

/// What the decoder finds on a map of any scores, `width` a multiple of 8.
private func decoded(_ scores: [Float], width: Int, limit: Int, threshold: Float) -> [Keypoint] {
    let scratch = AlignedMemory(count: KeypointDecoder.scratchBytes(width: width, maximumKeypoints: limit))
    var keypoints: [Keypoint] = []
    unsafe scores.withUnsafeBufferPointer { scores in
        guard let start = scores.baseAddress else { return }
        let decoder = unsafe KeypointDecoder(
            scores: start, width: width, height: scores.count / width, scratch: scratch.base, maximumKeypoints: limit)
        decoder.decode(limit: limit, threshold: threshold, into: &keypoints)
    }
    return keypoints
}
