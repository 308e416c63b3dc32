import Features
import LocalizationOptions
import Localizer
import TestSupport
import Testing

@Suite("What is said of a frame that is lost", .serialized)
struct EvidenceTests {
    private let drive: SampleDrive

    init() throws { drive = try SampleDrive.shared.get() }

    /// A frame on the map, under gates that nothing passes: every attempt is made, of the right place and of wrong
    /// ones.
    @Test("is of one attempt, the best: its inliers are among its matches, and fail its gate", .slow)
    func oneAttempt() throws {
        var options = LocalizerOptions()
        options.gates.minimumInliers = options.gates.$minimumInliers.allowed.upperBound
        options.gates.minimumTrackedInliers = options.gates.$minimumTrackedInliers.allowed.upperBound
        let strict = try drive.localizer(options)
        let usual = try drive.localizer()
        for (index, frame) in drive.frames.prefix(6).enumerated() {
            strict.forget()
            usual.forget()
            let lost = strict.localize(frame, captureTime: drive.stamp(index))
            let found = usual.localize(frame, captureTime: drive.stamp(index))
            #expect(lost.cameraFromMap == nil && lost.verifications > found.verifications)
            #expect(lost.inliers >= found.inliers && lost.inliers <= lost.matches, "frame \(index)")
            #expect(lost.landmarksInView >= lost.inliers, "frame \(index)")
            #expect(lost.failedGate == .inliers)
        }
    }

    @Test("says nothing that cannot be, where the map does not reach", .slow)
    func offMap() throws {
        let localizer = try drive.localizer()
        for (index, frame) in drive.offMap.enumerated() {
            localizer.forget()
            let result = localizer.localize(frame, captureTime: drive.stamp(index))
            guard result.cameraFromMap == nil else { continue }
            #expect(result.inliers <= result.matches, "frame \(index)")
            #expect(result.failedGate != .none, "frame \(index)")
        }
    }
}
