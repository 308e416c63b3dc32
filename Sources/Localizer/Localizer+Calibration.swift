internal import Features
internal import Geometry
public import Integrity

/// What the frames say together of the camera that they were taken by.
extension Localizer {
    /// What the frames so far say of the camera, in pixels of the frames; nil before any says something.
    public var calibration: CalibrationVerdict? { watch.verdict?.scaled(by: frameScale) }

    /// Whether the frames of this drive contradict the calibration: then no pose of it is to be believed. Of images
    /// that do not follow one another each is judged by itself.
    var contradictsCalibration: Bool { isDrive && watch.contradicts }

    /// Adds what the last frame said of its camera.
    ///
    /// - Parameters:
    ///   - estimate: of that frame, whose matches are the last.
    ///   - factor: by which leave-one-out widens the covariance of such estimates in this map.
    func watchCamera(_ estimate: FreeCameraEstimate, factor: Double) {
        watch.observe(estimate.camera, covariance: estimate.covariance * factor, from: verifier.correspondences)
    }
}
