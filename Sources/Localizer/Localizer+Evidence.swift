/// What speaks for and against a pose in a frame: of one attempt, never of two.
extension Localizer {
    /// Makes one attempt at a pose. If it gives none, the evidence in `result` is that of the best attempt so far: the
    /// one with the most inliers.
    func attempt(_ result: inout Localization, _ body: (inout Localization) -> Void) {
        let best = result.evidence
        result.evidence = Localization.Evidence()
        body(&result)
        if result.cameraFromMap == nil, result.evidence.isWeaker(than: best) { result.evidence = best }
    }
}

extension Localization {
    /// The part of a result that describes one attempt.
    struct Evidence {
        var failedGate = Gate.none
        var matches = 0
        var inliers = 0
        var landmarksInView = 0
        var spread = 0.0
        var reprojectionRMS = 0.0

        func isWeaker(than other: Evidence) -> Bool { (inliers, matches) < (other.inliers, other.matches) }
    }

    var evidence: Evidence {
        get {
            Evidence(
                failedGate: failedGate, matches: matches, inliers: inliers, landmarksInView: landmarksInView,
                spread: spread, reprojectionRMS: reprojectionRMS)
        }
        set {
            (failedGate, matches, inliers) = (newValue.failedGate, newValue.matches, newValue.inliers)
            (landmarksInView, spread) = (newValue.landmarksInView, newValue.spread)
            reprojectionRMS = newValue.reprojectionRMS
        }
    }
}
