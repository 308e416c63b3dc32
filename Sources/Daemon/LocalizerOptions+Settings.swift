internal import Configuration
internal import Localizer
internal import ReferenceMap

extension LocalizerOptions {
    /// Lays the configured values over the defaults. The network's input has the size with which the map was built.
    mutating func apply(_ settings: LocalizerSettings, map: ReferenceMap) {
        longSide = map.longSide
        maximumKeypoints = settings.keypoints ?? maximumKeypoints
        priors = settings.priors ?? priors
        cachedKeyframes = settings.cachedKeyframes ?? cachedKeyframes
        failuresUntilLost = settings.failuresUntilLost ?? failuresUntilLost
        gates.minimumInliers = settings.minimumInliers ?? gates.minimumInliers
        gates.minimumTrackedInliers = settings.minimumTrackedInliers ?? gates.minimumTrackedInliers
        gates.minimumInlierRatio = settings.minimumInlierRatio ?? gates.minimumInlierRatio
        gates.minimumSpread = settings.minimumSpread ?? gates.minimumSpread
        gates.minimumRecognition = settings.minimumRecognition ?? gates.minimumRecognition
        gates.maximumReprojectionRMS = settings.maximumReprojectionRMS ?? gates.maximumReprojectionRMS
        degradation.minimumInliers = settings.degradedInliers ?? degradation.minimumInliers
        degradation.maximumPositionDeviation = settings.degradedPosition ?? degradation.maximumPositionDeviation
        degradation.maximumRotationDeviation =
            settings.degradedRotation.map { $0 * .pi / 180 } ?? degradation.maximumRotationDeviation
    }
}
