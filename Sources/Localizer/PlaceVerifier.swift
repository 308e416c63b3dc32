internal import CLinux
internal import Container
package import Features
package import Geometry
package import Integrity
package import Matching
package import Parallelism
package import PoseEstimation
package import ReferenceMap

/// A frame against a place: matches, and the poses that they give.
///
/// Owns the memory for it, and keeps nothing from one call to the next but the last correspondences, for drawings. One
/// verifier serves one thread.
package struct PlaceVerifier {
    /// The camera of the image that is localized: the network's input.
    package var camera: Camera
    /// What the variances of position and rotation are multiplied by: the map's.
    package var covarianceFactors: (position: Double, rotation: Double)
    private let map: ReferenceMap
    private var matcher: Matcher
    private let estimator: PoseEstimator
    private var votes: KeyframeVotes
    private var cells = PoseCovariance()
    private var free: FreeCameraFit
    private var seen: SeenCells
    /// Of the last call.
    package private(set) var correspondences: [Correspondence] = []

    /// Allocates everything.
    /// - Parameters:
    ///   - map: that the places are of.
    ///   - camera: of the network's input image.
    ///   - maximumKeypoints: most keypoints of a frame.
    ///   - rowCapacity: observations of a place before memory must grow.
    ///   - inlierThreshold: largest reprojection error of an inlier, pixels.
    ///   - team: threads that share the matching; nil: the caller's alone.
    package init(
        map: ReferenceMap, camera: Camera, maximumKeypoints: Int, rowCapacity: Int, inlierThreshold: Double,
        team: WorkerTeam? = nil
    ) {
        self.map = map
        self.camera = camera
        covarianceFactors = (map.quality.positionFactor, map.quality.rotationFactor)
        matcher = Matcher(
            maximumKeypoints: maximumKeypoints, rowCapacity: rowCapacity, dimension: map.descriptorDimension,
            team: team)
        estimator = PoseEstimator(capacity: maximumKeypoints)
        estimator.options.maximumReprojectionError = inlierThreshold
        votes = KeyframeVotes(for: map)
        free = FreeCameraFit(capacity: maximumKeypoints)
        seen = SeenCells(of: camera)
        correspondences.reserveCapacity(maximumKeypoints)
    }

    /// A pose from matches against a whole place, with no idea where the camera is; nil with what there was.
    ///
    /// - Parameters:
    ///   - features: of the frame.
    ///   - place: what they are matched against.
    ///   - strongest: how many keypoints are matched; nil: all.
    ///   - winner: a pose that is known; what it explains is left out.
    ///   - times: get what it took.
    package mutating func search(
        _ features: LocalFeatures, in place: PlaceLandmarks, strongest: Int?, besides winner: RigidTransform? = nil,
        _ times: inout Latencies
    ) -> PoseEstimate? {
        var matches: [Correspondence] = []
        swap(&matches, &correspondences)
        match(features, strongest: strongest, in: place, into: &matches, &times)
        swap(&matches, &correspondences)
        if let winner {
            let camera = camera
            correspondences.removeAll { camera.explains($0, at: winner) }
        }
        let start = hf_monotonic_ns()
        defer { times.poseEstimation += hf_monotonic_ns() - start }
        return estimator.estimate(correspondences, camera: camera)
    }

    /// Matches against a whole place, and no more: `matches` are replaced.
    package mutating func match(
        _ features: LocalFeatures, strongest: Int?, in place: PlaceLandmarks, into matches: inout [Correspondence],
        _ times: inout Latencies
    ) {
        let start = hf_monotonic_ns()
        matches.removeAll(keepingCapacity: true)
        matcher.match(features, strongest: strongest, against: place, into: &matches)
        times.matching += hf_monotonic_ns() - start
    }

    /// The keyframe that a pose's inliers name: ``Hypothesis/keyframe``.
    package mutating func keyframe(
        of matches: [Correspondence], isInlier: [Bool], cameraFromMap: RigidTransform
    ) -> Int? {
        votes.keyframe(of: matches, isInlier: isInlier, cameraFromMap: cameraFromMap, map: map)
    }

    /// The matches of a frame in a place that are within `radius` pixels of where a pose puts the landmarks; the last
    /// correspondences stay.
    package mutating func matches(
        _ features: LocalFeatures, in place: PlaceLandmarks, near cameraFromMap: RigidTransform, radius: Double,
        into matches: inout [Correspondence], _ times: inout Latencies
    ) {
        swap(&matches, &correspondences)
        matchGuided(features, from: cameraFromMap, in: place, radius: radius, &times)
        swap(&matches, &correspondences)
    }

    /// What is to be drawn instead of the last matches.
    package mutating func show(_ matches: [Correspondence]) {
        correspondences.removeAll(keepingCapacity: true)
        correspondences.append(contentsOf: matches)
    }

    /// Calls `body` with each inlier of the last pose.
    package func forEachInlier(_ body: (Correspondence) -> Void) {
        for (index, correspondence) in correspondences.enumerated() where estimator.isInlier[index] {
            body(correspondence)
        }
    }

    /// Matches as far from where a pose puts the landmarks as a wrong camera could move them (24 px), and says how
    /// cleanly they agree: residuals before they are cut.
    ///
    /// - Parameters:
    ///   - hypothesis: gets what is found.
    ///   - features: of the frame.
    ///   - place: what they are matched against.
    ///   - seams: of the picture, in pixels of the camera.
    ///   - step: of so many keypoints one is matched: a sample.
    ///   - times: get what it took.
    package mutating func assess(
        _ hypothesis: inout Hypothesis, _ features: LocalFeatures, in place: PlaceLandmarks,
        seams: [PictureSeam] = [], step: Int = 1, _ times: inout Latencies
    ) {
        let pose = hypothesis.cameraFromMap
        matchGuided(features, from: pose, in: place, radius: Purity.wide, step: step, &times)
        let start = hf_monotonic_ns()
        defer { times.poseEstimation += hf_monotonic_ns() - start }
        let purity = Purity(of: correspondences, at: pose, camera: camera)
        hypothesis.evidence.purity = purity.ratio
        let beyond = countBeyond(at: pose)
        hypothesis.evidence.beyond = Double(beyond) / Double(max(purity.agreeing, 1))
        if step == 1 { lookForSides(at: &hypothesis) }
        hypothesis.evidence.endsAtSeam = seams.contains { ends(at: $0, pose, camera, features) }
    }

    /// Matches that agree with a pose, and whose landmark no keyframe saw from such a distance.
    private func countBeyond(at pose: RigidTransform) -> Int {
        let centre = pose.originInSource
        return correspondences.count { match in
            isBeyond(Int(match.landmark), from: (match.point - centre).length) && agrees(match, with: pose)
        }
    }

    /// Whether all of what should be in sight is there, and how far what agrees is away.
    private mutating func lookForSides(at hypothesis: inout Hypothesis) {
        let pose = hypothesis.cameraFromMap
        let centre = pose.originInSource
        var (agreeing, distances) = (0, 0.0)
        seen.clear()
        matcher.forEachLandmarkInView { seen.expect(at: $0) }
        for match in correspondences where agrees(match, with: pose) {
            (agreeing, distances) = (agreeing + 1, distances + (match.point - centre).length)
            seen.agree(at: match.pixel)
        }
        hypothesis.evidence.distance = distances / Double(max(agreeing, 1))
        (hypothesis.evidence.seen, hypothesis.evidence.unseenSide) = (seen.share, seen.unseenSide)
    }

    /// Whether a match of a wide search is where a pose has it.
    private func agrees(_ match: Correspondence, with pose: RigidTransform) -> Bool {
        camera.explains(match, at: pose, within: Purity.near)
    }

    /// Whether what agrees with a freed camera ends at a seam too: matches are those that `freeCamera` has just made.
    /// What it explains on both sides is one picture, of another lens than the camera file's.
    package func endsAtSeam(_ seams: [PictureSeam], _ free: FreeCameraEstimate, _ features: LocalFeatures) -> Bool {
        let corrected = free.camera.applied(to: camera)
        return seams.contains { ends(at: $0, free.cameraFromMap, corrected, features) }
    }

    /// Whether what agrees with a pose ends at a seam, although keypoints and landmarks go on behind it: a torn
    /// picture. Behind a covered part's edge there are no keypoints; where the map ends there are no landmarks.
    private func ends(
        at seam: PictureSeam, _ pose: RigidTransform, _ camera: Camera, _ features: LocalFeatures
    ) -> Bool {
        var (all, behind) = (SeamSide(), SeamSide())
        all.landmarks = matcher.landmarksInView
        behind.landmarks = matcher.countLandmarksInView { seam.isBehind($0) }
        guard min(behind.landmarks, all.landmarks - behind.landmarks) >= SeamSide.leastLandmarks else { return false }
        for keypoint in features.keypoints {
            all.keypoints += 1
            if seam.isBehind(Vector2(Double(keypoint.x), Double(keypoint.y))) { behind.keypoints += 1 }
        }
        for match in correspondences where camera.explains(match, at: pose, within: Purity.near) {
            all.agreeing += 1
            if seam.isBehind(match.pixel) { behind.agreeing += 1 }
        }
        let here = all.without(behind)
        return here.isForeign(beside: behind) || behind.isForeign(beside: here)
    }

    /// Pose and camera that explain the frame best together: of the matches that `assess` has just made,
    /// then of those near what they suggest. Nil where the frame leaves them open.
    package mutating func freeCamera(
        around pose: RigidTransform, _ features: LocalFeatures, in place: PlaceLandmarks, _ times: inout Latencies
    ) -> FreeCameraEstimate? {
        var start = hf_monotonic_ns()
        let coarse = free.fit(from: pose, correspondences, camera: camera, radius: Purity.wide)
        times.poseEstimation += hf_monotonic_ns() - start
        guard let coarse else { return nil }
        let corrected = coarse.camera.applied(to: camera)
        matchGuided(
            features, from: coarse.cameraFromMap, in: place, radius: Self.freeRadius, by: corrected, &times)
        start = hf_monotonic_ns()
        defer { times.poseEstimation += hf_monotonic_ns() - start }
        return free.fit(
            from: coarse.cameraFromMap, correspondences, camera: camera, radius: Self.freeRadius, start: coarse.camera)
    }

    /// Pixels round the projections of a freed camera in which its matches are looked for.
    private static let freeRadius = 5.0

    /// Where guided matches around a pose draw it: a step towards an estimate.
    package mutating func approach(
        _ cameraFromMap: RigidTransform, _ features: LocalFeatures, in place: PlaceLandmarks, radius: Double,
        _ times: inout Latencies
    ) -> PoseApproach? {
        matchGuided(features, from: cameraFromMap, in: place, radius: radius, &times)
        let start = hf_monotonic_ns()
        defer { times.poseEstimation += hf_monotonic_ns() - start }
        return estimator.approach(from: cameraFromMap, correspondences, camera: camera)
    }

    /// Matches again near where each pose puts the landmarks, ever closer: the wide search forgives a biased start, the
    /// narrow one is exact.
    ///
    /// - Parameters:
    ///   - coarse: where it begins.
    ///   - features: of the frame.
    ///   - place: what they are matched against.
    ///   - radii: pixels, falling; one at least.
    ///   - source: how the place was found.
    ///   - times: get what it took.
    /// - Returns: a hypothesis that no gate has judged yet; nil if too little agrees.
    package mutating func refine(
        _ coarse: RigidTransform, _ features: LocalFeatures, in place: PlaceLandmarks, radii: ArraySlice<Double>,
        source: Localization.Source, _ times: inout Latencies
    ) -> Hypothesis? {
        guard let last = radii.last else { return nil }
        var pose = coarse
        for radius in radii.dropLast() {
            guard let nearer = approach(pose, features, in: place, radius: radius, &times) else { return nil }
            pose = nearer.cameraFromMap
        }
        matchGuided(features, from: pose, in: place, radius: last, &times)
        let start = hf_monotonic_ns()
        defer { times.poseEstimation += hf_monotonic_ns() - start }
        // Judged against chance over the whole image: within a search as narrow as the threshold every match agrees.
        guard let estimate = estimator.refine(from: pose, correspondences, camera: camera) else { return nil }
        return hypothesis(of: estimate, source: source)
    }

    /// Whether a landmark is seen from nearer, or from farther, than any keyframe saw it, by a quarter.
    private func isBeyond(_ landmark: Int, from distance: Double) -> Bool {
        let distances = map.viewingDistances
        return distance < 0.8 * Double(distances[2 * landmark])
            || distance > 1.25 * Double(distances[2 * landmark + 1])
    }

    private mutating func matchGuided(
        _ features: LocalFeatures, from cameraFromMap: RigidTransform, in place: PlaceLandmarks, radius: Double,
        by corrected: Camera? = nil, step: Int = 1, _ times: inout Latencies
    ) {
        let start = hf_monotonic_ns()
        correspondences.removeAll(keepingCapacity: true)
        matcher.match(
            features, against: place, seenFrom: cameraFromMap, camera: corrected ?? camera, radius: radius, step: step,
            into: &correspondences)
        times.matching += hf_monotonic_ns() - start
    }

    /// Landmarks of the place that the last guided matching expected in the image.
    package var landmarksInView: Int { matcher.landmarksInView }

    /// Why the last call gave no pose.
    package var shortage: Evidence { Evidence(tooFewOf: correspondences.count) }

    private mutating func hypothesis(of estimate: PoseEstimate, source: Localization.Source) -> Hypothesis {
        var evidence = Evidence()
        evidence.matches = correspondences.count
        evidence.inliers = estimate.inlierCount
        evidence.landmarksInView = matcher.landmarksInView
        evidence.spread = estimate.spread.coverage
        evidence.reprojectionRMS = reprojectionRMS(of: estimate)
        let keyframe = keyframe(
            of: correspondences, isInlier: estimator.isInlier, cameraFromMap: estimate.cameraFromMap)
        return Hypothesis(
            cameraFromMap: estimate.cameraFromMap, covariance: covariance(of: estimate), source: source,
            keyframe: keyframe, evidence: evidence)
    }

    /// By cells of the image, with the map's factors; what pixel noise alone leaves where the inliers lie in one cell.
    private mutating func covariance(of estimate: PoseEstimate) -> SymmetricMatrix6 {
        let sandwich = cells.estimate(
            at: estimate.cameraFromMap, correspondences, isInlier: estimator.isInlier, camera: camera)
        return (sandwich ?? estimate.covariance).scaled(
            position: covarianceFactors.position, rotation: covarianceFactors.rotation)
    }

    /// Root mean square of the inliers' reprojection errors, pixels.
    private func reprojectionRMS(of estimate: PoseEstimate) -> Double {
        var sum = 0.0
        for (index, correspondence) in correspondences.enumerated() where estimator.isInlier[index] {
            guard let pixel = camera.project(estimate.cameraFromMap * correspondence.point) else { continue }
            sum += (pixel - correspondence.pixel).lengthSquared
        }
        return (sum / Double(max(estimate.inlierCount, 1))).squareRoot()
    }
}

extension Camera {
    /// Whether a pose explains a match: its landmark is projected to within so many pixels of the keypoint.
    func explains(_ match: Correspondence, at cameraFromMap: RigidTransform, within radius: Double = 12) -> Bool {
        guard let pixel = project(cameraFromMap * match.point) else { return false }
        return (pixel - match.pixel).lengthSquared <= radius * radius
    }
}

/// What lies on one side of a seam.
private struct SeamSide {
    /// In view, as the pose has it.
    var landmarks = 0
    /// Of the picture.
    var keypoints = 0
    /// Matches that agree with the pose.
    var agreeing = 0

    /// A side of which the map expects less is no evidence.
    static let leastLandmarks = 30

    /// What is left of both sides without one.
    func without(_ other: SeamSide) -> SeamSide {
        SeamSide(
            landmarks: landmarks - other.landmarks, keypoints: keypoints - other.keypoints,
            agreeing: agreeing - other.agreeing)
    }

    /// Whether hardly anything of it is recognized beside the other side, though it has as much to be recognized by.
    func isForeign(beside other: SeamSide) -> Bool {
        agreeing * other.landmarks * 4 < other.agreeing * landmarks
            && keypoints * other.landmarks * 3 > other.keypoints * landmarks
    }
}
