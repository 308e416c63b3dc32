package import Geometry

/// Normal equations of a pose (left tangent) and of the three numbers of a ``FreeCamera``; no allocation.
package struct FreeCameraEquations {
    /// Of the pose alone, with the cost of all.
    package var pose = PoseNormalEquations()
    /// The columns of the block of the pose with log f, x and y.
    package var cross = (Twist.zero, Twist.zero, Twist.zero)
    /// The block of the camera.
    package var camera = Matrix3.zero
    package var cameraGradient = Vector3.zero

    /// No observations yet.
    package init() {}

    /// Sum of the weights, before a prior is added.
    var weight: Double { camera[1, 1] }

    /// Adds both coordinates of a pixel.
    ///
    /// - Parameters:
    ///   - r: projected less observed, pixels.
    ///   - x: derivative of the pixel's x by the pose.
    ///   - y: of its y.
    ///   - arm: derivative of the pixel by log f.
    ///   - weight: of the residual.
    @inline(__always)
    mutating func add(residual r: Vector2, _ x: Twist, _ y: Twist, arm: Vector2, weight: Double) {
        pose.accumulate(residual: r.x, jacobian: x, weight: weight)
        pose.accumulate(residual: r.y, jacobian: y, weight: weight)
        cross.0 = cross.0 + x * (weight * arm.x) + y * (weight * arm.y)
        cross.1 = cross.1 + x * weight
        cross.2 = cross.2 + y * weight
        camera.column0 += Vector3(arm.lengthSquared, arm.x, arm.y) * weight
        camera.column1 += Vector3(arm.x, 1, 0) * weight
        camera.column2 += Vector3(arm.y, 0, 1) * weight
        cameraGradient += Vector3(arm.dot(r), r.x, r.y) * weight
    }

    /// The equations without a cell's. Costs and gradients are those of all.
    func removing(_ cell: FreeCameraEquations) -> FreeCameraEquations {
        var rest = self
        rest.pose.matrix = pose.matrix - cell.pose.matrix
        rest.cross.0 = cross.0 - cell.cross.0
        rest.cross.1 = cross.1 - cell.cross.1
        rest.cross.2 = cross.2 - cell.cross.2
        rest.camera = camera - cell.camera
        return rest
    }

    /// Equations of one cell more.
    mutating func add(_ other: FreeCameraEquations) {
        pose.matrix = pose.matrix + other.pose.matrix
        pose.gradient = pose.gradient + other.pose.gradient
        pose.cost += other.pose.cost
        cross.0 = cross.0 + other.cross.0
        cross.1 = cross.1 + other.cross.1
        cross.2 = cross.2 + other.cross.2
        camera = camera + other.camera
        cameraGradient += other.cameraGradient
    }
}

/// The equations with the pose eliminated: `S = C - Bᵀ A⁻¹ B` fixes the camera, the pose follows from it.
struct FreeCameraFactor {
    private let pose: Factor6
    private let cross: (Twist, Twist, Twist)
    /// `A⁻¹ B`.
    private let coupling: (Twist, Twist, Twist)
    /// `S⁻¹`: times the residuals' variance the covariance of the camera, were they independent.
    let inverse: Matrix3

    /// Nil when the pose is not fixed even by a given camera. `damping` as in `Factor6`.
    init?(_ equations: FreeCameraEquations, damping: Double = 0) {
        guard let pose = Factor6(equations.pose.matrix, damping: damping) else { return nil }
        self.pose = pose
        let b = equations.cross
        let y = (pose.solve(b.0), pose.solve(b.1), pose.solve(b.2))
        var s = equations.camera + Matrix3(diagonal: equations.camera.diagonal * damping)
        s = s - Matrix3(rows: Self.products(b.0, y), Self.products(b.1, y), Self.products(b.2, y))
        guard let inverse = s.inverse, inverse.diagonal.min() > 0 else { return nil }
        (cross, coupling, self.inverse) = (b, y, inverse)
    }

    private static func products(_ a: Twist, _ y: (Twist, Twist, Twist)) -> Vector3 {
        Vector3(a.dot(y.0), a.dot(y.1), a.dot(y.2))
    }

    /// The solution for a right side of pose and camera.
    func solve(_ gradient: Twist, _ cameraGradient: Vector3) -> (pose: Twist, camera: Vector3) {
        let z = pose.solve(gradient)
        let camera = inverse * (cameraGradient - Vector3(cross.0.dot(z), cross.1.dot(z), cross.2.dot(z)))
        return (z - coupling.0 * camera.x - coupling.1 * camera.y - coupling.2 * camera.z, camera)
    }
}
