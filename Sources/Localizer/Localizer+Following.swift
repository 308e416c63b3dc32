internal import CLinux
internal import Features
internal import Following
package import Geometry
internal import Inference
internal import Integrity
internal import LocalizationOptions
internal import Matching
internal import PoseEstimation
internal import ReferenceMap

/// Cheap frames: between two that the network sees, the learned ones, landmarks are followed in the picture, and the
/// pose comes from where they are found by the same refinement.
///
/// A cheap frame follows a learned one that was localized without a doubt, and never says more than it: a wrong pose is
/// followed as well as a right one. Where what it finds is too little, or contradicts the motion, the network sees the
/// same picture. The network may run behind the frames: see Localizer+Adoption.swift.
extension Localizer {
    /// The network sees the next frame.
    public func learnNext() { cheap?.forget() }

    /// The pose of a frame by the landmarks that are followed; nil where the network must see it.
    ///
    /// - Parameters:
    ///   - image: the frame.
    ///   - predicted: where the camera should be.
    ///   - time: of the capture, nanoseconds.
    ///   - start: when the frame came.
    ///   - frame: what is known of it.
    func follow(
        _ image: GreyImage, from predicted: RigidTransform?, at time: UInt64, since start: UInt64,
        in frame: inout Frame
    ) -> Localization? {
        guard var cheap = self.cheap, let learned = cheap.learned, let predicted, mayFollow(cheap, frame) else {
            return nil
        }
        self.cheap = nil
        defer { self.cheap = cheap }
        let isDue = isDue(cheap)
        look(at: image, cheap)
        var attempt = followed(from: predicted, learned, &cheap, thoroughly: false, in: &frame)
        if attempt == nil { attempt = followed(from: predicted, learned, &cheap, thoroughly: true, in: &frame) }
        guard var found = attempt else { return nil }
        var next = motion
        guard next.observe(found.cameraFromMap, covariance: found.covariance, at: time) else { return nil }
        motion = next
        cheap.count += 1
        found.doubt = learned.doubt
        cheap.asked?.frames += 1
        if frame.turn != .atOnce, cheap.asked == nil, isDue || cheap.isSpent { ask(image, found, at: time, &cheap) }
        takeFollowed(cheap.follower.found)
        frame.times.total = hf_monotonic_ns() - start
        var result = answer(SearchOutcome(found), frame)
        result.verifications = 0
        return result
    }

    /// Gives the follower the picture as the network sees it.
    private func look(at image: GreyImage, _ cheap: CheapFrames) {
        cheap.follower.look { network.reduce(image, into: &$0) }
    }

    /// What the network sees before it is answered: the first frames, those with a defect, what comes while a camera
    /// file is contradicted, and, if the network does not run behind the frames, those that are due.
    private func mayFollow(_ cheap: CheapFrames, _ frame: Frame) -> Bool {
        isDrive && hint == nil && frame.defect == nil && !contradictsCalibration
            && (frame.turn != .atOnce || !isDue(cheap))
    }

    /// Whether the network is to see the next picture: every so many, and when too little is left.
    private func isDue(_ cheap: CheapFrames) -> Bool { cheap.count >= options.cheapFrames || cheap.isSpent }

    /// What comes of following from a predicted pose; nil where it is not enough.
    private func followed(
        from predicted: RigidTransform, _ learned: Hypothesis, _ cheap: inout CheapFrames, thoroughly: Bool,
        in frame: inout Frame
    ) -> Hypothesis? {
        var start = hf_monotonic_ns()
        let coarse = cheap.follower.follow(from: predicted, thoroughly: thoroughly)
        frame.times.matching += hf_monotonic_ns() - start
        start = hf_monotonic_ns()
        defer { frame.times.poseEstimation += hf_monotonic_ns() - start }
        guard let coarse,
            let estimate = cheap.estimator.refine(from: coarse, cheap.follower.found, camera: camera)
        else { return nil }
        let pose = estimate.cameraFromMap
        let evidence = judge(pose, &cheap)
        guard evidence.passes(options.following, of: cheap.follower.count),
            !seamsOfFrame.contains(where: { isTorn(at: $0, pose, cheap) })
        else { return nil }
        cheap.isSpent = evidence.isFading(options.following, of: cheap.follower.count)
        var found = learned
        found.cameraFromMap = pose
        found.source = .followed
        found.covariance = covariance(of: estimate, after: learned, &cheap)
        let level = ProtectionLevel(covariance: found.covariance, multiple: map.quality.levelMultiple)
        found.evidence = Evidence()
        found.evidence.matches = cheap.follower.found.count
        (found.evidence.inliers, found.evidence.landmarksInView) = (evidence.inliers, evidence.inView)
        (found.evidence.spread, found.evidence.reprojectionRMS) = (estimate.spread.coverage, evidence.median)
        let isWeak = options.degradation.applies(to: found.covariance, level: level, inliers: evidence.inliers)
        return isWeak ? nil : found
    }

