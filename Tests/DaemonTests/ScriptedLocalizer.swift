import Daemon
import Features
import Geometry
import Integrity
import LocalizationOptions
import Localizer

/// A localizer that answers what a test says; its last answer again and again.
final class ScriptedLocalizer: FrameLocalizer {
    struct Answer {
        var result: Localization
        /// Where the camera then is, as the localizer would remember it.
        var place: LastPose?
    }

    var answers = [Answer.lost]
    /// Runs at each frame: its time, say.
    var duringFrame: () -> Void = {}
    private(set) var frames = 0
    private(set) var lastPose: LastPose?
    private(set) var lastPoseTime: UInt64?
    var motionTime: UInt64? { lastPoseTime }
    /// What was said of the camera's motion before each frame.
    private(set) var motions: [RigidTransform?] = []
    /// And of its pose.
    private(set) var beliefs: [PoseBelief?] = []
    private(set) var hasUnconfirmedHint = false
    private(set) var resetCounter: UInt32 = 0
    var calibration: CalibrationVerdict?
    /// One frame without a pose, and the place is lost.
    var forgetsAtOnce = false
    private(set) var begun: [(place: LastPose, hint: PoseHint)] = []
    private(set) var forgotten = 0
    let options: LocalizerOptions
    private let keyframeCount: Int

    init(_ options: LocalizerOptions, keyframeCount: Int) {
        self.options = options
        motions.reserveCapacity(1024)
        beliefs.reserveCapacity(1024)
        self.keyframeCount = keyframeCount
    }

    func localize(
        _ image: GreyImage, captureTime: UInt64, motion: RigidTransform?, belief: PoseBelief?, told: NetworkTurn?
    ) -> Localization {
        motions.append(motion)
        beliefs.append(belief)
        duringFrame()
        let answer = answers[min(frames, answers.count - 1)]
        frames += 1
        if answer.result.cameraFromMap != nil {
            (hasUnconfirmedHint, lastPoseTime) = (false, captureTime)
        } else if forgetsAtOnce {
            lastPoseTime = nil
        }
        lastPose = answer.place
        resetCounter = answer.result.resetCounter
        return answer.result
    }

    func begin(at place: LastPose, hint: PoseHint) -> Bool {
        guard place.reference < keyframeCount else { return false }
        begun.append((place, hint))
        hasUnconfirmedHint = true
        return true
    }

    func learnNext() {}

    func forget() {
        forgotten += 1
        hasUnconfirmedHint = false
    }

    func continueCounting(resets: UInt32) { resetCounter = max(resetCounter, resets) }

    var state: LocalizerState {
        var state = LocalizerState()
        (state.resetCounter, state.frameCount) = (resetCounter, UInt32(frames))
        return state
    }

    func resume(_ state: LocalizerState) -> Bool {
        resetCounter = state.resetCounter
        return true
    }

    /// What previews show of each frame.
    var sketch = FrameSketch(capacity: 0)

    func sketch(of result: Localization, into sketch: inout FrameSketch) { sketch = self.sketch }
}

extension ScriptedLocalizer.Answer {
    static let lost = {
        var result = Localization()
        (result.failedGate, result.keypoints, result.matches, result.inliers) = (.inliers, 300, 20, 7)
        return ScriptedLocalizer.Answer(result: result)
    }()

    /// The camera `x` metres along the map's first axis, near this keyframe.
    static func localized(
        x: Double = 0, keyframe: Int = 0, source: Localization.Source = .cachedPlace, resets: UInt32 = 0
    ) -> Self {
        var result = Localization()
        let pose = RigidTransform(rotation: .identity, translation: Vector3(-x, 0, 0))
        (result.state, result.source, result.cameraFromMap) = (.localized, source, pose)
        (result.keypoints, result.matches, result.inliers, result.landmarksInView) = (400, 200, 100, 250)
        (result.spread, result.reprojectionRMS, result.resetCounter) = (0.6, 1.25, resets)
        return Self(result: result, place: LastPose(reference: keyframe, cameraFromMap: pose))
    }

    static let degraded = {
        var answer = localized()
        (answer.result.state, answer.result.inliers, answer.result.failedGate) = (.degraded, 17, .covariance)
        return answer
    }()
}
