import CAllocationCounter
import Features
import Geometry
import LocalizationOptions
import Localizer
import Testing

/// The prediction is wrong: the camera has jumped, stopped or turned round.
@Suite("A tracked place that is not where it was predicted", .serialized)
struct LostHoldTests {
    private let drive: SampleDrive
    private let localizer: Localizer

    init() throws {
        drive = try SampleDrive.shared.get()
        var options = LocalizerOptions()
        (options.agreement, options.gates.maximumRepetitions) = (1, 1)
        localizer = try drive.localizer(options)
    }

    private func localize(_ index: Int, at step: Int) -> Localization {
        localizer.localize(drive.frames[index], captureTime: drive.stamp(step))
    }

    @Test(
        "after a jump within the cached place the pose is right without the global branch, and gives no velocity",
        arguments: [6, 8])
    func jump(to index: Int) {
        for step in 0..<3 { _ = localize(step, at: step) }
        let jumped = localize(index, at: 3)
        #expect(drive.isRight(jumped, index))
        #expect(jumped.source == .cachedPlace && jumped.latencies.globalDescriptor == 0)
        #expect(jumped.resetCounter == 2)
        for step in 1...3 {
            let next = localize(index + step, at: 3 + step)
            #expect(drive.isRight(next, index + step))
            #expect(next.source == .cachedPlace && next.latencies.globalDescriptor == 0)
            #expect(next.resetCounter == 2)
        }
    }

    @Test("to and fro at any pace: every pose is within 2 cm, however wrong the prediction was")
    func pace() {
        let order = [0, 1, 2, 7, 6, 5, 0, 4, 8, 11, 11, 3, 9, 1, 0]
        for (step, index) in order.enumerated() {
            let result = localize(index, at: step)
            let error = result.cameraFromMap.map { ($0.originInSource - drive.truth[index].originInSource).length }
            #expect((error ?? .infinity) < 0.02, "frame \(index) at step \(step)")
        }
    }

    @Test("looking around allocates nothing once warm")
    func allocations() {
        for (step, index) in [0, 1, 2, 8, 2, 3, 4].enumerated() { _ = localize(index, at: step) }
        hf_allocations_begin()
        let result = localize(9, at: 7)
        let allocations = hf_allocations_end()
        #expect(drive.isRight(result, 9))
        #expect(result.latencies.globalDescriptor == 0)
        #expect(allocations == 0)
    }
}
