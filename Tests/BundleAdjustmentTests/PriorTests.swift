import BundleAdjustment
import Geometry
import GeometryFixtures
import TestSupport
import Testing

/// Derivatives of priors and observations against differences of their residuals.
@Suite struct PriorTests {
    private static let step = 1e-6

    private static func pose(_ g: inout SeededGenerator) -> RigidTransform {
        RigidTransform(
            rotation: Rotation(exp: Vector3(g.uniform(-1, 1), g.uniform(-1, 1), g.uniform(-1, 1))),
            translation: Vector3(g.uniform(-3, 3), g.uniform(-3, 3), g.uniform(-3, 3)))
    }

    private static func near(_ pose: RigidTransform, _ by: Double, _ g: inout SeededGenerator) -> RigidTransform {
        let twist = Twist(
            translation: Vector3(g.uniform(-by, by), g.uniform(-by, by), g.uniform(-by, by)),
            rotation: Vector3(g.uniform(-by, by), g.uniform(-by, by), g.uniform(-by, by)))
        return RigidTransform(exp: twist) * pose
    }

    private static func unit(_ index: Int, _ length: Double) -> Twist {
        var twist = Twist.zero
        twist[index] = length
        return twist
    }

    /// Every derivative of `prior` at `state` by central differences.
    private static func check(_ prior: PosePrior, _ state: BundleState, poses: [Int], tolerance: Double) {
        let rows = prior.rows(state).rows
        func residuals(_ change: (inout BundleState) -> Void) -> [Double] {
            var moved = state
            change(&moved)
            return prior.rows(moved).rows.map(\.residual)
        }
        for (number, pose) in poses.enumerated() {
            for parameter in 0..<6 {
                let (ahead, behind) = (
                    residuals { $0.poses[pose] = RigidTransform(exp: unit(parameter, step)) * $0.poses[pose] },
                    residuals { $0.poses[pose] = RigidTransform(exp: unit(parameter, -step)) * $0.poses[pose] }
                )
                for (i, row) in rows.enumerated() {
                    let numeric = (ahead[i] - behind[i]) / (2 * step)
                    let analytic = (number == 0 ? row.jacobian : row.otherJacobian)[parameter]
                    #expect(abs(numeric - analytic) < tolerance, "row \(i), pose \(pose), parameter \(parameter)")
                }
            }
        }
        for axis in 0..<3 {
            var turn = Vector3.zero
            turn[axis] = step
            let ahead = residuals { $0.boresight = Rotation(exp: turn) * $0.boresight }
            let behind = residuals { $0.boresight = Rotation(exp: -turn) * $0.boresight }
            for (i, row) in rows.enumerated() {
                #expect(abs((ahead[i] - behind[i]) / (2 * step) - row.boresight[axis]) < tolerance)
            }
        }
    }

    @Test func rotation() throws {
        var g = SeededGenerator("rotation prior")
        for _ in 0..<20 {
            let given = Self.pose(&g)
            var state = BundleState(poses: [Self.near(given, 0.4, &g)], points: [], cameras: [])
            state.boresight = Rotation(exp: Vector3(g.uniform(-0.3, 0.3), g.uniform(-0.3, 0.3), g.uniform(-0.3, 0.3)))
            Self.check(
                .rotation(pose: 0, cameraFromMap: given.rotation, sigma: 0.5), state, poses: [0], tolerance: 1e-7)
        }
    }

    @Test func position() throws {
        var g = SeededGenerator("position prior")
        for _ in 0..<20 {
            let given = Self.pose(&g)
            let state = BundleState(poses: [Self.near(given, 0.4, &g)], points: [], cameras: [])
            let whitening = Matrix3(rows: Vector3(2, 0.3, 0), Vector3(0, 1, 0.2), Vector3(0, 0, 4))
            Self.check(
                .position(pose: 0, mapPosition: given.originInSource, whitening: whitening, loss: .squared), state,
                poses: [0], tolerance: 1e-7)
        }
    }

