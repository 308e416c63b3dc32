import Geometry
import Testing
import TestSupport

@Suite struct CameraTests {
    /// One realistic camera of every model, in the order of `CameraModel.allCases`, and two hard ones.
    static let cameras: [Camera] = {
        let list: [(CameraModel, [Double])] = [
            (.simplePinhole, [500, 319.5, 239.5]), (.pinhole, [480, 510, 330, 228]),
            (.simpleRadial, [500, 319.5, 239.5, -0.21]), (.radial, [500, 310, 250, -0.28, 0.07]),
            (.openCV, [458.654, 457.296, 366.715, 247.875, -0.28340811, 0.07395907, 0.00019359, 1.76e-05]),
            (
                .fullOpenCV,
                [610, 612, 322, 241, 0.18, -0.5, 0.0007, -0.0003, 0.42, 0.05, -0.43, 0.39]
            ),
            (
                .openCVFisheye,
                [190.97847715, 190.97330713, 320, 240, 0.0034823894, 0.0007150348, -0.0020532361, 0.0002]
            ),
            (.openCV, [300, 300, 319.5, 239.5, 0.3, 0.1, 0.01, -0.02]),
            (.openCVFisheye, [120, 120, 319.5, 239.5, -0.02, 0.001, 0, 0]),
        ]
        return list.compactMap { try? Camera(model: $0.0, parameters: $0.1, width: 640, height: 480) }
    }()

    @Test("every model is tested")
    func coverage() {
        #expect(Self.cameras.count == 9)
        #expect(Set(Self.cameras.map(\.model)) == Set(CameraModel.allCases))
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
        if camera.model == .openCVFisheye { points += [Vector3(2, 1, 0), Vector3(-2, 1, -0.3)] }
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

    @Test("a full OpenCV projection equals the formula worked by hand")
    func knownValue() throws {
        let camera = try Camera(
            model: .fullOpenCV, parameters: [100, 200, 10, 20, 0.1, 0.2, 0.01, 0.02, 0.3, 0.4, 0.5, 0.6], width: 50,
            height: 50)
        // x = 0.5, y = 0.25, r² = 0.3125: radial (1 + .03125 + .01953125 + .0091552734375) / (1 + .125 +
        // .048828125 + .018310546875) = 1.0599365234375 / 1.192138671875.
        let radial = 1.0599365234375 / 1.192138671875
        let x = 0.5 * radial + 2 * 0.01 * 0.125 + 0.02 * (0.3125 + 0.5)
        let y = 0.25 * radial + 0.01 * (0.3125 + 0.125) + 2 * 0.02 * 0.125
        let pixel = try #require(camera.project(Vector3(1, 0.5, 2)))
        #expect((pixel - Vector2(100 * x + 10, 200 * y + 20)).length < 1e-12)
    }

    @Test("points behind, and beyond where distortion folds back, are not seen")
    func domain() throws {
        for camera in Self.cameras where camera.model != .openCVFisheye {
            #expect(camera.project(Vector3(0.1, 0.1, -1)) == nil)
            #expect(camera.project(Vector3(0.1, 0.1, 0)) == nil)
        }
        // k1 = -0.21: r (1 - 0.21 r²) turns at r = sqrt(1 / 0.63) = 1.2599.
        let radial = Self.cameras[2]
        #expect(radial.project(Vector3(1.259, 0, 1)) != nil)
        #expect(radial.project(Vector3(1.261, 0, 1)) == nil)
        #expect(radial.bearing(of: Vector2(319.5 + 500 * 0.841, 239.5)) == nil)
        #expect(radial.bearing(of: Vector2(319.5 + 500 * 0.839, 239.5)) != nil)
        #expect(radial.bearing(of: Vector2(.nan, 0)) == nil)
        let fisheye = Self.cameras[6]
        #expect(fisheye.project(.zero) == nil)
        #expect(fisheye.project(Vector3(0, 0, -1)) == nil)
        let wide = try #require(fisheye.project(Vector3(1, 0, -0.1)))
        let back = try #require(fisheye.bearing(of: wide))
        #expect((back - Vector3(1, 0, -0.1).normalized).length < 1e-9)
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

    @Test("COLMAP's parameters differ by half a pixel, and come back")
    func colmap() throws {
        for camera in Self.cameras {
            let theirs = camera.colmapParameters
            let c = camera.model.hasSingleFocalLength ? 1 : 2
            #expect(theirs[c] == camera.principalPoint.x + 0.5 && theirs[c + 1] == camera.principalPoint.y + 0.5)
            let back = try Camera(colmapModel: camera.model, parameters: theirs, width: 640, height: 480)
            #expect(back == camera)
            #expect(CameraModel(colmapID: camera.model.colmapID) == camera.model)
        }
        #expect(CameraModel(colmapID: 7) == nil)
    }

    @Test("impossible numbers are named")
    func errors() {
        #expect(throws: CameraError.parameterCount(model: .openCV, expected: 8, found: 4)) {
            try Camera(model: .openCV, parameters: [1, 1, 1, 1], width: 10, height: 10)
        }
        #expect(throws: CameraError.parameter(name: "fy", value: 0)) {
            try Camera(model: .pinhole, parameters: [1, 0, 1, 1], width: 10, height: 10)
        }
        #expect(throws: CameraError.size(width: 0, height: 10)) {
            try Camera(model: .pinhole, parameters: [1, 1, 1, 1], width: 0, height: 10)
        }
        #expect(throws: CameraError.self) {
            try Camera(model: .simpleRadial, parameters: [1, 1, 1, .infinity], width: 10, height: 10)
        }
    }
}