    /// How well what was found agrees with a pose.
    private func judge(_ pose: RigidTransform, _ cheap: inout CheapFrames) -> FollowedEvidence {
        var evidence = FollowedEvidence()
        cheap.distances.removeAll(keepingCapacity: true)
        for match in cheap.follower.found {
            guard let pixel = camera.project(pose * match.point) else { continue }
            let distance = (pixel - match.pixel).length
            cheap.distances.append(distance)
            if distance <= options.following.inlierThreshold { evidence.inliers += 1 }
        }
        evidence.inView = cheap.follower.countInView(at: pose)
        evidence.median = cheap.distances.isEmpty ? .infinity : median(&cheap.distances)
        return evidence
    }

    /// Whether next to nothing is found on one side of a seam, and much on the other: a torn picture.
    private func isTorn(at seam: PictureSeam, _ pose: RigidTransform, _ cheap: CheapFrames) -> Bool {
        var (expected, behind) = (0, 0)
        cheap.follower.forEachInView(at: pose) { pixel in
            expected += 1
            if seam.isBehind(pixel) { behind += 1 }
        }
        guard min(behind, expected - behind) >= Self.leastAtSeam else { return false }
        var (found, foundBehind) = (0, 0)
        for match in cheap.follower.found {
            guard let pixel = camera.project(pose * match.point),
                (pixel - match.pixel).length <= options.following.inlierThreshold
            else { continue }
            found += 1
            if seam.isBehind(pixel) { foundBehind += 1 }
        }
        let (here, foundHere) = (expected - behind, found - foundBehind)
        return foundBehind * here * 4 < foundHere * behind || foundHere * behind * 4 < foundBehind * here
    }

    /// Landmarks in view that each side of a seam needs to say something.
    private static let leastAtSeam = 20

    /// The learned pose's covariance, carried to where the camera is now, and what the pixels leave open of the way
    /// there.
    private func covariance(
        of estimate: PoseEstimate, after learned: Hypothesis, _ cheap: inout CheapFrames
    ) -> SymmetricMatrix6 {
        let own =
            cheap.cells.estimate(
                at: estimate.cameraFromMap, cheap.follower.found, isInlier: cheap.estimator.isInlier,
                camera: camera) ?? estimate.covariance
        let way = estimate.cameraFromMap.originInSource - learned.cameraFromMap.originInSource
        return learned.covariance.carried(by: way) + own
    }

    /// What is drawn of the frame: the landmarks that were found instead of keypoints.
    private func takeFollowed(_ found: [Correspondence]) {
        features.keypoints.removeAll(keepingCapacity: true)
        features.descriptors.removeAll(keepingCapacity: true)
        for match in found {
            features.keypoints.append(Keypoint(x: Float(match.pixel.x), y: Float(match.pixel.y), score: match.quality))
        }
        verifier.show(found)
    }

    /// What a learned frame leaves for those after it to follow: if it is localized without a doubt, and moves as the
    /// frames before.
    func learn(_ image: GreyImage, from outcome: SearchOutcome, in frame: inout Frame) {
        guard var cheap = self.cheap else { return }
        self.cheap = nil
        defer { self.cheap = cheap }
        cheap.forget()
        guard isDrive, let found = outcome.hypothesis, found.doubt == .none, motion.velocity != nil else { return }
        verifier.matches(
            features, in: cache.place, near: found.cameraFromMap, radius: options.inlierThreshold,
            into: &cheap.matches, &frame.times)
        let start = hf_monotonic_ns()
        defer { frame.times.matching += hf_monotonic_ns() - start }
        look(at: image, cheap)
        cheap.follower.begin(from: cheap.matches, at: found.cameraFromMap)
        guard cheap.follower.count >= options.following.minimumInliers else {
            cheap.forget()
            return
        }
        cheap.learned = found
        (cheap.count, cheap.isSpent) = (0, false)
    }
}

extension SymmetricMatrix6 {
    /// The covariance of a camera that has moved by `way` in the axes of the map, by a motion that is known: what its
    /// rotation was off by has moved it aside.
    package func carried(by way: Vector3) -> SymmetricMatrix6 {
        // The position's error grows by the rotation's, θ × way = -[way]× θ.
        let lever = Matrix3(skew: way) * -1
        let across = lever * rotation
        return SymmetricMatrix6(
            translation: translation + lever * cross.transpose + cross * lever.transpose + across * lever.transpose,
            cross: cross + across, rotation: rotation)
    }
}
