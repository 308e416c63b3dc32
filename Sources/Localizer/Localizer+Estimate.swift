internal import Features
internal import Geometry
internal import Matching
internal import PoseEstimation

extension Localizer {
    /// A pose from matches against a whole place, with no idea where the camera is.
    func estimate(against place: LocalPlace, _ result: inout Localization) -> PoseEstimate? {
        let start = MonotonicClock.now
        correspondences.removeAll(keepingCapacity: true)
        matcher.match(features, against: place, into: &correspondences)
        let matched = MonotonicClock.now
        result.latencies.matching += matched - start
        result.matches = correspondences.count
        let estimate = estimator.estimate(correspondences, camera: camera)
        result.latencies.poseEstimation += MonotonicClock.now - matched
        if estimate == nil { result.failedGate = correspondences.count < 4 ? .matches : .inliers }
        return estimate
    }

    /// A pose from matches near where the place's landmarks are seen from `cameraFromMap`.
    func guidedEstimate(
        from cameraFromMap: RigidTransform, place: LocalPlace, radius: Double, _ result: inout Localization
    ) -> PoseEstimate? {
        let start = MonotonicClock.now
        correspondences.removeAll(keepingCapacity: true)
        matcher.match(
            features, against: place, seenFrom: cameraFromMap, camera: camera, radius: radius, into: &correspondences)
        let matched = MonotonicClock.now
        result.latencies.matching += matched - start
        defer { result.latencies.poseEstimation += MonotonicClock.now - matched }
        if let refined = estimator.refine(
            from: cameraFromMap, correspondences, camera: camera, searchRadius: radius)
        {
            return refined
        }
        // The prediction was too far off for a refinement to find the way: let RANSAC look.
        let found = estimator.estimate(correspondences, camera: camera)
        if found == nil { result.failedGate = correspondences.count < 4 ? .matches : .inliers }
        return found
    }

    /// Root mean square of the inliers' reprojection errors, pixels.
    func reprojectionRMS(of estimate: PoseEstimate) -> Double {
        var sum = 0.0
        for (index, correspondence) in correspondences.enumerated() where estimator.isInlier[index] {
            guard let pixel = camera.project(estimate.cameraFromMap * correspondence.point) else { continue }
            sum += (pixel - correspondence.pixel).lengthSquared
        }
        return (sum / Double(max(estimate.inlierCount, 1))).squareRoot()
    }
}
