import Features
import Geometry
import GeometryFixtures
import TestSupport

/// Correspondences of a camera with known truth, as a guided search would give them.
struct IntegrityScene {
    var camera: Camera
    var cameraFromMap: RigidTransform
    var correspondences: [Correspondence] = []

    /// - Parameters:
    ///   - g: of all chance.
    ///   - camera: that truly took the picture.
    ///   - count: of points.
    ///   - depth: from the nearest to the farthest, metres along the axis.
    ///   - noise: standard deviation of a coordinate, pixels.
    ///   - shared: standard deviation of an offset that all points of a part of the image share (80 px), pixels.
    ///   - outliers: share of matches that are wrong, up to 24 px off.
    init(
        _ g: inout SeededGenerator, camera: Camera, count: Int, depth: ClosedRange<Double> = 4...20,
        noise: Double = 0.5, shared: Double = 0, outliers: Double = 0
    ) {
        self.camera = camera
        cameraFromMap = g.transform(10)
        let mapFromCamera = cameraFromMap.inverse
        var offsets: [SIMD2<Int>: Vector2] = [:]
        while correspondences.count < count {
            let pixel = Vector2(
                g.uniform(0, Double(camera.width) - 1), g.uniform(0, Double(camera.height) - 1))
            guard let bearing = camera.bearing(of: pixel), bearing.z > 0.05 else { continue }
            let z =
                depth.lowerBound < depth.upperBound ? g.uniform(depth.lowerBound, depth.upperBound) : depth.lowerBound
            let cell = SIMD2(Int(pixel.x / 80), Int(pixel.y / 80))
            let offset = offsets[cell] ?? Vector2(g.normal(), g.normal()) * shared
            offsets[cell] = offset
            let isWrong = Double(correspondences.count) < outliers * Double(count)
            let error =
                isWrong ? Vector2(g.uniform(-24, 24), g.uniform(-24, 24)) : Vector2(g.normal(), g.normal()) * noise
            correspondences.append(
                Correspondence(
                    pixel: pixel + offset + error, point: mapFromCamera * (bearing / bearing.z * z),
                    landmark: UInt32(correspondences.count), keypoint: Int32(correspondences.count), quality: 0))
        }
    }

    /// Least squares over all correspondences with the given camera.
    func leastSquares() -> (pose: RigidTransform, equations: PoseNormalEquations) {
        let solution = PoseMinimizer().minimize(from: cameraFromMap) { pose, equations in
            for c in correspondences {
                equations.add(pose * c.point, by: camera, seenAt: c.pixel, loss: .squared)
            }
        }
        return (solution.pose, solution.equations)
    }
}

/// The camera of the tests that need only one: 640 x 480, 55 degrees across.
let testCamera: Camera = {
    do {
        return try Camera(
            focalLength: Vector2(620, 620), principalPoint: Vector2(319.5, 239.5), width: 640, height: 480)
    } catch { preconditionFailure("\(error)") }
}()
