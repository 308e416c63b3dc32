internal import CLinux
public import Features
public import Geometry
internal import Inference
internal import Integrity
internal import LocalizationOptions
internal import Matching
internal import PoseEstimation
internal import ReferenceMap
internal import Retrieval

/// The way of a frame, from top to bottom. A step is a function of what it is given; what a frame leaves to the next is
/// written down in one place, at the end.
extension Localizer {
    /// Localizes one frame.
    ///
    /// - Parameters:
    ///   - image: of the size that the camera has.
    ///   - captureTime: CLOCK_MONOTONIC, nanoseconds; the constant-velocity prediction lives on it.
    ///   - moved: the camera at ``motionTime`` in the camera now, where odometry says so: where the cached place is
    ///     looked for, and how places that a lost camera has seen one after another hang together. nil: as fast as
    ///     before.
    ///   - belief: where odometry has carried the camera since it was localized last. Decides between places that look
    ///     alike while no pose is known; nil: nothing does.
    ///   - told: what the frame does about the network, which its result names; nil: does not wait for it where there
    ///     is somebody to run it behind the frames, and adopts what is done.
    public func localize(
        _ image: GreyImage, captureTime: UInt64, motion moved: RigidTransform? = nil, belief: PoseBelief? = nil,
        told: NetworkTurn? = nil
    ) -> Localization {
        let start = hf_monotonic_ns()
        var frame = Frame()
        (frame.belief, frame.moved, frame.time) = (belief, moved, captureTime)
        let correction = adopt(told, in: &frame)
        frame.defect = defect(of: image, at: captureTime)
        var predicted = cache.isEmpty ? nil : motion.predict(at: captureTime, moved: moved)
        if let expected = predicted, let correction { predicted = expected * correction }
        if let followed = follow(image, from: predicted, at: captureTime, since: start, in: &frame) { return followed }
        let learning = hf_monotonic_ns()
        network.extractLocal(from: image, into: &features)
        frame.times.localFeatures = hf_monotonic_ns() - learning
        var found = recognize(image, near: predicted, in: &frame)
        carryOver(&found, at: captureTime)
        learn(image, from: found, in: &frame)
        frame.times.total = hf_monotonic_ns() - start
        return answer(found, frame)
    }

    /// Where the camera is by the picture whose features are at hand, and whether that is to be believed by what the
    /// picture shows.
    func recognize(_ image: GreyImage, near predicted: RigidTransform?, in frame: inout Frame) -> SearchOutcome {
        search.beginFrame()
        frameCount &+= 1
        var found =
            frame.defect == nil ? find(from: predicted, in: &frame) : SearchOutcome(failed: Evidence(failed: .input))
        assess(&found, image, in: &frame)
        guard found.hypothesis?.doubt == .purity else { return found }
        return askRivals(of: found, near: predicted, image, in: &frame)
    }

    /// Whether the places that look like the frame have a better pose than a tracked one of which little agrees.
    private func askRivals(
        of tracked: SearchOutcome, near predicted: RigidTransform?, _ image: GreyImage, in frame: inout Frame
    ) -> SearchOutcome {
        guard let own = tracked.hypothesis, own.source == .cachedPlace, !frame.isRetrieved else { return tracked }
        var other = decide(tryRetrievedPlaces(in: &frame), prior: predicted)
        guard let rival = other.hypothesis, rival.evidence.inliers > own.evidence.inliers else { return tracked }
        assess(&other, image, in: &frame)
        return other
    }

    /// What is known of a frame while it is being localized.
    struct Frame {
        /// Where the camera must be by what was known before.
        var belief: PoseBelief?
        /// The camera at ``Localizer/motionTime`` in the camera now.
        var moved: RigidTransform?
        /// Of its capture.
        var time: UInt64 = 0
        /// Whether its priors have been retrieved.
        var isRetrieved = false
        /// What is wrong with its picture.
        var defect: PictureDefect?
        /// Pose and camera that explain it best together; nil where they are open, or were not asked for.
        var freeCamera: FreeCameraEstimate?
        /// Of that camera against the one that is given, three degrees of freedom.
        var calibrationChiSquare = 0.0
        var times = Latencies()
        var turn = NetworkTurn.atOnce
    }

    /// What is wrong with a picture by itself, or beside the one before.
    private func defect(of image: GreyImage, at time: UInt64) -> PictureDefect? {
        seams.find(in: image)
        seamsOfFrame.removeAll(keepingCapacity: true)
        for seam in seams.found { seamsOfFrame.append(seam.scaled(by: 1 / frameScale)) }
        let defect = picture.look(at: image, time: time)
        // Of images that do not follow one another none comes too late.
        return !isDrive && (defect == .repeated || defect == .stale) ? nil : defect
    }

