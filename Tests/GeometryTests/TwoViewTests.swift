import Geometry
import GeometryFixtures
import Testing
import TestSupport

@Suite struct TwoViewTests {
    /// Cameras on an arc about a point, looking at it.
    static func views(_ g: inout SeededGenerator, count: Int, around centre: Vector3) -> [RigidTransform] {
        (0..<count).map { i in
            let offset = Vector3(Double(i) * 0.5 - 1, g.uniform(-0.3, 0.3), g.uniform(-0.3, 0.3))
            let turn = Rotation(exp: g.vector(0.05))
            return RigidTransform(rotation: turn, translation: -(turn * (centre - Vector3(0, 0, 6) + offset)))
        }
    }

    static func observe(
        _ g: inout SeededGenerator, _ point: Vector3, _ views: [RigidTransform], _ camera: Camera, noise: Double
    ) -> [PointObservation] {
        views.compactMap { view in
            camera.project(view * point).map {
                PointObservation(
                    pixel: $0 + Vector2(g.normal(), g.normal()) * noise, camera: camera, cameraFromMap: view)
            }
        }
    }

    @Test("observations without noise give the point exactly", arguments: CameraModelTests.cameras)
    func exact(camera: Camera) throws {
        var g = SeededGenerator(seed: 101)
        for count in 2...6 {
            for _ in 0..<20 {
                let centre = g.vector(1000)
                let point = centre + g.vector(1)
                let views = Self.views(&g, count: count, around: centre)
                let found = try #require(
                    Triangulation.triangulate(Self.observe(&g, point, views, camera, noise: 0)))
                #expect((found.position - point).length < 1e-7)
                #expect(found.largestReprojectionError < 1e-6)
                let angle = (views[0].originInSource - point).angle(to: views[count - 1].originInSource - point)
                #expect(found.angle >= angle - 1e-6)
            }
        }
    }

    /// Of the point for observations of 1 pixel standard deviation: `(Jᵀ J)⁻¹`.
    static func unitCovariance(_ point: Vector3, _ observations: [PointObservation]) throws -> Matrix3 {
        var normal = Matrix3.zero
        for o in observations {
            let p = try #require(o.camera.projectWithGradients(o.cameraFromMap * point))
            for gradient in [p.gradientX, p.gradientY] {
                let row = o.cameraFromMap.rotation.inverse * gradient
                normal = normal + Matrix3(outer: row, row)
            }
        }
        return try #require(normal.inverse)
    }

    @Test("errors grow with the noise as the covariance says")
    func noise() throws {
        var g = SeededGenerator(seed: 102)
        let camera = CameraSamples.all[1]
        for sigma in [0.1, 0.5, 1] {
            var (chi, rms) = (0.0, 0.0)
            for _ in 0..<500 {
                let point = g.vector(1)
                let views = Self.views(&g, count: 5, around: .zero)
                let observations = Self.observe(&g, point, views, camera, noise: sigma)
                let found = try #require(Triangulation.triangulate(observations))
                let error = found.position - point
                let covariance = try Self.unitCovariance(found.position, observations)
                chi += (try #require(covariance.inverse) * error).dot(error) / (sigma * sigma)
                let residuals = try observations.map { try #require($0.residual(found.position)).lengthSquared }
                rms += residuals.reduce(0, +) / Double(residuals.count)
            }
            #expect(abs(chi / 500 - 3) < 0.4)
            // Ten residuals less three parameters, two residuals to a norm.
            #expect(abs((rms / 500).squareRoot() / sigma - (7.0 / 5).squareRoot()) < 0.05)
        }
    }

    @Test("a robust loss withstands one wrong observation")
    func robust() throws {
        var g = SeededGenerator(seed: 103)
        let camera = CameraSamples.all[1]
        var worse = 0
        for _ in 0..<100 {
            let point = g.vector(1)
            var observations = Self.observe(
                &g, point, Self.views(&g, count: 7, around: .zero), camera, noise: 0.3)
            observations[3].pixel += Vector2(20, -25)
            let plain = try #require(Triangulation.triangulate(observations))
            let robust = try #require(Triangulation.triangulate(observations, loss: .cauchy(scale: 1)))
            if (robust.position - point).length > (plain.position - point).length { worse += 1 }
            #expect((robust.position - point).length < 0.05)
        }
        #expect(worse < 5)
    }

    @Test("rays that cannot meet give no point")
    func degenerate() {
        var g = SeededGenerator(seed: 104)
        let camera = CameraSamples.all[1]
        let view = RigidTransform.identity
        let pixel = Vector2(300, 200)
        let same = PointObservation(pixel: pixel, camera: camera, cameraFromMap: view)
        #expect(Triangulation.triangulate([]) == nil)
        #expect(Triangulation.triangulate([same]) == nil)
        #expect(Triangulation.triangulate([same, same]) == nil)
        // Apart, but parallel; and diverging, meeting behind.
        let (centres, ahead) = ([Vector3.zero, Vector3(1, 0, 0)], Vector3(0, 0, 1))
        #expect(Triangulation.midpoint(centres: centres, directions: [ahead, ahead]) == nil)
        let (left, right) = (Vector3(-0.1, 0, 1).normalized, Vector3(0.1, 0, 1).normalized)
        #expect(Triangulation.midpoint(centres: centres, directions: [left, right]) == nil)
        #expect(Triangulation.midpoint(centres: centres, directions: [right, left]) != nil)
        let behind = Self.observe(&g, Vector3(0, 0, 5), [view, view], camera, noise: 0)
        #expect(Triangulation.refine(Vector3(0, 0, -5), observations: behind) == nil)
    }

    @Test("corresponding pixels lie on each other's epipolar line, and a shift across it is its distance")
    func epipolar() throws {
        var g = SeededGenerator(seed: 105)
        for camera in CameraModelTests.cameras where camera.focalLength.x > 150 {
            for _ in 0..<100 {
                let point = g.vector(1)
                let views = Self.views(&g, count: 2, around: .zero)
                let bFromA = views[1] * views[0].inverse
                let two = EpipolarGeometry(bFromA: bFromA, cameraA: camera, cameraB: camera)
                let pixelA = try #require(camera.project(views[0] * point))
                let pixelB = try #require(camera.project(views[1] * point))
                let a = try #require(camera.undistorted(pixelA))
                let b = try #require(camera.undistorted(pixelB))
                #expect(abs(two.distanceToLineInB(a, b)) < 1e-8)
                #expect(abs(two.distanceToLineInA(a, b)) < 1e-8)
                let line = two.fundamental * Vector3(a.x, a.y, 1)
                let across = Vector2(line.x, line.y) / Vector2(line.x, line.y).length
                #expect(abs(two.distanceToLineInB(a, b + across * 3) - 3) < 1e-8)
                let bearingA = (views[0] * point).normalized
                #expect(abs((views[1] * point).normalized.dot(two.essential * bearingA)) < 1e-12)
            }
        }
    }

    @Test("without a baseline there is no line")
    func noBaseline() {
        let camera = CameraSamples.all[1]
        let two = EpipolarGeometry(
            bFromA: RigidTransform(rotation: Rotation(exp: Vector3(0, 0.1, 0)), translation: .zero), cameraA: camera,
            cameraB: camera)
        #expect(two.distanceToLineInB(Vector2(1, 2), Vector2(3, 4)).isNaN)
    }
}
