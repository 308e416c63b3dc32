import Configuration
import Geometry
import Testing

@Suite("How sure a camera file is of its intrinsics")
struct IntrinsicCovarianceTests {
    private func camera() throws -> Camera {
        try Camera(model: .pinhole, parameters: [400, 500, 319.5, 239.5], width: 640, height: 480)
    }

    @Test("of two focal lengths the mean of their logarithms, the principal point in the image's pixels")
    func full() throws {
        var record = CalibrationRecord()
        record.covariance = [[4, 0.5, 1, 0], [0.5, 1, 0, 0], [1, 0, 9, 2], [0, 0, 2, 16]]
        let found = record.intrinsicCovariance(of: try camera(), focalLength: Vector2(200, 250))
        let focal = 0.25 * (4 / 160_000.0 + 1 / 250_000.0 + 2 * 0.5 / 200_000.0)
        #expect(abs(found[0, 0] - focal) < 1e-15)
        #expect(found[1, 1] == 9 * 0.25 && found[2, 2] == 16 * 0.25 && found[1, 2] == 0.5 && found[2, 1] == 0.5)
        // cx with fx alone: half of 1 / 400, times half a pixel.
        #expect(abs(found[0, 1] - 1 / 800.0 * 0.5) < 1e-15 && found[0, 1] == found[1, 0] && found[0, 2] == 0)
    }

    @Test("deviations alone are taken without correlations; nothing stated is nothing known")
    func partly() throws {
        var record = CalibrationRecord()
        #expect(record.intrinsicCovariance(of: try camera(), focalLength: Vector2(400, 500)) == .zero)
        record.standardDeviations = [2, 2.5, 3, 4]
        let found = record.intrinsicCovariance(of: try camera(), focalLength: Vector2(400, 500))
        #expect(abs(found[0, 0] - 0.25 * (2 * 0.005 * 0.005)) < 1e-15)
        #expect(found[1, 1] == 9 && found[2, 2] == 16 && found[0, 1] == 0)
    }

    @Test("a model with one focal length")
    func single() throws {
        let camera = try Camera(model: .simpleRadial, parameters: [400, 319.5, 239.5, 0.01], width: 640, height: 480)
        var record = CalibrationRecord()
        record.standardDeviations = [2, 3, 4, 0.1]
        let found = record.intrinsicCovariance(of: camera, focalLength: Vector2(400, 400))
        #expect(abs(found[0, 0] - 0.005 * 0.005) < 1e-15 && found[1, 1] == 9 && found[2, 2] == 16)
    }
}
