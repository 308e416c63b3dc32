import Geometry
import Integrity
import MapFixtures
import Mapping
import ReferenceMap
import Testing
import TestSupport

@Suite("Leave-one-out") struct LeaveOneOutTests {
    /// The map of a scene, checked.
    private func check(
        _ scene: SyntheticScene, threads: Int? = nil
    ) throws -> (rows: [LeftOutKeyframe], check: MapCheck) {
        var summary = MappingSummary()
        let contents = MapBuilder().build(
            scene.images, cameras: scene.cameras, network: MapBuilderTests.network, summary: &summary)
        let scratch = Scratch()
        let path = "\(scratch.path)/scene.hfmap"
        try contents.write(to: path)
        let map = try ReferenceMap(opening: path)
        let rows = LeaveOneOut(map: map, threads: threads).rows()
        return (rows, MapCheck(rows, keyframeCount: map.keyframeCount, diagnosis: summary.diagnosis))
    }

    @Test("the keyframes of a right map are found where they are, for any number of threads")
    func right() throws {
        let scene = try SyntheticScene(named: "leave one out", images: 10, noise: 0.5)
        let (rows, check) = try check(scene, threads: 1)
        let quality = check.quality
        #expect(quality.verdict == .good && quality.tried == 10 && quality.found == 10 && quality.ambiguous == 0)
        #expect(quality.positionError.median < 0.02 && quality.positionError.worst < 0.1)
        #expect(quality.positionFactor < 4 && quality.rotationFactor < 4 && quality.calibrationFactor < 4)
        #expect(quality.focalSpread < 0.01 && quality.purity.low > 0.9)
        #expect(check.keyframes.allSatisfy { $0.isTried && $0.isFound && $0.purity > 0.9 })
        let again = try self.check(scene, threads: 3)
        #expect(again.check.quality == quality && again.check.keyframes == check.keyframes)
        #expect(rows.map(\.inliers) == again.rows.map(\.inliers))
    }

    @Test("a map that has a place twice is as exact as with it once, and ambiguous everywhere")
    func twice() throws {
        let scene = try SyntheticScene(named: "leave one out", images: 10, noise: 0.5)
        var summary = MappingSummary()
        let contents = MapBuilder().build(
            scene.images, cameras: scene.cameras, network: MapBuilderTests.network, summary: &summary)
        let scratch = Scratch()
        try contents.write(to: "\(scratch.path)/scene.hfmap")
        let map = try TwiceMap.make(of: ReferenceMap(opening: "\(scratch.path)/scene.hfmap"))
        let check = MapCheck(LeaveOneOut(map: map).rows(), keyframeCount: map.keyframeCount)
        #expect(check.contradiction == nil && check.quality.verdict == .good, "\(check.quality)")
        #expect(check.quality.found == 20 && check.quality.ambiguous == 20)
        #expect(check.quality.positionError.worst < 0.1)
    }

    @Test("a keyframe whose pose is off is found where it is, not where it is said to be")
    func wrongPose() throws {
        var scene = try SyntheticScene(named: "one is off", images: 10, noise: 0.5)
        // By less than its matches' tolerance.
        let off = RigidTransform(rotation: Rotation(exp: Vector3(0, 0.001, 0)), translation: Vector3(0.012, 0, 0.012))
        scene.images[4].cameraFromMap = off * scene.images[4].cameraFromMap
        let rows = try check(scene).rows
        #expect(rows.count == 10)
        let moved = try #require(rows[4].error)
        let others = try rows.filter { $0.keyframe != 4 }.map { try #require($0.error).positionError.length }.sorted()
        #expect(moved.positionError.length > 2 * others[others.count / 2], "\(moved.positionError), \(others)")
    }

    @Test("poses that are all off make a map that is not good")
    func noise() throws {
        var random = SeededGenerator("all are off")
        var scene = try SyntheticScene(named: "all are off", images: 10, noise: 0.5)
        for index in scene.images.indices {
            let turn = Vector3(random.nextGaussian(), random.nextGaussian(), random.nextGaussian()) * 0.0175
            scene.images[index].cameraFromMap =
                RigidTransform(rotation: Rotation(exp: turn), translation: .zero) * scene.images[index].cameraFromMap
        }
        let quality = try check(scene).check.quality
        #expect(quality.verdict != .good, "\(quality)")
    }
}
