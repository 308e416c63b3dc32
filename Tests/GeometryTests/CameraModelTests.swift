import Geometry
import GeometryFixtures
import TestSupport
import Testing

/// What holds for every camera model; a new one is tested by its line in `CameraSamples`.
@Suite struct CameraModelTests {
    static let cameras = CameraSamples.all + CameraSamples.hard

    @Test("every model is tested")
    func coverage() {
        #expect(CameraSamples.all.map(\.model) == CameraModel.allCases)
        #expect(CameraSamples.hard.count == 2)
    }

    @Test("project undoes bearing all over the image", arguments: cameras)
    func roundTrip(camera: Camera) {
        var seen = 0
        for y in stride(from: 0.0, to: 480, by: 13) {
            for x in stride(from: 0.0, to: 640, by: 13) {
                let pixel = Vector2(x, y)
                guard let bearing = camera.bearing(of: pixel) else { continue }
                seen += 1
                #expect(abs(bearing.length - 1) < 1e-14)
                guard let back = camera.project(bearing * 7.3) else {
                    Issue.record("\(camera.model) sees no ray at \(pixel)")
                    continue
                }
                #expect((back - pixel).length < 1e-8)
            }
        }
        // The fisheye of 120 pixels does not fill the corners; all others see every pixel.
        #expect(seen >= (camera.focalLength.x < 150 ? 1500 : 37 * 50))
    }

    @Test("bearing undoes project for rays in the field of view", arguments: cameras)
    func backwards(camera: Camera) {
        var g = SeededGenerator(seed: 31)
        for _ in 0..<1000 {
            let ray = Vector3(g.uniform(-0.6, 0.6), g.uniform(-0.45, 0.45), 1).normalized
            guard let pixel = camera.project(ray * 4), let bearing = camera.bearing(of: pixel) else {
                Issue.record("\(camera.model) loses \(ray)")
                continue
            }
            #expect((bearing - ray).length < 1e-10)
        }
    }

    @Test("analytic gradients equal differences", arguments: cameras)
    func gradients(camera: Camera) {
        var g = SeededGenerator(seed: 32)
        var points = (0..<300).map { _ in Vector3(g.uniform(-3, 3), g.uniform(-2, 2), g.uniform(4, 12)) }
        points += [Vector3(0, 0, 3), Vector3(1e-7, 0, 3), Vector3(1e-5, -1e-5, 3), Vector3(0, 1e-3, 1)]
        if camera.seesBehind { points += [Vector3(2, 1, 0), Vector3(-2, 1, -0.3)] }
        for p in points {
            guard let projection = camera.projectWithGradients(p) else {
                Issue.record("\(camera.model) does not see \(p)")
                continue
            }
            #expect(projection.pixel == camera.project(p))
            for axis in 0..<3 {
                var step = Vector3.zero
                step[axis] = 1e-6 * max(p.length, 1)
                guard let up = camera.project(p + step), let down = camera.project(p - step) else { continue }
                let numeric = (up - down) / (2 * step[axis])
                let analytic = Vector2(projection.gradientX[axis], projection.gradientY[axis])
                #expect((numeric - analytic).length < 2e-5 * (1 + analytic.length))
            }
        }
    }

