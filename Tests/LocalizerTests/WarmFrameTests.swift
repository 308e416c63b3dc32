import CAllocationCounter
import Features
import Localizer
import Testing

@Suite("Frames of the sample's second drive", .serialized)
struct WarmFrameTests {
    private let drive: SampleDrive
    private let localizer: Localizer
    private let blank = GreyImage(width: 640, height: 480, filledWith: 90)

    init() throws {
        drive = try SampleDrive.shared.get()
        localizer = try drive.localizer()
    }

    @Test("until three frames agree each comes through retrieval, degraded; then they are tracked; all are right")
    func tracking() {
        for index in drive.frames.indices {
            let result = localizer.localize(drive.frames[index], captureTime: drive.stamp(index))
            #expect(result.state == (index < 2 ? .degraded : .localized))
            #expect(result.failedGate == (index < 2 ? .agreement : .none))
            #expect(drive.isRight(result, index))
            #expect(result.source == (index < 3 ? .retrieval : .cachedPlace))
            #expect((result.latencies.globalDescriptor > 0) == (index < 3))
            #expect(result.resetCounter == 1)
        }
    }

    @Test("a tracked frame allocates nothing once warm")
    func warmTracking() {
        for index in 0..<4 { _ = localizer.localize(drive.frames[index], captureTime: drive.stamp(index)) }
        hf_allocations_begin()
        let result = localizer.localize(drive.frames[4], captureTime: drive.stamp(4))
        let allocations = hf_allocations_end()
        #expect(result.source == .cachedPlace)
        #expect(allocations == 0)
    }

    @Test("a frame through retrieval allocates nothing once warm, localized or lost")
    func warmRetrieval() {
        for index in 0..<4 {
            localizer.forget()
            _ = localizer.localize(drive.frames[index], captureTime: drive.stamp(index))
        }
        localizer.forget()
        hf_allocations_begin()
        let found = localizer.localize(drive.frames[4], captureTime: drive.stamp(4))
        let lost = localizer.localize(blank, captureTime: drive.stamp(5))
        let allocations = hf_allocations_end()
        #expect(found.source == .retrieval)
        #expect(lost.state == .lost)
        #expect(allocations == 0)
    }

    @Test("a blank frame is lost and says why; the next good one is localized again")
    func loss() {
        _ = localizer.localize(drive.frames[0], captureTime: drive.stamp(0))
        let lost = localizer.localize(blank, captureTime: drive.stamp(1))
        #expect(lost.state == .lost)
        #expect(lost.cameraFromMap == nil)
        #expect(lost.failedGate != .none)
        let found = localizer.localize(drive.frames[2], captureTime: drive.stamp(2))
        #expect(drive.isRight(found, 2))
    }

    @Test("after a long loss the place is forgotten, and retrieval finds the camera in one frame", arguments: [5, 20])
    func longLoss(frames: Int) {
        _ = localizer.localize(drive.frames[0], captureTime: drive.stamp(0))
        for index in 1...frames { _ = localizer.localize(blank, captureTime: drive.stamp(index)) }
        let found = localizer.localize(drive.frames[3], captureTime: drive.stamp(frames + 1))
        #expect(found.source == .retrieval)
        #expect(found.resetCounter == 2)
        #expect(drive.isRight(found, 3))
    }

    @Test("the same frames give the same poses, bit for bit")
    func deterministic() throws {
        let other = try drive.localizer()
        for index in 0..<6 {
            let one = localizer.localize(drive.frames[index], captureTime: drive.stamp(index))
            let two = other.localize(drive.frames[index], captureTime: drive.stamp(index))
            #expect(one.cameraFromMap == two.cameraFromMap)
        }
    }
}