    @Test func relative() throws {
        var g = SeededGenerator("relative prior")
        for _ in 0..<20 {
            let (from, to) = (Self.pose(&g), Self.pose(&g))
            let state = BundleState(poses: [from, to], points: [], cameras: [])
            let measured = Self.near(to * from.inverse, 0.1, &g)
            Self.check(
                .relative(
                    from: 0, to: 1, toFromFrom: measured, sigma: (translation: 0.5, rotation: 0.5), loss: .squared),
                state, poses: [1, 0], tolerance: 1e-5)
        }
    }

    /// A loop that is closed wrongly costs little more than one that is closed less wrongly, and pulls less.
    @Test func aRobustMotionLetsGo() throws {
        func prior(_ distance: Double, _ loss: RobustLoss) -> (rows: [PriorRow], cost: Double) {
            let measured = RigidTransform(rotation: .identity, translation: Vector3(distance, 0, 0))
            return PosePrior.relative(
                from: 0, to: 1, toFromFrom: measured, sigma: (translation: 1, rotation: 1), loss: loss
            ).rows(BundleState(poses: [.identity, .identity], points: [], cameras: []))
        }
        #expect(abs(prior(20, .squared).cost - 400) < 1e-9)
        #expect(prior(20, .cauchy(scale: 4)).cost < 60)
        func pull(_ distance: Double) -> Double {
            let row = prior(distance, .cauchy(scale: 4)).rows[0]
            return abs(row.residual * row.jacobian[0])
        }
        #expect(pull(40) < pull(4))
    }

    @Test func direction() throws {
        var g = SeededGenerator("direction prior")
        let state = BundleState(poses: [Self.pose(&g)], points: [], cameras: [])
        Self.check(
            .direction(pose: 0, inMap: Vector3(0, 0, -1), inCamera: Vector3(0.1, 0.98, 0.17), sigma: 0.5), state,
            poses: [0], tolerance: 1e-7)
    }

    /// A satellite's position that is far off costs little more than one that is less far off.
    @Test func aRobustPositionLetsGo() throws {
        let state = BundleState(poses: [.identity], points: [], cameras: [])
        func cost(_ distance: Double, _ loss: RobustLoss) -> Double {
            PosePrior.position(
                pose: 0, mapPosition: Vector3(distance, 0, 0), whitening: .identity, loss: loss
            ).rows(state).cost
        }
        #expect(cost(20, .cauchy(scale: 4)) < 60)
        #expect(abs(cost(20, .squared) - 400) < 1e-9)
    }

    @Test func observations() throws {
        var g = SeededGenerator("observation rows")
        for camera in CameraSamples.all {
            let point = Vector3(g.uniform(-0.4, 0.4), g.uniform(-0.4, 0.4), g.uniform(2, 4))
            let state = BundleState(poses: [Self.near(.identity, 0.1, &g)], points: [point], cameras: [camera])
            var problem = BundleProblem(
                observations: [.init(pose: 0, point: 0, pixel: Vector2(300, 200))], cameraOfPose: [0], pointCount: 1)
            problem.loss = .squared
            func row(_ change: (inout BundleState) -> Void) -> ObservationRows {
                var moved = state
                change(&moved)
                return Linearization(problem, moved, threads: 1).rows[0]
            }
            let now = row { _ in }
            for parameter in 0..<6 {
                let ahead = row { $0.poses[0] = RigidTransform(exp: Self.unit(parameter, 1e-6)) * $0.poses[0] }
                let behind = row { $0.poses[0] = RigidTransform(exp: Self.unit(parameter, -1e-6)) * $0.poses[0] }
                #expect(abs((ahead.x[6] - behind.x[6]) / 2e-6 - now.x[parameter]) < 1e-2)
                #expect(abs((ahead.y[6] - behind.y[6]) / 2e-6 - now.y[parameter]) < 1e-2)
            }
            for axis in 0..<3 {
                let ahead = row { $0.points[0][axis] += 1e-6 }
                let behind = row { $0.points[0][axis] -= 1e-6 }
                #expect(abs((ahead.x[6] - behind.x[6]) / 2e-6 - now.pointX[axis]) < 1e-2)
                #expect(abs((ahead.y[6] - behind.y[6]) / 2e-6 - now.pointY[axis]) < 1e-2)
            }
        }
    }
}
