package import Geometry
import Parallelism

/// An observation at a state: its residual and derivatives, over the pixel's sigma and times the root of its weight.
package struct ObservationRows: Sendable {
    /// By the pose, lanes 0...5; lane 6 is the residual. Of the pixel's x and y.
    package var x: SIMD8<Double>
    package var y: SIMD8<Double>
    /// By the point.
    package var pointX: Vector3
    package var pointY: Vector3

    /// Forgets the derivatives by the pose.
    mutating func holdPose() {
        let (rx, ry) = (x[6], y[6])
        (x, y) = (.zero, .zero)
        (x[6], y[6]) = (rx, ry)
    }
}

/// An observation's derivatives by its camera's parameters, scaled alike.
struct CameraRows: Sendable {
    var x: SIMD8<Double>
    var y: SIMD8<Double>
}

/// All residuals at a state, with their derivatives.
package struct Linearization: Sendable {
    /// Robust costs and priors together.
    private(set) var cost = 0.0
    package private(set) var rows: [ObservationRows] = []
    /// Empty unless cameras move.
    private(set) var cameraRows: [CameraRows] = []
    private(set) var priors: [PriorRow] = []
    private static let chunk = 2048

    package init(_ problem: BundleProblem, _ state: BundleState, threads: Int) {
        let count = problem.observations.count
        let withCameras = !problem.cameraPriors.isEmpty
        let chunks = Parallel.map((count + Self.chunk - 1) / Self.chunk, threads: threads) { number in
            Chunk(problem, state, number * Self.chunk..<min(count, (number + 1) * Self.chunk), withCameras)
        }
        rows.reserveCapacity(count)
        for chunk in chunks {
            rows += chunk.rows
            cameraRows += chunk.cameraRows
            cost += chunk.cost
        }
        for pose in problem.fixedPoses {
            for number in problem.observationsOfPose[pose] { rows[Int(number)].holdPose() }
        }
        for prior in problem.priors {
            let (rows, cost) = prior.rows(state)
            priors += rows.map { $0.holding(problem.fixedPoses) }
            self.cost += cost
        }
    }

    /// Sums in chunks of a fixed size are the same for any number of threads.
    private struct Chunk: Sendable {
        var rows: [ObservationRows] = []
        var cameraRows: [CameraRows] = []
        var cost = 0.0

        init(_ problem: BundleProblem, _ state: BundleState, _ range: Range<Int>, _ withCameras: Bool) {
            rows.reserveCapacity(range.count)
            for observation in problem.observations[range] {
                let pose = Int(observation.pose)
                let camera = state.cameras[problem.cameraOfPose[pose]]
                add(
                    state.poses[pose], state.points[Int(observation.point)], camera, observation.pixel,
                    problem, withCameras)
            }
        }

        @inline(__always)
        private mutating func add(
            _ pose: RigidTransform, _ point: Vector3, _ camera: Camera, _ pixel: Vector2, _ problem: BundleProblem,
            _ withCameras: Bool
        ) {
            let seen = pose * point
            guard let full = camera.projectWithAllGradients(seen) else { return addUnseen(problem.loss, withCameras) }
            let residual = (full.projection.pixel - pixel) / problem.pixelSigma
            let squared = residual.lengthSquared
            cost += problem.loss.cost(squared)
            let scale = problem.loss.weight(squared).squareRoot()
            let (gx, gy) = (
                full.projection.gradientX * (scale / problem.pixelSigma),
                full.projection.gradientY * (scale / problem.pixelSigma)
            )
            let back = pose.rotation.inverse
            rows.append(
                ObservationRows(
                    x: Self.lanes(gx, seen.cross(gx), residual.x * scale),
                    y: Self.lanes(gy, seen.cross(gy), residual.y * scale), pointX: back * gx, pointY: back * gy))
            if withCameras {
                let factor = scale / problem.pixelSigma
                cameraRows.append(
                    CameraRows(x: full.parameters.x.lowHalf * factor, y: full.parameters.y.lowHalf * factor))
            }
        }

        /// A point that its camera cannot see pulls at nothing, but costs more than any that it sees badly.
        private mutating func addUnseen(_ loss: RobustLoss, _ withCameras: Bool) {
            cost += loss.cost(Self.unseen * Self.unseen)
            rows.append(ObservationRows(x: .zero, y: .zero, pointX: .zero, pointY: .zero))
            if withCameras { cameraRows.append(CameraRows(x: .zero, y: .zero)) }
        }

        /// In sigmas.
        private static let unseen = 1e4

        @inline(__always)
        private static func lanes(_ t: Vector3, _ r: Vector3, _ residual: Double) -> SIMD8<Double> {
            SIMD8(t.x, t.y, t.z, r.x, r.y, r.z, residual, 0)
        }
    }
}
