import Features
import Geometry
import GeometryFixtures
import TestSupport

/// Correspondences of one camera with known truth.
struct Scene {
    var camera: Camera
    var cameraFromMap: RigidTransform
    var correspondences: [Correspondence] = []
    var isTrue: [Bool] = []

    /// Points in the whole image, 3 to 20 m deep, seen with normal noise; some replaced by matches that are wrong:
    /// a random pixel for the right point.
    init(
        _ g: inout SeededGenerator, camera: Camera, count: Int, outlierShare: Double, noise: Double,
        spread: Double = 10
    ) {
        self.camera = camera
        cameraFromMap = g.transform(spread)
        let mapFromCamera = cameraFromMap.inverse
        let outliers = Int(Double(count) * outlierShare)
        while correspondences.count < count {
            let pixel = g.pixel(in: camera)
            guard let bearing = camera.bearing(of: pixel), bearing.z > 0.05 else { continue }
            let point = mapFromCamera * (bearing / bearing.z * g.uniform(3, 20))
            let isWrong = correspondences.count < outliers
            let seen = isWrong ? g.pixel(in: camera) : pixel + Vector2(g.normal(), g.normal()) * noise
            correspondences.append(
                Correspondence(
                    pixel: seen, point: point, landmark: UInt32(correspondences.count),
                    keypoint: Int32(correspondences.count), quality: 0))
            isTrue.append(!isWrong)
        }
    }

    /// Least squares over the true matches from the true pose: what no estimator can beat by much.
    func oracle() -> RigidTransform {
        PoseMinimizer().minimize(from: cameraFromMap) { pose, equations in
            for (c, isTrue) in zip(correspondences, isTrue) where isTrue {
                let point = pose * c.point
                guard let p = camera.projectWithGradients(point) else {
                    equations.cost = .infinity
                    return
                }
                let r = p.pixel - c.pixel
                equations.cost += r.lengthSquared
                for (value, gradient) in [(r.x, p.gradientX), (r.y, p.gradientY)] {
                    equations.accumulate(
                        residual: value, jacobian: Twist(translation: gradient, rotation: point.cross(gradient)),
                        weight: 1)
                }
            }
        }.pose
    }

    /// Rotation error (radians) and position error (metres) of a pose.
    func error(_ pose: RigidTransform) -> (rotation: Double, position: Double) {
        (
            (pose.rotation * cameraFromMap.rotation.inverse).angle,
            (pose.originInSource - cameraFromMap.originInSource).length
        )
    }
}

extension SeededGenerator {
    mutating func pixel(in camera: Camera) -> Vector2 {
        Vector2(uniform(-0.5, Double(camera.width) - 0.5), uniform(-0.5, Double(camera.height) - 0.5))
    }
}

/// The middle value.
func middle(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