    /// Where the camera is, by the first of these that gives a pose.
    private func find(from predicted: RigidTransform?, in frame: inout Frame) -> SearchOutcome {
        guard let predicted else {
            let contest = tryRetrievedPlaces(in: &frame)
            return decide(contest, prior: frame.belief?.cameraFromMap, reach: frame.belief?.reach ?? 0)
        }
        if !isConfirmed || hint != nil { return findClaimed(near: predicted, in: &frame) }
        let track = track(from: predicted, in: &frame)
        if track.keepsHold { return track.outcome }
        var best = SearchOutcome(failed: track.outcome.evidence)
        best.improve(with: tryCachedPlace(behind: track, in: &frame))
        // Away from the prediction, or with so little of the hold, it may be a neighbour that looks alike.
        if let found = best.hypothesis, !isNear(found, predicted) || !keepsHold(found.evidence, weakHold) {
            best = arbitrate(best, against: tryRetrievedPlaces(in: &frame), prior: predicted)
        }
        if best.hypothesis == nil { best.improve(with: decide(tryRetrievedPlaces(in: &frame), prior: predicted)) }
        if best.hypothesis == nil { best.improve(with: weakTrack(track, in: &frame)) }
        return best
    }

    /// Whether enough frames agree with each other.
    private var isConfirmed: Bool { !isDrive || standing.agreeing >= options.agreement }

    // MARK: One place, one pose

    /// Matches a whole place, finds a pose by RANSAC, and refines it with guided matches of all keypoints.
    ///
    /// - Parameters:
    ///   - place: what the frame is matched against.
    ///   - strongest: how many keypoints the first matches are made of; nil: all.
    ///   - source: how the place was found.
    ///   - frame: gets what it took.
    func verify(
        _ place: PlaceLandmarks, strongest: Int?, source: Localization.Source, in frame: inout Frame
    ) -> SearchOutcome {
        search.spend(keypoints: min(features.count, strongest ?? features.count), keyframes: place.keyframes.count)
        guard let coarse = verifier.search(features, in: place, strongest: strongest, &frame.times) else {
            return SearchOutcome(failed: verifier.shortage)
        }
        var found = verifier.refine(
            coarse.cameraFromMap, features, in: place, radii: options.refinementRadii[...], source: source,
            &frame.times)
        found?.support = coarse.inlierCount
        return applyGates(to: found)
    }

    /// Lets the gates decide.
    func applyGates(to hypothesis: Hypothesis?, leastInliers: Int? = nil) -> SearchOutcome {
        guard var hypothesis else { return SearchOutcome(failed: verifier.shortage) }
        hypothesis.evidence.failedGate = options.gates.firstFailed(
            by: hypothesis.evidence, minimumInliers: leastInliers ?? options.gates.minimumInliers)
        return SearchOutcome(hypothesis)
    }

    // MARK: What the frame leaves

    /// Carries the outcome over to the next frame: motion, cached place, standing. Says of a pose whether enough frames
    /// agree with it.
    private func carryOver(_ outcome: inout SearchOutcome, at time: UInt64) {
        search.conclude(hasPose: outcome.hypothesis != nil)
        guard let found = outcome.hypothesis else { return carryOverFailure() }
        if hint != nil {
            // Borne out by the places that look like the frame: it was where the hint says.
            if let claimed = motion.lastPose, isNear(found, claimed) { outcome.hypothesis?.source = .cachedPlace }
            // A hint says where the camera was, not when.
            motion.forget()
        }
        let (isFirst, wasConfirmed) = (motion.lastPose == nil, isDrive && hint == nil && isConfirmed)
        let continues = motion.observe(found.cameraFromMap, covariance: found.covariance, at: time) && !isFirst
        if !continues || (found.source == .retrieval && standing.failures > 0) { resetCounter &+= 1 }
        hint = nil
        evidence.forget()
        stand(on: found, continues: continues, &outcome)
        if !continues, wasConfirmed, options.agreement > 1 {
            var withheld = found
            withheld.evidence.failedGate = .prediction
            outcome = SearchOutcome(withheld)
            return
        }
        if !isConfirmed, outcome.hypothesis?.doubt == Gate.none { outcome.hypothesis?.doubt = .agreement }
    }

    /// A picture has no pose.
    func carryOverFailure() {
        standing.failed()
        if standing.failures >= options.failuresUntilLost { forgetPlace() }
    }

    /// What a pose says of the place, and of those before it.
    func stand(on found: Hypothesis, continues: Bool, _ outcome: inout SearchOutcome) {
        standing.found(
            found.evidence, continues: continues, isIndependent: found.isIndependent, isWhole: found.isWhole)
        if !standing.hasSeenWhole { outcome.hypothesis?.mayBeAnObject(levelMultiple: map.quality.levelMultiple) }
        cache.follow(found.keyframe, map: map)
    }

    /// What is told of it.
    func answer(_ found: SearchOutcome, _ frame: Frame) -> Localization {
        var result = Localization()
        result.keypoints = features.count
        result.take(found.evidence)
        result.defect = frame.defect
        result.freeCamera = frame.freeCamera
        result.calibrationChiSquare = frame.calibrationChiSquare
        result.keyframe = found.keyframe
        (result.rivalShare, result.rivalKeyframe) = (found.rival?.ratio ?? 0, found.rival?.keyframe)
        if let pose = found.hypothesis {
            result.cameraFromMap = pose.cameraFromMap
            result.covariance = pose.covariance
            result.source = pose.source
            result.failedGate = pose.doubt
            result.state = pose.doubt == .none ? .localized : .degraded
            let level = ProtectionLevel(covariance: pose.covariance, multiple: map.quality.levelMultiple)
            result.protectionLevel = (level.position, level.rotation)
        }
        result.verifications = search.spent.verifications
        result.resetCounter = resetCounter
        result.latencies = frame.times
        result.turn = frame.turn
        return result
    }
}
