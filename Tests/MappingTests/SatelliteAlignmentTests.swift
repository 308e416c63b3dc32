import Geometry
import GeometryFixtures
import Mapping
import TestSupport
import Testing

/// Cameras of a drive whose true place on the Earth is known, and fixes with noise and outliers.
@Suite("Aligning poses with satellite fixes") struct SatelliteAlignmentTests {
    /// A drive: a path from 0 to 1, metres, with z up.
    private struct Drive: Sendable {
        var name: String
        var count = 200
        var noise = 1.0
        var outliers = 0.1
        var path: @Sendable (Double) -> Vector3
    }

    private static let loop = Drive(name: "loop") { s in
        let turn = sineAndCosine(2 * .pi * s)
        return Vector3(160 * turn.cosine, 100 * turn.sine, 3 * turn.sine)
    }
    private static let straight = Drive(name: "straight") { Vector3(1000 * $0, 0, 0) }

    private static let truth = Similarity(
        scale: 0.25, rotation: Rotation(exp: Vector3(0.3, -2.1, 0.9)), translation: Vector3(40, -900, 12))

    /// Cameras that look along the path and stand upright but for a degree or so, in a frame that the truth brings to
    /// east, north and up.
    private static func pairs(_ drive: Drive, scale: Double = truth.scale) -> [SatelliteAlignment.Pair] {
        var g = SeededGenerator(drive.name)
        var truth = Self.truth
        truth.scale = scale
        return (0..<drive.count).map { index in
            let s = Double(index) / Double(drive.count)
            let (here, ahead) = (drive.path(s), drive.path(s + 1e-3))
            let forward = (ahead - here).normalized
            let right = forward.cross(Vector3(0, 0, 1)).normalized
            let axes = Matrix3(rows: right, forward.cross(right), forward)
            let shake = Rotation(exp: Vector3(g.normal(), g.normal(), g.normal()) * 0.02)
            let cameraFromLocal = shake * Rotation(matrix: axes)
            let cameraFromMap = cameraFromLocal * truth.rotation
            let centre = truth.rotation.inverse * (here - truth.translation) / scale
            var error = Vector3(g.normal(), g.normal(), 2 * g.normal()) * drive.noise
            if g.uniform(0, 1) < drive.outliers { error += g.direction() * 20 }
            return .init(
                cameraFromMap: RigidTransform(rotation: cameraFromMap, translation: -(cameraFromMap * centre)),
                point: here + error, sigma: Vector3(1, 1, 2) * drive.noise)
        }
    }

    private static func largestMiss(
        _ found: SatelliteAlignment, _ drive: Drive, _ pairs: [SatelliteAlignment.Pair]
    ) -> Double {
        pairs.enumerated().map { index, pair in
            let place = drive.path(Double(index) / Double(drive.count))
            return (found.localFromMap * pair.cameraFromMap.originInSource - place).length
        }.max() ?? .infinity
    }

    @Test(
        "a metre of noise across, two up and a tenth of outliers by 20 m leave less than one at the far end",
        arguments: [true, false])
    func loop(freesScale: Bool) throws {
        let pairs = Self.pairs(Self.loop, scale: freesScale ? 0.25 : 1)
        let found = try #require(SatelliteAlignment(pairs, freesScale: freesScale))
        #expect(Self.largestMiss(found, Self.loop, pairs) < 1)
        #expect(abs(found.localFromMap.scale / (freesScale ? 0.25 : 1) - 1) < 0.003)
        #expect((0.85...0.95).contains(Double(found.isInlier.count { $0 }) / Double(pairs.count)))
        #expect(found.headingSigma < 0.002 && found.tiltSigma < 0.004)
    }

    @Test("on a straight road level cameras decide the turn about it")
    func straight() throws {
        let pairs = Self.pairs(Self.straight, scale: 1)
        let found = try #require(SatelliteAlignment(pairs, freesScale: false))
        #expect(Self.largestMiss(found, Self.straight, pairs) < 0.7)
        let roll = (found.localFromMap.rotation * Self.truth.rotation.inverse).log
        #expect(abs(roll.x) < 0.02, "about the road: \(roll.x) rad")
        #expect((0.02...0.06).contains(found.tiltSigma), "no more is claimed than is assumed: \(found.tiltSigma)")
    }

    @Test("stated deviations are those of many draws")
    func deviations() throws {
        var turns: [Double] = []
        var claimed = 0.0
        for seed in 0..<60 {
            var drive = Self.loop
            (drive.name, drive.outliers, drive.count) = ("draw \(seed)", 0, 60)
            let found = try #require(SatelliteAlignment(Self.pairs(drive, scale: 1), freesScale: false))
            turns.append((found.localFromMap.rotation * Self.truth.rotation.inverse).log.z)
            claimed = found.headingSigma
        }
        let actual = (turns.reduce(0) { $0 + $1 * $1 } / Double(turns.count)).squareRoot()
        #expect((0.75...1.35).contains(actual / claimed), "\(actual) against \(claimed)")
    }

    @Test("what fixes do not determine is told")
    func undetermined() {
        var pairs = Self.pairs(Self.loop)
        #expect(SatelliteAlignment(Array(pairs.prefix(2)), freesScale: false) == nil)
        let pose = pairs[0].cameraFromMap
        for index in pairs.indices { pairs[index].cameraFromMap = pose }
        #expect(SatelliteAlignment(pairs, freesScale: true) == nil)
        var short = Self.loop
        short.path = { Vector3(2 * $0, 0, 0) }
        let found = SatelliteAlignment(Self.pairs(short, scale: 1), freesScale: false)
        #expect(found.map { $0.headingSigma > 0.05 } ?? true)
    }

    @Test("a similarity moves points and poses alike")
    func similarity() {
        var g = SeededGenerator("similarities")
        for _ in 0..<100 {
            let pose = RigidTransform(rotation: Rotation(exp: g.direction() * 2), translation: g.direction() * 5)
            let point = g.direction() * 30
            let moved = Self.truth.pose(pose) * (Self.truth * point)
            #expect((moved - pose * point * Self.truth.scale).length < 1e-10)
        }
        #expect(Similarity.identity * Vector3(1, 2, 3) == Vector3(1, 2, 3))
    }
}
