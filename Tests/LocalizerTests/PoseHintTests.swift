import CAllocationCounter
import Features
import Geometry
import LocalizationOptions
import Localizer
import ReferenceMap
import Testing

@Suite("A place that another session remembers, or that somebody states", .serialized)
struct PoseHintTests {
    private let drive: SampleDrive
    private let localizer: Localizer
    /// Every frame by itself.
    private var alone = LocalizerOptions()
    private let blank = GreyImage(width: 640, height: 480, filledWith: 90)

    init() throws {
        drive = try SampleDrive.shared.get()
        alone.agreement = 1
        localizer = try drive.localizer(alone)
    }

    private func localize(_ index: Int) -> Localization {
        localizer.localize(drive.frames[index], captureTime: drive.stamp(index))
    }

    /// The keyframe farthest from the first frame's camera, and its pose: where the camera is not.
    private var wrongPlace: LastPose {
        let here = drive.truth[0].originInSource
        let distances = (0..<drive.map.keyframeCount).map {
            (drive.map.cameraFromMap(ofKeyframe: $0).originInSource - here).length
        }
        let farthest = distances.indices.max { distances[$0] < distances[$1] } ?? 0
        return LastPose(reference: farthest, cameraFromMap: drive.map.cameraFromMap(ofKeyframe: farthest))
    }

    @Test("a new localizer begins at the place of the one before, checked against retrieval; the next frame is tracked")
    func remembered() throws {
        _ = localize(0)
        let place = try #require(localizer.lastPose)
        let next = try drive.localizer(alone)
        next.continueCounting(resets: 7)
        #expect(next.begin(at: place, hint: .remembered))
        #expect(next.lastPose == nil, "not confirmed yet")
        let first = next.localize(drive.frames[1], captureTime: drive.stamp(1))
        #expect(first.latencies.globalDescriptor > 0)
        #expect(first.resetCounter == 8)
        #expect(drive.isRight(first, 1))
        let second = next.localize(drive.frames[2], captureTime: drive.stamp(2))
        #expect(second.source == .cachedPlace && second.latencies.globalDescriptor == 0)
        #expect(second.resetCounter == 8)
        #expect(drive.isRight(second, 2))
    }

    @Test(
        "a wrong place never gives a wrong pose: retrieval answers in the same frame",
        arguments: [PoseHint.remembered, .stated])
    func wrong(hint: PoseHint) {
        let place = wrongPlace
        #expect((place.cameraFromMap.originInSource - drive.truth[0].originInSource).length > 15)
        localizer.begin(at: place, hint: hint)
        let first = localize(0)
        #expect(first.source == .retrieval)
        #expect(drive.isRight(first, 0))
        #expect(drive.isRight(localize(1), 1))
    }

    @Test("a right keyframe with a pose several metres and degrees off is found all the same")
    func stale() throws {
        _ = localize(0)
        var place = try #require(localizer.lastPose)
        let twist = Twist(translation: Vector3(2, -1, 3), rotation: Vector3(0.05, 0.2, -0.1))
        place.cameraFromMap = RigidTransform(exp: twist) * place.cameraFromMap
        localizer.begin(at: place, hint: .remembered)
        let found = localize(1)
        #expect(drive.isRight(found, 1))
    }

    @Test("a stated pose finds the nearest keyframe that looks the same way")
    func near() {
        for keyframe in stride(from: 0, to: drive.map.keyframeCount, by: 7) {
            let pose = drive.map.cameraFromMap(ofKeyframe: keyframe)
            let offset = RigidTransform(exp: Twist(translation: Vector3(0.02, 0, 0), rotation: Vector3(0, 0.02, 0)))
            let place = LastPose(near: offset * pose, in: drive.map)
            let found = drive.map.cameraFromMap(ofKeyframe: place.reference)
            #expect((found.originInSource - pose.originInSource).length < 0.05)
            #expect((found.rotation * pose.rotation.inverse).angle < .pi / 3)
        }
    }

    @Test("a stated place that shows nothing is forgotten after a few frames, and then nothing is remembered")
    func nothing() {
        localizer.begin(at: wrongPlace, hint: .stated)
        for index in 0..<6 {
            let result = localizer.localize(blank, captureTime: drive.stamp(index))
            #expect(result.state == .lost && result.cameraFromMap == nil)
        }
        #expect(localizer.lastPose == nil)
        #expect(drive.isRight(localize(7), 7))
    }

    @Test("a place that the map does not have is refused", arguments: [-1, 1_000_000, Int.min, Int.max])
    func foreign(reference: Int) {
        #expect(!localizer.begin(at: LastPose(reference: reference, cameraFromMap: .identity), hint: .remembered))
        let far = RigidTransform(rotation: .identity, translation: Vector3(.nan, 0, 0))
        #expect(!localizer.begin(at: LastPose(reference: 0, cameraFromMap: far), hint: .stated))
    }

    @Test("beginning at a place allocates nothing once warm")
    func allocations() throws {
        for index in 0..<3 { _ = localize(index) }
        localizer.forget()
        _ = localize(3)
        let place = try #require(localizer.lastPose)
        hf_allocations_begin()
        localizer.begin(at: place, hint: .remembered)
        let result = localize(4)
        let allocations = hf_allocations_end()
        #expect(result.cameraFromMap != nil)
        #expect(allocations == 0)
    }
}
