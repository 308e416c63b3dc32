import Geometry
import GeometryFixtures
import Testing

/// What single models give, and what no model takes.
@Suite struct CameraTests {
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

    @Test("a camera without distortion has gradients by its zero coefficients")
    func zeroCoefficients() throws {
        let camera = try Camera(
            model: .fullOpenCV, parameters: [500, 400, 320, 240, 0, 0, 0, 0, 0, 0, 0, 0], width: 640, height: 480)
        // x = 0.5, y = 0.25, r² = 0.3125.
        let g = camera.parameterGradients(Vector3(1, 0.5, 2))
        #expect(abs(g.x[4] - 500 * 0.5 * 0.3125) < 1e-12 && abs(g.y[4] - 400 * 0.25 * 0.3125) < 1e-12)
        #expect(abs(g.x[6] - 500 * 2 * 0.125) < 1e-12 && abs(g.x[9] + 500 * 0.5 * 0.3125) < 1e-12)
    }

    @Test("what lies beyond where distortion folds back is not seen")
    func domain() throws {
        // k1 = -0.21: r (1 - 0.21 r²) turns at r = sqrt(1 / 0.63) = 1.2599.
        let radial = try Camera(
            model: .simpleRadial, parameters: [500, 319.5, 239.5, -0.21], width: 640, height: 480)
        #expect(radial.project(Vector3(1.259, 0, 1)) != nil)
        #expect(radial.project(Vector3(1.261, 0, 1)) == nil)
        #expect(radial.bearing(of: Vector2(319.5 + 500 * 0.841, 239.5)) == nil)
        #expect(radial.bearing(of: Vector2(319.5 + 500 * 0.839, 239.5)) != nil)
        #expect(radial.bearing(of: Vector2(.nan, 0)) == nil)
        // theta (1 - 0.02 theta² + 0.001 theta⁴) grows up to straight behind.
        let fisheye = try #require(CameraSamples.hard.last)
        for ray in [Vector3(1, 0, -0.1), Vector3(-0.1, 0.2, -1)].map(\.normalized) {
            let pixel = try #require(fisheye.project(ray))
            let back = try #require(fisheye.bearing(of: pixel))
            #expect((back - ray).length < 1e-9)
        }
    }

    @Test("the least general model of a formula is taken that has the coefficients")
    func leastGeneral() {
        #expect(CameraModel(.radialTangential, coefficients: 0) == .pinhole)
        #expect(CameraModel(.radialTangential, coefficients: 1) == .openCV)
        #expect(CameraModel(.radialTangential, coefficients: 5) == .fullOpenCV)
        #expect(CameraModel(.kannalaBrandt, coefficients: 0) == .openCVFisheye)
        #expect(CameraModel(.kannalaBrandt, coefficients: 5) == .openCVFisheye)
    }

    @Test("COLMAP's other models are known by name and number, and not computed with")
    func others() {
        #expect(ColmapCameraModel(name: "BULGE") == nil && ColmapCameraModel(id: -1) == nil)
        // Every number has one model.
        let known = (Int32(0)..<100).compactMap { ColmapCameraModel(id: $0) }
        #expect(known.map(\.id) == Array(0..<18) && Set(known.map(\.name)).count == 18)
        let others = known.filter { CameraModel(rawValue: $0.name) == nil }
        #expect(known.count - others.count == CameraModel.allCases.count)
        for other in others {
            #expect(CameraModel(colmapID: other.id) == nil)
            #expect(ColmapCameraModel(name: other.name)?.parameterCount == other.parameterCount)
        }
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
