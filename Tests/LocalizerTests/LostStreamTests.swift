import CAllocationCounter
import Features
import LocalizationOptions
import Localizer
import Testing

@Suite("A camera that leaves the map and comes back", .serialized)
struct LostStreamTests {
    private let drive: SampleDrive
    private let budget = LocalizerOptions().lostVerifications

    init() throws { drive = try SampleDrive.shared.get() }

    /// What the frames off the map give, with stamps that go on from `step`.
    private func leave(_ localizer: Localizer, at step: Int) -> [Localization] {
        drive.offMap.enumerated().map { localizer.localize($1, captureTime: drive.stamp(step + $0)) }
    }

    @Test("publishes nothing there, and searches within its budget from the second frame on")
    func away() throws {
        var options = LocalizerOptions()
        options.agreement = 1
        let localizer = try drive.localizer(options)
        for index in 0..<3 { _ = localizer.localize(drive.frames[index], captureTime: drive.stamp(index)) }
        let lost = leave(localizer, at: 3)
        #expect(lost.count >= 15)
        #expect(lost.allSatisfy { $0.state == .lost && $0.cameraFromMap == nil && $0.failedGate != .none })
        #expect(lost[0].verifications > budget)
        #expect(lost.dropFirst().allSatisfy { (0...budget).contains($0.verifications) })
        let back = localizer.localize(drive.frames[3], captureTime: drive.stamp(3 + lost.count))
        #expect(drive.isRight(back, 3) && back.source == .retrieval && back.verifications <= budget)
        let next = localizer.localize(drive.frames[4], captureTime: drive.stamp(4 + lost.count))
        #expect(drive.isRight(next, 4) && next.verifications == 0)
    }

    @Test("searches all places in the first frame after a loss, after forgetting, and where each image stands alone")
    func whole() throws {
        let localizer = try drive.localizer()
        let first = leave(localizer, at: 0)[0].verifications
        #expect(first > budget)
        localizer.forget()
        #expect(leave(localizer, at: 20)[0].verifications == first)
        for index in drive.frames.indices {
            localizer.forget()
            #expect(drive.isRight(localizer.localize(drive.frames[index], captureTime: drive.stamp(index)), index))
        }
    }

    @Test("is found within a few frames even where only a step in turn can find it: by all keypoints")
    func inTurn() throws {
        var options = LocalizerOptions()
        options.firstKeypoints = 8
        // It is shown one picture again and again.
        options.gates.maximumRepetitions = 100
        let (one, other) = (try drive.localizer(options), try drive.localizer(options))
        _ = (leave(one, at: 0), leave(other, at: 0))
        let step = drive.offMap.count
        let most = 2 * options.priors
        for frame in 0..<most {
            let result = one.localize(drive.frames[3], captureTime: drive.stamp(step + frame))
            let again = other.localize(drive.frames[3], captureTime: drive.stamp(step + frame))
            #expect(result.cameraFromMap == again.cameraFromMap && result.verifications == again.verifications)
            #expect(result.verifications <= budget)
            if result.cameraFromMap == nil { continue }
            #expect(drive.isRight(result, 3))
            return
        }
        Issue.record("not found within \(most) frames")
    }

    @Test("allocates nothing while lost, once warm")
    func allocations() throws {
        let localizer = try drive.localizer()
        _ = leave(localizer, at: 0)
        hf_allocations_begin()
        let result = localizer.localize(drive.offMap[0], captureTime: drive.stamp(drive.offMap.count))
        let allocations = hf_allocations_end()
        #expect(result.state == .lost && result.verifications > 0)
        #expect(allocations == 0)
    }
}