    @Test("analytic gradients by every parameter equal differences", arguments: cameras)
    func parameterGradients(camera: Camera) throws {
        var g = SeededGenerator(seed: 41)
        var points = (0..<200).map { _ in Vector3(g.uniform(-3, 3), g.uniform(-2, 2), g.uniform(4, 12)) }
        points += [Vector3(0, 0, 3), Vector3(1e-5, -1e-5, 3), Vector3(0, 1e-3, 1)]
        if camera.seesBehind { points += [Vector3(2, 1, 0), Vector3(-2, 1, -0.3)] }
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

    @Test("everything at once is what the parts are", arguments: cameras)
    func allAtOnce(camera: Camera) {
        var g = SeededGenerator(seed: 61)
        for _ in 0..<200 {
            let p = Vector3(g.uniform(-1, 1), g.uniform(-1, 1), g.uniform(-0.2, 2))
            let all = camera.projectWithAllGradients(p)
            #expect(all?.projection == camera.projectWithGradients(p))
            #expect(all?.projection.pixel == camera.project(p))
            guard let all else { continue }
            let parts = camera.parameterGradients(p)
            for i in 0..<16 {
                for (a, b) in [(all.parameters.x[i], parts.x[i]), (all.parameters.y[i], parts.y[i])] {
                    let limit: Double = 1e-12 * (1 + abs(b))
                    #expect(abs(a - b) <= limit, "\(i) at \(p)")
                }
            }
        }
    }

    @Test("a resized and cropped camera sees the resized and cropped pixel", arguments: cameras)
    func resizing(camera: Camera) throws {
        for (w, h) in [(320, 240), (1280, 960), (641, 333)] {
            let resized = camera.resized(toWidth: w, height: h)
            #expect(resized.width == w && resized.height == h)
            let point = Vector3(0.4, -0.3, 2)
            let pixel = try #require(camera.project(point))
            let expected = Vector2(
                (pixel.x + 0.5) * Double(w) / 640 - 0.5, (pixel.y + 0.5) * Double(h) / 480 - 0.5)
            #expect((try #require(resized.project(point)) - expected).length < 1e-10)
            let cropped = resized.cropped(x: 7, y: -3, width: 100, height: 90)
            #expect((try #require(cropped.project(point)) - expected + Vector2(7, -3)).length < 1e-10)
            let rebuilt = try Camera(
                model: resized.model, parameters: resized.parameters, width: w, height: h)
            #expect((try #require(rebuilt.project(point)) - expected).length < 1e-10)
        }
        #expect(camera.resized(toWidth: 640, height: 480) == camera)
    }

    @Test("COLMAP's parameters differ by half a pixel, and come back", arguments: cameras)
    func colmap(camera: Camera) throws {
        let theirs = camera.colmapParameters
        let c = camera.model.hasSingleFocalLength ? 1 : 2
        #expect(theirs[c] == camera.principalPoint.x + 0.5 && theirs[c + 1] == camera.principalPoint.y + 0.5)
        #expect(try Camera(colmapModel: camera.model, parameters: theirs, width: 640, height: 480) == camera)
    }

    @Test("COLMAP's name and number lead to the model", arguments: CameraModel.allCases)
    func colmapNames(model: CameraModel) throws {
        #expect(CameraModel(colmapID: model.colmapID) == model)
        for found in [ColmapCameraModel(id: model.colmapID), ColmapCameraModel(name: model.rawValue)] {
            let found = try #require(found)
            #expect((found.id, found.name) == (model.colmapID, model.rawValue))
            #expect(found.parameterCount == model.parameterCount && model.parameterNames.count == model.parameterCount)
        }
    }

    @Test("a model with one focal length has a sibling with two that sees the same", arguments: cameras)
    func twoFocalLengths(camera: Camera) {
        let general = camera.withTwoFocalLengths
        #expect(!general.model.hasSingleFocalLength && general.model.formula == camera.model.formula)
        #expect((general == camera) == !camera.model.hasSingleFocalLength)
        let point = Vector3(0.3, -0.2, 1)
        #expect(general.project(point) == camera.project(point))
        #expect(general.model.formula.general.coefficientCount >= general.model.coefficientCount)
    }

    @Test("what lies straight behind is not seen, and the fisheye alone sees beyond the side", arguments: cameras)
    func behind(camera: Camera) {
        #expect(camera.project(.zero) == nil && camera.project(Vector3(0, 0, -1)) == nil)
        #expect((camera.project(Vector3(1, 0.1, -0.01)) != nil) == camera.seesBehind)
    }
}
