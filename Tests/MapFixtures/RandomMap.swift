public import Features
public import Geometry
internal import Glibc
public import ReferenceMap
public import TestSupport

/// A made-up map: keyframes along a street, landmarks on its sides, observations by projection, descriptors that tell
/// landmarks apart.
public struct RandomMap {
    public static let modelID = String(repeating: "ab", count: 32)
    public static let dimension = 32
    public static let globalDimension = 64

    public let map: ReferenceMap
    public let camera: Camera
    /// The true descriptor of each landmark of the map, before each observation's noise.
    public let signatures: [[Int8]]

    /// - Parameters:
    ///   - keyframes: one every half metre.
    ///   - hasClusters: of its own, so that it keeps the signs of the global descriptors.
    public init(seed: UInt64, keyframes: Int = 20, landmarks: Int = 800, hasClusters: Bool = false) throws {
        var random = SeededGenerator(seed: seed)
        let camera = try Camera(model: .pinhole, parameters: [400, 400, 319.5, 239.5], width: 640, height: 480)
        self.camera = camera
        let points = (0..<landmarks).map { _ in
            let side = Bool.random(using: &random) ? 1.0 : -1.0
            return Vector3(
                side * .random(in: 2.5...4, using: &random), .random(in: -3...1.2, using: &random),
                .random(in: 0...Double(keyframes) * 0.5 + 15, using: &random))
        }
        let signatures = points.map { _ in Self.descriptor(Self.dimension, &random) }
        var contents = MapContents(
            modelID: Self.modelID, longSide: 640, descriptorDimension: Self.dimension,
            globalDimension: Self.globalDimension, cameras: [camera], landmarks: [], minimumShared: 5)
        if hasClusters {
            contents.clusters = Self.clusters
            contents.globalDimension = Self.clusters.dimension
        }
        var seen: [Int: UInt32] = [:]
        let poses = (0..<keyframes).map { Self.pose(at: Double($0) * 0.5) }
        let observed = points.indices.filter { index in
            poses.count { camera.project($0 * points[index]).map(camera.contains) ?? false } >= 2
        }
        for index in observed {
            seen[index] = UInt32(contents.landmarks.count)
            contents.landmarks.append(points[index])
        }
        for (number, pose) in poses.enumerated() {
            var keyframe = MapContents.Keyframe(
                name: "\(number).jpg", camera: 0, cameraFromMap: pose,
                globalDescriptor: Self.global(&random, dimension: contents.globalDimension),
                detectedKeypoints: observed.count)
            for index in observed {
                guard let pixel = camera.project(pose * points[index]), camera.contains(pixel),
                    let landmark = seen[index]
                else { continue }
                keyframe.landmarks.append(landmark)
                keyframe.pixels.append(SIMD2(Float(pixel.x), Float(pixel.y)))
                keyframe.descriptors += Self.disturbed(signatures[index], &random)
            }
            contents.keyframes.append(keyframe)
        }
        self.signatures = observed.map { signatures[$0] }
        // Tests run side by side and may ask for the same map: each writes a file of its own.
        let path = "/tmp/hfloc-fixture-\(getpid())-\(UInt64.random(in: 0 ... .max)).hfmap"
        try contents.write(to: path)
        map = try ReferenceMap(opening: path)
        unsafe unlink(path)  // The mapping stays.
    }

    /// `cameraFromMap` of a camera at `distance` metres along the street, looking down it.
    public static func pose(at distance: Double) -> RigidTransform {
        RigidTransform(rotation: .identity, translation: Vector3(0, 0, -distance))
    }

    /// A unit vector times 256, as int8.
    public static func descriptor(_ dimension: Int, _ random: inout SeededGenerator) -> [Int8] {
        normalized((0..<dimension).map { _ in Double.random(in: -1...1, using: &random) })
    }

    /// The same descriptor with a little noise.
    public static func disturbed(_ descriptor: [Int8], _ random: inout SeededGenerator) -> [Int8] {
        normalized(descriptor.map { Double($0) / 256 + .random(in: -0.03...0.03, using: &random) })
    }

    /// Those of a map that has some, of no network.
    public static let clusters = VladClusters(
        cells: VladClusters.Half(
            channels: 8, centres: [Float](repeating: 0.5, count: 8 * 8), sharpness: 1, largestLogit: 1),
        keypoints: VladClusters.Half(
            channels: dimension, centres: [Float](repeating: 0.5, count: 8 * dimension), sharpness: 1, largestLogit: 1))

    public static func global(
        _ random: inout SeededGenerator, dimension: Int = globalDimension
    ) -> GlobalDescriptor {
        var global = GlobalDescriptor(dimension: dimension)
        for index in global.values.indices { global.values[index] = .random(in: -127...127, using: &random) }
        let norm = global.values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        global.scale = Float(1 / norm)
        return global
    }

    private static func normalized(_ vector: [Double]) -> [Int8] {
        let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { Int8(min(max(($0 / norm * 256).rounded(), -127), 127)) }
    }
}
