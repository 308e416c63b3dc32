import CAllocationCounter
import Features
import Geometry
import LocalizationOptions
import Localizer
import TestSupport
import Testing

@Suite("The network behind the cheap frames of the sample's second drive", .serialized)
struct NetworkBehindTests {
    private let drive: SampleDrive

    init() throws { drive = try SampleDrive.shared.get() }

    private static let thread = NetworkRunner.thread(priority: 0, processors: [])

    private func localizer(
        _ runner: NetworkRunner, _ change: (inout LocalizerOptions) -> Void = { _ in }
    ) throws -> Localizer {
        var options = LocalizerOptions()
        options.cheapFrames = 2
        change(&options)
        return try Localizer(model: drive.model, map: drive.map, camera: drive.camera, options: options, runner: runner)
    }

    private func localize(_ index: Int, by localizer: Localizer, _ turn: NetworkTurn?) -> Localization {
        localizer.localize(drive.frames[index], captureTime: drive.stamp(index), told: turn)
    }

    /// Frames 0...2 are learned at once; 3 and 4 are followed, and so is 5, which is the first that is due.
    private static let firstDue = 5

    /// What frames do of which the network has seen a picture so many frames later: each third is due.
    private func turn(_ index: Int, delay: Int) -> NetworkTurn {
        let since = index - Self.firstDue - delay
        return since >= 0 && since % (2 + delay) == 0 ? .adopting : .behind
    }

    private func expectEqual(_ one: Localization, _ two: Localization, _ index: Int) {
        #expect(one.source == two.source && one.state == two.state, "frame \(index)")
        #expect(one.cameraFromMap == two.cameraFromMap && one.covariance == two.covariance, "frame \(index)")
        #expect(one.inliers == two.inliers && one.turn == two.turn, "frame \(index)")
    }

