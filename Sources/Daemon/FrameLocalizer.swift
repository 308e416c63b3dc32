package import Features
package import Geometry
package import Integrity
package import Localizer

/// What the frame loop asks of a localizer: see `Localizer`, which is the only one in the program. A test scripts
/// another.
///
/// For classes only: nothing is boxed on a frame's way.
package protocol FrameLocalizer: AnyObject {
    /// - Parameters:
    ///   - image: the frame, at the size of the calibration.
    ///   - captureTime: CLOCK_MONOTONIC, nanoseconds.
    ///   - motion: the camera at `motionTime` in the camera now, where odometry says so.
    ///   - belief: where odometry has carried the camera, while no pose is known.
    ///   - told: what the frame does about the network; nil: what does not wait.
    func localize(
        _ image: GreyImage, captureTime: UInt64, motion: RigidTransform?, belief: PoseBelief?, told: NetworkTurn?
    ) -> Localization
    /// CLOCK_MONOTONIC, nanoseconds; nil if no pose is known.
    var lastPoseTime: UInt64? { get }
    /// Since when a motion counts, CLOCK_MONOTONIC, nanoseconds; nil if none does.
    var motionTime: UInt64? { get }
    /// nil while lost, and until a hinted place is confirmed.
    var lastPose: LastPose? { get }
    var hasUnconfirmedHint: Bool { get }
    var resetCounter: UInt32 { get }
    /// What the frames so far say of the camera, in pixels of the frames; nil before any says something.
    var calibration: CalibrationVerdict? { get }
    /// False if the map does not have this place.
    @discardableResult func begin(at place: LastPose, hint: PoseHint) -> Bool
    func forget()
    /// The network sees the next frame, whatever is followed, and whatever it sees now: that is not in `state`.
    func learnNext()
    func continueCounting(resets: UInt32)
    /// What it carries from one frame to the next, and goes on from; false if the map does not have its place.
    var state: LocalizerState { get }
    func resume(_ state: LocalizerState) -> Bool
    /// What the frame that was answered last was recognized by.
    func sketch(of result: Localization, into sketch: inout FrameSketch)
}

extension Localizer: FrameLocalizer {}
