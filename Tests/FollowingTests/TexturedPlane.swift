import Features
import Following
import Geometry
import TestSupport

/// A plane at z = 5 m with a texture of many waves, seen from anywhere, and landmarks on it.
struct TexturedPlane {
    static let depth = 5.0
    let camera: Camera
    let landmarks: [Vector3]
    private var waves: [(x: Double, y: Double, phase: Double, height: Double)] = []

    /// The same plane for the same name.
    init(_ name: String, landmarks count: Int = 200) throws {
        camera = try Camera(
            model: .openCV, parameters: [300, 302, 161, 118, -0.05, 0.01, 0.001, -0.0005], width: 320, height: 240)
        var random = SeededGenerator(name)
        for _ in 0..<60 {
            let length = Double.random(in: 0.12...1.2, using: &random)
            let (angle, phase) = (
                Double.random(in: 0...2 * .pi, using: &random), Double.random(in: 0...2 * .pi, using: &random)
            )
            let (sine, cosine) = sineAndCosine(angle)
            waves.append((2 * .pi / length * cosine, 2 * .pi / length * sine, phase, 10))
        }
        landmarks = (0..<count).map { _ in
            Vector3(.random(in: -2.3...2.3, using: &random), .random(in: -1.7...1.7, using: &random), Self.depth)
        }
    }

    /// Grey levels, not rounded.
    private func grey(_ x: Double, _ y: Double) -> Double {
        waves.reduce(128) { sum, wave in
            sum + wave.height * sineAndCosine(wave.x * x + wave.y * y + wave.phase).sine
        }
    }

    /// What the camera sees, with each grey level changed by `light`.
    func picture(from cameraFromMap: RigidTransform, light: (Double) -> Double = { $0 }) -> GreyImage {
        var image = GreyImage(width: camera.width, height: camera.height)
        let mapFromCamera = cameraFromMap.inverse
        for y in 0..<camera.height {
            for x in 0..<camera.width {
                guard let bearing = camera.bearing(of: Vector2(Double(x), Double(y))) else { continue }
                let (origin, ray) = (mapFromCamera.translation, mapFromCamera.rotation * bearing)
                let point = origin + ray * ((Self.depth - origin.z) / ray.z)
                image[x, y] = UInt8(min(max(light(grey(point.x, point.y)).rounded(), 0), 255))
            }
        }
        return image
    }

    /// The landmarks that a pose puts into the picture, where it puts them.
    func matches(at cameraFromMap: RigidTransform) -> [Correspondence] {
        landmarks.enumerated().compactMap { index, point in
            guard let pixel = camera.project(cameraFromMap * point), camera.contains(pixel) else { return nil }
            return Correspondence(
                pixel: pixel, point: point, landmark: UInt32(index), keypoint: Int32(index), quality: 1)
        }
    }

    /// A follower that has learned the picture at the identity.
    func follower(kernels: String? = nil, landmarks: Int = 200) throws -> LandmarkFollower {
        let made = LandmarkFollower(camera: camera, landmarks: landmarks, matches: 200, kernels: kernels)
        guard let follower = made else { throw NoKernels() }
        follower.look { $0 = picture(from: .identity) }
        follower.begin(from: matches(at: .identity), at: .identity)
        return follower
    }

    /// How far what was found is from where it is, pixels, in rising order.
    func errors(_ found: [Correspondence], at truth: RigidTransform) -> [Double] {
        found.compactMap { match in
            camera.project(truth * match.point).map { ($0 - match.pixel).length }
        }.sorted()
    }

    struct NoKernels: Error {}
}
