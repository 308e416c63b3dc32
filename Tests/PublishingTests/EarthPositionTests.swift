import Geometry
import Publishing
import Testing

/// What `hfloc.v1.EarthPosition` says of a pose in a map that lies on the Earth. End-to-end tests compare it with
/// pymap3d.
@Suite("A pose on the Earth")
struct EarthPositionTests {
    private static let origin = GeodeticPosition(latitude: 48.25, longitude: 11.5, height: 520)

    private func pose(_ x: Double, _ y: Double, _ z: Double) -> LocalizationMessage.Pose {
        var covariance = InlineArray<36, Double>(repeating: 0)
        for (index, value) in [0.04, 0.01, 0.09, 1, 1, 1].enumerated() { covariance[7 * index] = value }
        (covariance[1], covariance[6]) = (0.005, 0.005)
        return .init(position: .init(x: x, y: y, z: z), orientation: .init(w: 1), covariance: covariance)
    }

    @Test("at the origin is the origin, with the covariance of the position alone")
    func origin() {
        let earth = LocalizationMessage.EarthPosition(LocalFrame(origin: Self.origin), pose(0, 0, 0))
        #expect(abs(earth.latitude - 48.25) < 1e-12 && abs(earth.longitude - 11.5) < 1e-12)
        #expect(abs(earth.height - 520) < 1e-6)
        let expected = [0.04, 0.005, 0, 0.005, 0.01, 0, 0, 0, 0.09]
        for index in 0..<9 { #expect(abs(earth.covariance[index] - expected[index]) < 1e-12) }
    }

    @Test("a thousand kilometres off has the axes of where it is")
    func axes() {
        let frame = LocalFrame(origin: Self.origin)
        let far = frame.point(GeodeticPosition(latitude: 57.25, longitude: 11.5, height: 100))
        let earth = LocalizationMessage.EarthPosition(frame, pose(far.x, far.y, far.z))
        #expect(abs(earth.latitude - 57.25) < 1e-9 && abs(earth.longitude - 11.5) < 1e-9)
        // Nine degrees further north, the map's up leans north: a part of the height's variance is north's.
        let (s, c) = (sineAndCosine(9 * Double.pi / 180).sine, sineAndCosine(9 * Double.pi / 180).cosine)
        #expect(abs(earth.covariance[0] - 0.04) < 1e-9)
        #expect(abs(earth.covariance[4] - (c * c * 0.01 + s * s * 0.09)) < 1e-9)
        #expect(abs(earth.covariance[5] - earth.covariance[7]) == 0)
    }
}
