internal import CLinux
internal import Features
internal import Geometry
internal import Matching
internal import PoseEstimation

extension Localizer {
    /// A pose from matches against a whole place, with no idea where the camera is.
    func estimate(against place: PlaceLandmarks, strongest: Int?, _ result: inout Localization) -> PoseEstimate? {
        let start = hf_monotonic_ns()
        correspondences.removeAll(keepingCapacity: true)
        matcher.match(features, strongest: strongest, against: place, into: &correspondences)
        let matched = hf_monotonic_ns()
        result.latencies.matching += matched - start
        result.matches = correspondences.count
        let estimate = estimator.estimate(correspondences, camera: camera)
        result.latencies.poseEstimation += hf_monotonic_ns() - matched
        if estimate == nil { result.failedGate = correspondences.count < 4 ? .matches : .inliers }
        return estimate
    }

    /// Matches near where the place's landmarks are seen from `cameraFromMap`.
    private func matchGuided(
        from cameraFromMap: RigidTransform, place: PlaceLandmarks, radius: Double, _ result: inout Localization
    ) {
        let start = hf_monotonic_ns()
        correspondences.removeAll(keepingCapacity: true)
        matcher.match(
            features, against: place, seenFrom: cameraFromMap, camera: camera, radius: radius, into: &correspondences)
        result.latencies.matching += hf_monotonic_ns() - start
        result.matches = correspondences.count
    }

    /// Where guided matches draw a pose: a step towards an estimate.
    func guidedApproach(
        from cameraFromMap: RigidTransform, place: PlaceLandmarks, radius: Double, _ result: inout Localization
    ) -> PoseApproach? {
        matchGuided(from: cameraFromMap, place: place, radius: radius, &result)
        let start = hf_monotonic_ns()
        let approach = estimator.approach(from: cameraFromMap, correspondences, camera: camera)
        result.latencies.poseEstimation += hf_monotonic_ns() - start
        if approach == nil { result.failedGate = correspondences.count < 4 ? .matches : .inliers }
        return approach
    }

    /// Matches again near where each pose puts the landmarks, ever closer: the wide search forgives a biased start, the
    /// narrow one is exact.
    func refine(
        _ coarse: RigidTransform, radii: ArraySlice<Double>, place: PlaceLandmarks, _ result: inout Localization
    ) -> PoseEstimate? {
        guard let last = radii.last else { return nil }
        var pose = coarse
        for radius in radii.dropLast() {
            guard let nearer = guidedApproach(from: pose, place: place, radius: radius, &result) else { return nil }
            pose = nearer.cameraFromMap
        }
        matchGuided(from: pose, place: place, radius: last, &result)
        let start = hf_monotonic_ns()
        // Judged against chance over the whole image: within a search as narrow as the threshold every match agrees.
        let estimate = estimator.refine(from: pose, correspondences, camera: camera)
        result.latencies.poseEstimation += hf_monotonic_ns() - start
        if estimate == nil { result.failedGate = correspondences.count < 4 ? .matches : .inliers }
        return estimate
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
