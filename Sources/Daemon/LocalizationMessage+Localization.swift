internal import Geometry
internal import Localizer
internal import Publishing

extension LocalizationMessage {
    /// Makes of a localized frame one whose pose is in doubt, for what the localizer does not know.
    mutating func degrade(for gate: Gate) {
        (state, reason) = (.degraded, gate.explanation)
        evidence?.failedGate = Wire.Gate(gate)
    }

    /// Takes over what the localizer found in a frame. Allocates nothing.
    mutating func take(_ result: Localization) {
        state = Wire.State(result.state)
        pose = result.cameraFromMap.map { Pose($0.inverse, covariance: result.covariance) }
        protectionLevel = (result.protectionLevel.position, result.protectionLevel.rotation)
        reason = result.explanation
        resetCounter = result.resetCounter
        var evidence = Wire.Evidence()
        evidence.keypoints = UInt32(clamping: result.keypoints)
        evidence.matches = UInt32(clamping: result.matches)
        evidence.inliers = UInt32(clamping: result.inliers)
        evidence.landmarksInView = UInt32(clamping: result.landmarksInView)
        evidence.inlierRatio = result.inlierRatio
        evidence.spread = result.spread
        evidence.reprojectionRmsPx = result.reprojectionRMS
        evidence.failedGate = Wire.Gate(result.failedGate)
        evidence.source = Wire.Source(result.source)
        evidence.purity = result.purity
        evidence.rivalShare = result.rivalShare
        evidence.keyframe = UInt32(clamping: result.keyframe.map { $0 + 1 } ?? 0)
        evidence.rivalKeyframe = UInt32(clamping: result.rivalKeyframe.map { $0 + 1 } ?? 0)
        self.evidence = evidence
        var latencies = self.latencies ?? Wire.Latencies()
        latencies.localFeaturesNs = result.latencies.localFeatures
        latencies.globalDescriptorNs = result.latencies.globalDescriptor
        latencies.retrievalNs = result.latencies.retrieval
        latencies.matchingNs = result.latencies.matching
        latencies.poseNs = result.latencies.poseEstimation
        self.latencies = latencies
    }

    /// Says where on the Earth the camera and the vehicle are, by their poses in a map that lies there so.
    mutating func place(on frame: LocalFrame) {
        earth = pose.map { EarthPosition(frame, $0) }
        baseEarth = basePose.map { EarthPosition(frame, $0) }
    }
}

extension Wire.Gate {
    /// The localizer's gates have the wire's numbers.
    init(_ gate: Gate) {
        guard let gate = Self(rawValue: gate.rawValue) else { preconditionFailure("hfloc.v1.Gate has no \(gate)") }
        self = gate
    }
}

extension Wire.Source {
    fileprivate init(_ source: Localization.Source) {
        self =
            switch source {
            case .none: .unspecified
            case .cachedPlace: .cachedPlace
            case .retrieval: .retrieval
            case .followed: .followed
            }
    }
}

extension Wire.State {
    fileprivate init(_ state: Localization.State) {
        self =
            switch state {
            case .localized: .localized
            case .degraded: .degraded
            case .lost: .lost
            }
    }
}
