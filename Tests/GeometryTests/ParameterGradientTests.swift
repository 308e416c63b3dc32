import Geometry
import TestSupport
import Testing

@Suite struct ParameterGradientTests {
    @Test("analytic gradients by every parameter equal differences", arguments: CameraTests.cameras)
    func gradients(camera: Camera) throws {
        var g = SeededGenerator(seed: 41)
        var points = (0..<200).map { _ in Vector3(g.uniform(-3, 3), g.uniform(-2, 2), g.uniform(4, 12)) }
        points += [Vector3(0, 0, 3), Vector3(1e-5, -1e-5, 3), Vector3(0, 1e-3, 1)]
        if camera.model == .openCVFisheye { points += [Vector3(2, 1, 0), Vector3(-2, 1, -0.3)] }
        let parameters = camera.parameters
        for i in parameters.indices {
            let step = 1e-6 * max(1, abs(parameters[i]))
            func moved(_ by: Double) throws -> Camera {
                var changed = parameters
                changed[i] += by
                return try Camera(model: camera.model, parameters: changed, width: 640, height: 480)
            }
            let (up, down) = (try moved(step), try moved(-step))
            for p in points {
                let (a, b) = (try #require(up.project(p)), try #require(down.project(p)))
                let numeric = (a - b) / (2 * step)
                let analytic = camera.parameterGradients(p)
                let error = (numeric - Vector2(analytic.x[i], analytic.y[i])).length
                #expect(error < 1e-6 * (1 + numeric.length), "\(camera.model.parameterNames[i]) at \(p)")
            }
        }
        let beyond = camera.parameterGradients(points[0])
        for i in parameters.count..<16 { #expect(beyond.x[i] == 0 && beyond.y[i] == 0) }
    }

    @Test("a camera without distortion has gradients by its zero coefficients")
    func zeroCoefficients() throws {
        let camera = try Camera(
            model: .fullOpenCV, parameters: [500, 400, 320, 240, 0, 0, 0, 0, 0, 0, 0, 0], width: 640, height: 480)
        // x = 0.5, y = 0.25, r² = 0.3125.
        let g = camera.parameterGradients(Vector3(1, 0.5, 2))
        #expect(abs(g.x[4] - 500 * 0.5 * 0.3125) < 1e-12 && abs(g.y[4] - 400 * 0.25 * 0.3125) < 1e-12)
        #expect(abs(g.x[6] - 500 * 2 * 0.125) < 1e-12 && abs(g.x[9] + 500 * 0.5 * 0.3125) < 1e-12)
    }

    @Test("everything at once is what the parts are", arguments: CameraModel.allCases)
    func allAtOnce(_ model: CameraModel) throws {
        let coefficients = [0.11, -0.03, 0.002, -0.001, 0.004, 0.05, 0.01, 0.002]
        let focal: [Double] = model.hasSingleFocalLength ? [431, 318, 243] : [431, 429, 318, 243]
        let camera = try Camera(
            model: model, parameters: focal + coefficients.prefix(model.parameterCount - focal.count), width: 640,
            height: 480)
        var g = SeededGenerator(seed: 61)
        for _ in 0..<200 {
            let p = Vector3(g.uniform(-1, 1), g.uniform(-1, 1), g.uniform(-0.2, 2))
            let all = camera.projectWithAllGradients(p)
            #expect(all?.projection == camera.projectWithGradients(p))
            #expect(all?.projection.pixel == camera.project(p))
            guard let all else { continue }
            let parts = camera.parameterGradients(p)
            for i in 0..<16 {
                #expect(abs(all.parameters.x[i] - parts.x[i]) <= 1e-12 * (1 + abs(parts.x[i])), "\(i) at \(p)")
                #expect(abs(all.parameters.y[i] - parts.y[i]) <= 1e-12 * (1 + abs(parts.y[i])), "\(i) at \(p)")
            }
        }
    }
}
