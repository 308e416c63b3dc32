import Geometry
import GeometryFixtures
import TestSupport
import Testing

/// Expected values are pymap3d's (3.2), printed with all their digits.
@Suite("Positions on the Earth") struct GeodeticPositionTests {
    private static let known: [(GeodeticPosition, Vector3)] = [
        (
            .init(latitude: 52.1205, longitude: 11.6276, height: 80.5),
            Vector3(3843899.4964141822, 790969.1097446083, 5011110.467175432)
        ),
        (
            .init(latitude: -33.8568, longitude: 151.2153, height: 12.25),
            Vector3(-4646977.553162332, 2553081.818581717, -3533273.9521996705)
        ),
        (.init(latitude: 0, longitude: 0, height: 0), Vector3(6378137, 0, 0)),
        (.init(latitude: 90, longitude: 0, height: -3.5), Vector3(3.9186187816825726e-10, 0, 6356748.81424518)),
        (
            .init(latitude: -89.99999, longitude: 179.5, height: 4000),
            Vector3(-1.1175953716100095, 0.00975310705160452, -6360752.314245082)
        ),
        (
            .init(latitude: 27.9881, longitude: -86.925, height: 8848.86),
            Vector3(302769.9342694975, -5636026.225470084, 2979493.4909365745)
        ),
        (
            .init(latitude: 45, longitude: -179.9999999, height: 30000),
            Vector3(-4538804.082284527, -0.007921707919484718, 4508561.612301516)
        ),
    ]

    @Test("as pymap3d has them, there and back", arguments: known)
    func earthCentred(position: GeodeticPosition, point: Vector3) {
        #expect((position.earthCentred - point).length < 1e-8)
        let back = GeodeticPosition(earthCentred: point)
        #expect((back.earthCentred - point).length < 1e-8)
        #expect(abs(back.latitude - position.latitude) < 1e-13 * 90 && abs(back.height - position.height) < 1e-8)
    }

    @Test("there and back anywhere, from mines to satellites")
    func roundTrip() {
        var g = SeededGenerator("geodetic positions")
        for _ in 0..<2000 {
            let position = GeodeticPosition(
                latitude: g.uniform(-90, 90), longitude: g.uniform(-180, 180), height: g.uniform(-10_000, 400_000))
            let back = GeodeticPosition(earthCentred: position.earthCentred)
            #expect((back.earthCentred - position.earthCentred).length < 1e-8)
            #expect(abs(back.height - position.height) < 1e-8)
        }
    }

    private static let frame = LocalFrame(origin: .init(latitude: 52.1205, longitude: 11.6276, height: 80.5))
    private static let local: [(GeodeticPosition, Vector3)] = [
        (
            .init(latitude: 52.1305, longitude: 11.6376, height: 95),
            Vector3(684.791493494943, 1112.761108845923, 14.366204964843632)
        ),
        (
            .init(latitude: 52.12, longitude: 11.62, height: 70),
            Vector3(-520.5618308853559, -55.60817863292288, -10.521441184044676)
        ),
        (
            .init(latitude: -20, longitude: 100, height: 0),
            Vector3(5993417.35715051, -1444654.8905159947, -7971309.517696727)
        ),
        (
            .init(latitude: 52.102524984460814, longitude: 11.642193844939444, height: 95.89193534305831),
            Vector3(1000, -2000, 15)
        ),
        (
            .init(latitude: 52.83712144220066, longitude: 12.369542614440462, height: 277.99086761683384),
            Vector3(50000, 80000, -500)
        ),
    ]

    @Test("east, north and up as pymap3d has them, there and back", arguments: local)
    func localFrame(position: GeodeticPosition, point: Vector3) {
        #expect((Self.frame.point(position) - point).length < 2e-8)
        let back = Self.frame.position(point)
        #expect((back.earthCentred - position.earthCentred).length < 2e-8)
    }

    @Test("the axes at a position are the derivatives of its coordinates there", arguments: local.map(\.0))
    func axes(position: GeodeticPosition) {
        let there = LocalFrame(origin: position)
        let turn = Self.frame.axes(at: position)
        let start = Self.frame.point(position)
        for axis in [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)] {
            let moved = there.point(Self.frame.position(start + axis))
            #expect((moved - turn * axis).length < 1e-8)
        }
        #expect(difference(turn * turn.transpose, .identity) < 1e-14)
    }

    @Test("what is no position is told")
    func validity() {
        #expect(GeodeticPosition(latitude: 90, longitude: -180, height: 0).isValid)
        #expect(!GeodeticPosition(latitude: 90.001, longitude: 0, height: 0).isValid)
        #expect(!GeodeticPosition(latitude: 0, longitude: 181, height: 0).isValid)
        #expect(!GeodeticPosition(latitude: 0, longitude: 0, height: 1e6).isValid)
        #expect(!GeodeticPosition(latitude: .nan, longitude: 0, height: 0).isValid)
    }
}
