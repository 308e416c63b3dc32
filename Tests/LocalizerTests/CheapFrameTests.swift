import CAllocationCounter
import Features
import Geometry
import Integrity
import LocalizationOptions
import Localizer
import TestSupport
import Testing

@Suite("Cheap frames of the sample's second drive", .serialized)
struct CheapFrameTests {
    private let drive: SampleDrive
    private let localizer: Localizer

    init() throws {
        drive = try SampleDrive.shared.get()
        localizer = try drive.localizer(Self.options(2))
    }

    private static func options(_ cheapFrames: Int) -> LocalizerOptions {
        var options = LocalizerOptions()
        options.cheapFrames = cheapFrames
        return options
    }

    private func localize(_ index: Int, by other: Localizer? = nil, motion: RigidTransform? = nil) -> Localization {
        (other ?? localizer).localize(
            drive.frames[index], captureTime: drive.stamp(index), motion: motion)
    }

    /// Frames 0...3: the third is the first that is followed.
    private func begin() { for index in 0..<4 { _ = localize(index) } }

    @Test("two of three are followed once frames agree; all are right, and none is more certain than its learned one")
    func following() {
        var learned = Localization()
        for index in drive.frames.indices {
            let result = localize(index)
            #expect(drive.isRight(result, index))
            #expect((result.source == .followed) == (index >= 3 && index % 3 != 2))
            if result.source == .followed {
                #expect(result.state == .localized)
                #expect(result.latencies.localFeatures == 0)
                #expect(result.protectionLevel.position >= learned.protectionLevel.position)
                #expect(result.protectionLevel.rotation >= learned.protectionLevel.rotation)
                #expect(result.keyframe == learned.keyframe)
                #expect(result.inliers <= result.matches && result.inliers <= result.landmarksInView)
            } else {
                learned = result
            }
        }
    }

    @Test("none is followed by default")
    func off() throws {
        let other = try drive.localizer()
        for index in drive.frames.indices { #expect(localize(index, by: other).source != .followed) }
    }

    @Test("a cheap frame, and a learned one after it, allocate nothing once warm")
    func allocations() {
        for index in 0..<6 { _ = localize(index) }
        hf_allocations_begin()
        let (first, second, third) = (localize(6), localize(7), localize(8))
        let allocations = hf_allocations_end()
        #expect(first.source == .followed && second.source == .followed)
        #expect(third.source == .cachedPlace)
        #expect(allocations == 0)
    }

    @Test("what a frame was recognized by are the landmarks that were found")
    func sketch() {
        for index in 0..<4 { _ = localize(index) }
        let result = localize(4)
        var sketch = FrameSketch(capacity: 1000)
        localizer.sketch(of: result, into: &sketch)
        #expect(result.source == .followed)
        #expect(sketch.keypoints.count == result.matches)
        #expect(sketch.fates.count { $0 == .inlier } >= result.inliers)
    }

    @Test("after the state was taken the network sees the next frame, and both go on alike")
    func state() throws {
        let other = try drive.localizer(Self.options(2))
        begin()
        localizer.learnNext()
        #expect(other.resume(localizer.state))
        for index in 4..<8 {
            let (one, two) = (localize(index), localize(index, by: other))
            #expect(one.source == two.source)
            // Frame 4 would have been followed.
            #expect((one.source == .followed) == (index == 5 || index == 6))
            #expect(one.cameraFromMap == two.cameraFromMap)
            #expect(one.covariance == two.covariance)
        }
    }

    @Test("a picture of elsewhere, or a covered one, is seen by the network", arguments: ["elsewhere", "covered"])
    func refused(kind: String) {
        begin()
        var picture = drive.offMap[8]
        if kind == "covered" {
            picture = drive.frames[4]
            for y in 0..<480 { for x in 0..<520 { picture[x, y] = UInt8(truncatingIfNeeded: x &* y &* 37 >> 3) } }
        }
        let result = localizer.localize(picture, captureTime: drive.stamp(4))
        #expect(result.source != .followed)
        #expect(result.latencies.localFeatures > 0)
    }

    @Test("a picture whose lower half is of elsewhere is seen by the network")
    func torn() {
        begin()
        var picture = drive.frames[4]
        let other = drive.offMap[8]
        for y in 240..<480 { for x in 0..<640 { picture[x, y] = other[x, y] } }
        #expect(localizer.localize(picture, captureTime: drive.stamp(4)).source != .followed)
    }

    @Test("a repeated picture is an input that fails, not a frame to follow")
    func frozen() {
        begin()
        let result = localizer.localize(drive.frames[3], captureTime: drive.stamp(4))
        #expect(result.state == .lost)
        #expect(result.defect == .repeated)
    }

    @Test("a motion that is off by tens of pixels gives the right pose, or none", arguments: [10, 30, 60, 120])
    func wrongMotion(pixels: Int) {
        begin()
        let turn = Double(pixels) / drive.camera.focalLength.x
        let moved = RigidTransform(exp: Twist(translation: .zero, rotation: Vector3(0, turn, 0)))
        let result = localize(4, motion: moved)
        #expect(result.cameraFromMap == nil || drive.isRight(result, 4))
    }

    @Test("a learned pose that is in doubt is not followed")
    func doubt() throws {
        var options = Self.options(2)
        options.degradation.minimumInliers = 5000
        let other = try drive.localizer(options)
        for index in drive.frames.indices { #expect(localize(index, by: other).source != .followed) }
    }

    @Test("a covariance that is carried says that a turn moves aside what is ahead")
    func carried() {
        var random = SeededGenerator("carried")
        func vector() -> Vector3 { Vector3((0..<3).map { _ in Double.random(in: -1...1, using: &random) }) }
        var covariance = SymmetricMatrix6.zero
        for _ in 0..<7 { covariance.addOuter(Twist(translation: vector(), rotation: vector())) }
        let way = vector()
        let carried = covariance.carried(by: way)
        // Of `v` it says `uᵀ M u`, u what `v` is to the errors before: δc' = δc + δθ × way.
        for _ in 0..<10 {
            let v = Twist(translation: vector(), rotation: vector())
            let u = Twist(translation: v.translation, rotation: v.rotation + way.cross(v.translation))
            let (one, two) = ((carried * v).dot(v), (covariance * u).dot(u))
            #expect(abs(one - two) < 1e-12)
        }
    }
}
