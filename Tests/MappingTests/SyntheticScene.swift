import Features
import Geometry
import Mapping
import TestSupport

/// Points in front of a row of cameras, seen exactly: each with its own descriptor, among keypoints that are no point.
struct SyntheticScene {
    static let dimension = 64
    var cameras: [Camera]
    var points: [Vector3]
    var images: [ExtractedImage] = []
    /// Per image and keypoint, the point that it shows; nil for clutter.
    var truth: [[Int?]] = []

    /// - Parameters:
    ///   - wrong: share of the points' keypoints, in each image, that carry the descriptor of another point.
    ///   - noise: standard deviation of a keypoint's error in x and in y, pixels.
    init(named name: String, images count: Int = 8, points: Int = 400, wrong: Double = 0, noise: Double = 0) throws {
        var random = SeededGenerator(name)
        cameras = [
            try Camera(model: .pinhole, parameters: [480, 485, 319, 241], width: 640, height: 480),
            try Camera(
                model: .openCV, parameters: [450, 455, 322, 237, -0.12, 0.03, 0.001, -0.0004], width: 640,
                height: 480),
        ]
        self.points = (0..<points).map { _ in
            Vector3(
                .random(in: -4...8, using: &random), .random(in: -3...3, using: &random),
                .random(in: 6...14, using: &random))
        }
        let descriptors = self.points.map { _ in Self.descriptor(&random) }
        for index in 0..<count {
            let pose = RigidTransform(
                rotation: Rotation(exp: Vector3(0.01 * Double(index % 2), 0.03 * Double(index % 4), -0.01)),
                translation: Vector3(-0.6 * Double(index), 0.04 * Double(index % 3), 0.02 * Double(index)))
            add(index, pose, descriptors, wrong: wrong, noise: noise, &random)
        }
    }

    private mutating func add(
        _ index: Int, _ pose: RigidTransform, _ descriptors: [[Int8]], wrong: Double, noise: Double,
        _ random: inout SeededGenerator
    ) {
        let camera = cameras[index % cameras.count]
        var seen: [(pixel: Vector2, point: Int?, descriptor: [Int8])] = []
        for (number, point) in points.enumerated() {
            guard let pixel = camera.project(pose * point), camera.contains(pixel) else { continue }
            let isWrong = Double.random(in: 0..<1, using: &random) < wrong
            let shown = isWrong ? Int.random(in: descriptors.indices, using: &random) : number
            let error = Vector2(random.nextGaussian(), random.nextGaussian()) * noise
            seen.append((pixel + error, number, Self.shaken(descriptors[shown], &random)))
        }
        for _ in 0..<100 {
            let pixel = Vector2(.random(in: 0..<639, using: &random), .random(in: 0..<479, using: &random))
            seen.append((pixel, nil, Self.descriptor(&random)))
        }
        seen.shuffle(using: &random)
        var features = LocalFeatures(dimension: Self.dimension)
        for (rank, item) in seen.enumerated() {
            features.keypoints.append(
                Keypoint(x: Float(item.pixel.x), y: Float(item.pixel.y), score: 1 / Float(rank + 1)))
            features.descriptors += item.descriptor
        }
        var global = GlobalDescriptor(dimension: 16)
        global.values = (0..<16).map { Int8(100 - min(100, abs(8 * $0 - 4 * index))) }
        global.scale = 0.005
        images.append(
            ExtractedImage(
                name: "\(index).png", camera: index % cameras.count, cameraFromMap: pose, features: features,
                globalDescriptor: global))
        truth.append(seen.map(\.point))
    }

    /// A random direction as the network would store it.
    private static func descriptor(_ random: inout SeededGenerator) -> [Int8] {
        quantized((0..<dimension).map { _ in random.nextGaussian() })
    }

    /// The descriptor of the same point in another image: a cosine of about 0.98.
    private static func shaken(_ descriptor: [Int8], _ random: inout SeededGenerator) -> [Int8] {
        quantized(descriptor.map { Double($0) + 6 * random.nextGaussian() })
    }

    private static func quantized(_ values: [Double]) -> [Int8] {
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return values.map { Int8(max(-127, min(127, (256 * $0 / length).rounded()))) }
    }

    /// How many images show each point.
    var views: [Int] {
        var views = [Int](repeating: 0, count: points.count)
        for image in truth { for point in image { if let point { views[point] += 1 } } }
        return views
    }
}

extension SeededGenerator {
    /// Nearly normal, mean 0 and variance 1: the sum of twelve uniform numbers, shifted (Irwin and Hall).
    mutating func nextGaussian() -> Double {
        (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &self) }
    }
}
