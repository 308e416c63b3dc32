import Features
import LocalizationOptions
import Localizer
import ReferenceMap
import Testing

/// A localizer goes on where another stood: with the same poses, to the last bit.
@Suite("The state between two frames")
struct StateTests {
    private let drive: SampleDrive

    init() throws { drive = try SampleDrive.shared.get() }

    /// On the map, away from it, lost for long, found again, and with a jump.
    private var frames: [GreyImage] {
        var frames = Array(drive.frames[0..<4])
        frames += drive.offMap.prefix(4)
        frames += [drive.frames[9], drive.frames[4]]
        frames += drive.frames[5..<8]
        return frames
    }

    @Test("taken before any frame and given to a fresh localizer, what follows is the same", arguments: [true, false])
    func resumed(hasBudget: Bool) throws {
        var options = LocalizerOptions()
        // Few keypoints at first: a lost camera's steps in turn matter.
        if hasBudget { options.firstKeypoints = 8 }
        let (frames, live) = (frames, try drive.localizer(options))
        var states: [LocalizerState] = []
        var results: [Localization] = []
        for (step, frame) in frames.enumerated() {
            states.append(live.state)
            results.append(live.localize(frame, captureTime: drive.stamp(step)))
        }
        // Full of what another drive has left.
        let other = try drive.localizer(options)
        for begin in states.indices {
            #expect(other.resume(states[begin]))
            for step in begin..<min(begin + 3, frames.count) {
                let again = other.localize(frames[step], captureTime: drive.stamp(step))
                let then = results[step]
                #expect(again.state == then.state && again.cameraFromMap == then.cameraFromMap, "\(begin), \(step)")
                #expect(again.covariance == then.covariance && again.resetCounter == then.resetCounter)
                #expect(again.inliers == then.inliers && again.verifications == then.verifications)
                #expect(again.failedGate == then.failedGate && again.source == then.source)
            }
        }
    }

    @Test("a stated place is part of it; a place that the map does not have is refused, and changes nothing")
    func hints() throws {
        let (live, other) = (try drive.localizer(), try drive.localizer())
        _ = live.localize(drive.frames[0], captureTime: drive.stamp(0))
        let place = try #require(live.lastPose)
        live.begin(at: place, hint: .stated)
        #expect(other.resume(live.state) && other.hasUnconfirmedHint)
        let (then, again) = (
            live.localize(drive.frames[1], captureTime: drive.stamp(1)),
            other.localize(drive.frames[1], captureTime: drive.stamp(1))
        )
        #expect(then.cameraFromMap != nil && then.cameraFromMap == again.cameraFromMap)
        var foreign = live.state
        foreign.reference = drive.map.keyframeCount
        #expect(!other.resume(foreign) && other.lastPose == live.lastPose)
    }
}
