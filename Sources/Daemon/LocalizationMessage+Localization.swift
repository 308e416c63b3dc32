internal import Geometry
internal import Localizer
internal import Publishing

/// The localizer's gate: inside the message, `Gate` is the wire's.
private typealias LocalizerGate = Gate

extension LocalizationMessage {
    /// Takes over what the localizer found in a frame. Allocates nothing.
    mutating func take(_ result: Localization) {
        state = State(result.state)
        pose = result.cameraFromMap.map { Pose($0.inverse, covariance: result.covariance) }
        resetCounter = result.resetCounter
        var evidence = Evidence()
        evidence.keypoints = UInt32(clamping: result.keypoints)
        evidence.matches = UInt32(clamping: result.matches)
        evidence.inliers = UInt32(clamping: result.inliers)
        evidence.landmarksInView = UInt32(clamping: result.landmarksInView)
        evidence.inlierRatio = result.inlierRatio
        evidence.spread = result.spread
        evidence.reprojectionRMS = result.reprojectionRMS
        evidence.failedGate = Gate(result.failedGate)
        evidence.source = Source(result.source)
        self.evidence = evidence
        var latencies = self.latencies ?? LocalizationMessage.Latencies()
        latencies.localFeatures = result.latencies.localFeatures
        latencies.globalDescriptor = result.latencies.globalDescriptor
        latencies.retrieval = result.latencies.retrieval
        latencies.matching = result.latencies.matching
        latencies.pose = result.latencies.poseEstimation
        self.latencies = latencies
    }
}

extension LocalizationMessage.Gate {
    fileprivate init(_ gate: LocalizerGate) {
        self =
            switch gate {
            case .none: .none
            case .matches: .matches
            case .inliers: .inliers
            case .inlierRatio: .inlierRatio
            case .spread: .spread
            case .recognition: .recognition
            case .reprojection: .reprojection
            }
    }
}

extension LocalizationMessage.Source {
    fileprivate init(_ source: Localization.Source) {
        self =
            switch source {
            case .none: .unspecified
            case .cachedPlace: .cachedPlace
            case .retrieval: .retrieval
            }
    }
}

extension LocalizationMessage.State {
    fileprivate init(_ state: Localization.State) {
        self =
            switch state {
            case .localized: .localized
            case .degraded: .degraded
            case .lost: .lost
            }
    }
}