    @Test("no frame that is followed waits, whenever the network is done, and all are right", arguments: [1, 2])
    func delays(delay: Int) throws {
        let localizer = try localizer(.adopter)
        var adopted = 0
        for index in drive.frames.indices {
            let turn = turn(index, delay: delay)
            let result = localize(index, by: localizer, turn)
            #expect(drive.isRight(result, index), "frame \(index)")
            #expect((result.source == .followed) == (index >= 3), "frame \(index)")
            #expect(result.turn == turn)
            if result.source == .followed { #expect(result.latencies.localFeatures == 0) }
            if turn == .adopting { adopted += 1 }
        }
        #expect(adopted >= 2)
    }

    @Test("what is adopted is what the network says of that picture: the cheap frames after it stand on it")
    func standing() throws {
        let (other, localizer) = (try localizer(.none), try localizer(.adopter))
        var learned = Localization()
        for index in 0...6 {
            let result = localize(index, by: localizer, turn(index, delay: 1))
            let synchronous = localize(index, by: other, nil)
            if index == Self.firstDue {
                learned = synchronous
                #expect(result.source == .followed && synchronous.source == .cachedPlace)
            }
            if index == 6 {
                #expect(result.turn == .adopting && result.keyframe == learned.keyframe)
                #expect(result.protectionLevel.position >= learned.protectionLevel.position)
                #expect(result.protectionLevel.rotation >= learned.protectionLevel.rotation)
                let (own, pose) = (try #require(result.cameraFromMap), try #require(synchronous.cameraFromMap))
                #expect((own.originInSource - pose.originInSource).length < 0.005)
            }
        }
    }

    @Test("told the same, a thread and who adopts give the same, to the last bit")
    func runners() throws {
        let (one, two) = (try localizer(.adopter), try localizer(Self.thread))
        for index in drive.frames.indices {
            let turn = turn(index, delay: 2)
            expectEqual(localize(index, by: one, turn), localize(index, by: two, turn), index)
        }
    }

    @Test("told nothing, what a thread came to is done again by its turns")
    func live() throws {
        let (live, again) = (try localizer(Self.thread), try localizer(.adopter))
        var turns: [NetworkTurn] = []
        for index in drive.frames.indices {
            let result = localize(index, by: live, nil)
            #expect(drive.isRight(result, index) && (result.source == .followed) == (index >= 3))
            turns.append(result.turn)
            expectEqual(result, localize(index, by: again, result.turn), index)
        }
        // One that takes longer than so many cheap frames is waited for.
        #expect(turns[..<(Self.firstDue + 5)].contains(.adopting))
    }

    @Test("nobody to run it, or told so: frames that are due are learned at once")
    func atOnce() throws {
        let (one, two) = (try localizer(.none), try localizer(.adopter))
        for index in drive.frames.indices {
            let (first, second) = (localize(index, by: one, .behind), localize(index, by: two, .atOnce))
            expectEqual(first, second, index)
            #expect(first.turn == .atOnce && (first.source == .followed) == (index >= 3 && index % 3 != 2))
        }
    }

    @Test("a picture that the network refuses ends what is followed: the frame that comes is learned at once")
    func refused() throws {
        let plain = try localizer(.none)
        var usual = 0
        for index in 0...Self.firstDue { usual = localize(index, by: plain, nil).inliers }
        // Of what is left over enough is followed, but less is recognized than these gates want.
        let localizer = try localizer(.adopter) {
            $0.gates.minimumInliers = usual * 17 / 20
            $0.gates.minimumTrackedInliers = usual * 17 / 20
        }
        for index in 0..<Self.firstDue { _ = localize(index, by: localizer, .behind) }
        var picture = drive.frames[Self.firstDue]
        for y in 0..<480 {
            for x in 0..<640 where (x / 40 + y / 40) % 3 == 0 {
                picture[x, y] = UInt8(truncatingIfNeeded: x &* y &* 37 >> 3)
            }
        }
        let covered = localizer.localize(picture, captureTime: drive.stamp(Self.firstDue), told: .behind)
        #expect(covered.source == .followed)
        let next = localize(6, by: localizer, .adopting)
        #expect(next.source == .cachedPlace || next.source == .retrieval)
        #expect(next.latencies.localFeatures > 0 && drive.isRight(next, 6))
    }

    @Test("a frame that cannot be followed is learned at once, and the picture behind it is dropped")
    func dropped() throws {
        let localizer = try localizer(Self.thread)
        for index in 0...Self.firstDue { _ = localize(index, by: localizer, .behind) }
        let elsewhere = localizer.localize(drive.offMap[8], captureTime: drive.stamp(6), told: .behind)
        #expect(elsewhere.source != .followed && elsewhere.latencies.localFeatures > 0)
        // There is nothing left to adopt.
        let next = localize(7, by: localizer, .adopting)
        #expect(next.turn == .behind && next.latencies.localFeatures > 0)
    }

    @Test("where the state is taken the picture behind the frames is dropped, and both go on alike")
    func state() throws {
        let (live, other) = (try localizer(Self.thread), try localizer(.adopter))
        for index in 0...Self.firstDue { _ = localize(index, by: live, .behind) }
        live.learnNext()
        #expect(other.resume(live.state))
        for index in 6..<drive.frames.count {
            let result = localize(index, by: live, nil)
            #expect((result.source == .followed) == (index > 6))
            expectEqual(result, localize(index, by: other, result.turn), index)
        }
    }

    @Test("frames that ask and adopt allocate nothing once warm", .enabled(if: hf_allocations_counted() != 0))
    func allocations() throws {
        let localizer = try localizer(Self.thread)
        for index in 0..<8 { _ = localize(index, by: localizer, turn(index, delay: 1)) }
        hf_allocations_begin()
        let (asks, adopts) = (localize(8, by: localizer, .behind), localize(9, by: localizer, .adopting))
        let allocations = hf_allocations_end()
        #expect(asks.source == .followed && adopts.source == .followed && adopts.turn == .adopting)
        #expect(allocations == 0)
    }

    @Test("poses of one picture are the same if both can be right")
    func same() {
        let pose = RigidTransform(exp: Twist(translation: Vector3(1, 2, 3), rotation: Vector3(0.1, 0.2, 0.3)))
        func isSame(metres: Double, sigma: Double) -> Bool {
            let moved = RigidTransform(rotation: .identity, translation: Vector3(metres, 0, 0)) * pose
            let covariance = SymmetricMatrix6(
                translation: Matrix3(diagonal: Vector3(1, 1, 1)) * (sigma * sigma), cross: .zero, rotation: .zero)
            return MotionModel.isSame(moved, covariance, as: pose, covariance)
        }
        #expect(isSame(metres: 0.02, sigma: 0))
        #expect(!isSame(metres: 0.1, sigma: 0))
        #expect(isSame(metres: 0.1, sigma: 0.02))
        #expect(!isSame(metres: 0.5, sigma: 0.02))
    }
}
