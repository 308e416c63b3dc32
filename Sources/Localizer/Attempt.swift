internal import Geometry
internal import PoseEstimation

/// What is tried to find the camera in a frame.
enum Attempt {
    /// The place that another session remembers, or that somebody states.
    case claimedPlace
    /// The cached place, around the pose that the motion predicts.
    case tracking
    /// The whole of the cached place, where tracking has lost its hold of it and still sees some.
    case cachedPlace
    /// The places of the priors: retrieval.
    case retrievedPlaces
    /// The tracked pose that lost its hold, for want of a better one.
    case looseTracking

    /// One after another, until a pose passes every gate.
    static let inOrder: [Attempt] = [.claimedPlace, .tracking, .cachedPlace, .retrievedPlaces, .looseTracking]
}

extension Localizer {
    /// - Parameter predicted: nil if nothing is known of where the camera is.
    func make(_ attempt: Attempt, from predicted: RigidTransform?, _ result: inout Localization) {
        switch attempt {
        case .claimedPlace:
            if let predicted, let claim { tryClaimed(from: predicted, claim, &result) }
        case .tracking:
            if let predicted, claim == nil { track(from: predicted, &result) }
        case .cachedPlace: tryCachedPlace(&result)
        case .retrievedPlaces: tryRetrievedPlaces(&result)
        case .looseTracking:
            if let doubted { trackOn(from: doubted.cameraFromMap, &result) }
        }
    }
}
