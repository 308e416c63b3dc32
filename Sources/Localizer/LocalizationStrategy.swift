internal import Geometry
internal import PoseEstimation

/// What is tried to find the camera in a frame.
enum LocalizationStrategy {
    /// The place that another session remembers, or that somebody states.
    case hintedPlace
    /// The cached place, around the pose that the motion predicts.
    case tracking
    /// The whole of the cached place, where tracking has lost its hold of it and still sees some.
    case cachedPlace
    /// The places of the priors: retrieval.
    case retrievedPlaces
    /// The tracked pose that lost its hold, for want of a better one.
    case looseTracking

    /// One after another, until a pose passes every gate.
    static let inOrder: [LocalizationStrategy] = [
        .hintedPlace, .tracking, .cachedPlace, .retrievedPlaces, .looseTracking,
    ]
}

extension Localizer {
    /// - Parameters:
    ///   - attempt: what is tried.
    ///   - predicted: nil if nothing is known of where the camera is.
    ///   - result: of the frame so far; gets the pose, if there is one, and the evidence.
    func make(_ attempt: LocalizationStrategy, from predicted: RigidTransform?, _ result: inout Localization) {
        switch attempt {
        case .hintedPlace:
            if let predicted, let hint { tryHinted(from: predicted, hint, &result) }
        case .tracking:
            if let predicted, hint == nil { self.attempt(&result) { track(from: predicted, &$0) } }
        case .cachedPlace: tryCachedPlace(&result)
        case .retrievedPlaces: tryRetrievedPlaces(&result)
        case .looseTracking:
            if let weakTrack { self.attempt(&result) { trackOn(from: weakTrack.cameraFromMap, &$0) } }
        }
    }
}
