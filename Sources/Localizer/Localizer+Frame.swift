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
    ///   - moved: the camera at ``lastPoseTime`` in the camera now, where odometry says so: where the cached place is
    ///     looked for. nil: as fast as before.
    ///   - belief: where odometry has carried the camera since it was localized last. Decides between places that look
    ///     alike while no pose is known; nil: nothing does.
    public func localize(
        _ image: GreyImage, captureTime: UInt64, motion moved: RigidTransform? = nil, belief: PoseBelief? = nil
    ) -> Localization {
        let start = hf_monotonic_ns()
        var frame = Frame()
        frame.belief = belief
        frame.defect = defect(of: image, at: captureTime)
        let predicted = cache.isEmpty ? nil : motion.predict(at: captureTime, moved: moved)
        if let followed = follow(image, from: predicted, at: captureTime, since: start, in: &frame) { return followed }
        let learning = hf_monotonic_ns()
        network.extractLocal(from: image, into: &features)
        frame.times.localFeatures = hf_monotonic_ns() - learning
        search.beginFrame()
        frameCount &+= 1
        var found =
            frame.defect == nil ? find(from: predicted, in: &frame) : SearchOutcome(failed: Evidence(failed: .input))
        assess(&found, image, in: &frame)
        if found.hypothesis?.doubt == .purity { found = askRivals(of: found, near: predicted, image, in: &frame) }
        carryOver(&found, at: captureTime)
        learn(image, from: found, in: &frame)
        frame.times.total = hf_monotonic_ns() - start
        return answer(found, frame)
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
        /// Whether its priors have been retrieved.
        var isRetrieved = false
        /// What is wrong with its picture.
        var defect: PictureDefect?
        /// Pose and camera that explain it best together; nil where they are open, or were not asked for.
        var freeCamera: FreeCameraEstimate?
        /// Of that camera against the one that is given, three degrees of freedom.
        var calibrationChiSquare = 0.0
        var times = Latencies()
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

    // MARK: The cached place

    /// What came of tracking.
    private struct Track {
        /// Where guided matches around the prediction draw the pose; nil if nowhere.
        var coarse: PoseApproach?
        /// Landmarks that the prediction expects in the image.
        var landmarksInView = 0
        /// From there.
        var outcome: SearchOutcome
        /// It has a pose that keeps most of the inliers of the frame before.
        var keepsHold = false
    }

    /// Matches against the cached place around the predicted pose.
    ///
    /// Guided matches agree with the pose that guides them: from a prediction that is far off (the camera has turned,
    /// stopped, or jumped) they can converge on a wrong one, with a third of the inliers. Matches against the whole
    /// place know nothing of the prediction.
    private func track(from predicted: RigidTransform, in frame: inout Frame) -> Track {
        let coarse = approach(predicted, in: &frame)
        let inView = verifier.landmarksInView
        guard let coarse, standing.keepsHold(inliers: coarse.inlierCount, of: inView, share: options.leastKept) else {
            var shortage = verifier.shortage
            if coarse != nil { shortage.failedGate = .inliers }
            return Track(coarse: coarse, landmarksInView: inView, outcome: SearchOutcome(failed: shortage))
        }
        let outcome = refineTracked(coarse.cameraFromMap, leastInliers: options.gates.minimumTrackedInliers, in: &frame)
        let evidence = outcome.hypothesis?.evidence
        return Track(
            coarse: coarse, landmarksInView: inView, outcome: outcome,
            keepsHold: evidence.map { keepsHold($0, options.leastKept) } ?? false)
    }

    /// Whether a pose shows such a share of what the place has shown before.
    private func keepsHold(_ evidence: Evidence, _ share: Double) -> Bool {
        standing.keepsHold(inliers: evidence.inliers, of: evidence.landmarksInView, share: share)
    }

    /// Half of the hold: a pose with less is looked for elsewhere, and not taken for want of a better one.
    private var weakHold: Double { 0.5 * options.leastKept }

    /// Matches against the whole of the cached place, where tracking has lost its hold of it. A place of which next to
    /// nothing is seen is left to retrieval, which would ask for it again if it were the right one.
    private func tryCachedPlace(behind track: Track, in frame: inout Frame) -> SearchOutcome {
        guard let coarse = track.coarse,
            standing.keepsHold(inliers: coarse.inlierCount, of: track.landmarksInView, share: options.leastSeen)
        else { return SearchOutcome() }
        return verify(cache.place, strongest: options.firstKeypoints, source: .cachedPlace, in: &frame)
    }

    /// The pose of a track that lost its hold, for want of a better one: degraded, and only with half of the hold.
    private func weakTrack(_ track: Track, in frame: inout Frame) -> SearchOutcome {
        guard let coarse = track.coarse else { return SearchOutcome() }
        var loose = refineTracked(
            coarse.cameraFromMap, leastInliers: options.gates.minimumTrackedInliers, in: &frame)
        guard let found = loose.hypothesis, !keepsHold(found.evidence, weakHold) else {
            loose.hypothesis?.doubt = .recognition
            return loose
        }
        loose.evidence.failedGate = .recognition
        return SearchOutcome(failed: loose.evidence)
    }

    /// Where guided matches with the cached place draw a predicted pose.
    private func approach(_ predicted: RigidTransform, in frame: inout Frame) -> PoseApproach? {
        verifier.approach(predicted, features, in: cache.place, radius: options.searchRadius, &frame.times)
    }

    /// Refines a pose that guided matches in the cached place have drawn near, and applies the gates to it.
    private func refineTracked(_ coarse: RigidTransform, leastInliers: Int, in frame: inout Frame) -> SearchOutcome {
        let found = verifier.refine(
            coarse, features, in: cache.place, radii: options.refinementRadii.dropFirst(), source: .cachedPlace,
            &frame.times)
        return applyGates(to: found, leastInliers: leastInliers)
    }

    // MARK: A place that is claimed

    /// Looks for the camera as if nothing were known, and then asks who claims to know: a hint, or the few frames
    /// before that nothing has confirmed yet. A claim decides between rivals, and stands in where retrieval finds
    /// nothing.
    private func findClaimed(near claimed: RigidTransform, in frame: inout Frame) -> SearchOutcome {
        let contest = tryRetrievedPlaces(in: &frame)
        if let winner = contest.hypothesis, isNear(winner, claimed) { return decide(contest, prior: prior(claimed)) }
        var claim = SearchOutcome()
        if hint != .remembered || retrievalAgreesWithCache { claim = tryClaim(near: claimed, in: &frame) }
        return arbitrate(claim, against: contest, prior: prior(claimed))
    }

    /// What a claim and retrieval come to: where they disagree, each is the other's rival.
    private func arbitrate(_ claim: SearchOutcome, against contest: SearchOutcome, prior: RigidTransform?)
        -> SearchOutcome
    {
        guard let own = claim.hypothesis else { return decide(contest, prior: prior) }
        guard let winner = contest.hypothesis else { return claim }
        guard own.cameraFromMap.isApart(from: winner.cameraFromMap) else {
            return decide(contest, prior: prior)
        }
        let isClaimed = own.evidence.inliers > winner.evidence.inliers
        let (first, other) = isClaimed ? (own, winner) : (winner, own)
        var better = first
        let ratio = Double(other.evidence.inliers) / Double(max(better.evidence.inliers, 1))
        if ratio > better.rival?.ratio ?? 0 { better.rival = Rival(other, ratio: ratio) }
        return decide(SearchOutcome(better), prior: prior)
    }

    /// What may decide between rivals: what somebody states, or the motion so far; not what is remembered from before a
    /// restart.
    private func prior(_ claimed: RigidTransform) -> RigidTransform? { hint == .remembered ? nil : claimed }

    /// Whether a pose is where a claim says, as far as a claim is to be taken: within two metres and half a radian.
    private func isNear(_ hypothesis: Hypothesis, _ claimed: RigidTransform) -> Bool {
        let pose = hypothesis.cameraFromMap
        return (pose.originInSource - claimed.originInSource).length <= 2
            && (pose.rotation * claimed.rotation.inverse).angle <= 0.5
    }

    /// Looks for the camera in the cached place: near the claimed pose, then anywhere in the place.
    private func tryClaim(near pose: RigidTransform, in frame: inout Frame) -> SearchOutcome {
        let least = options.gates.minimumInliers
        var best =
            approach(pose, in: &frame).map { refineTracked($0.cameraFromMap, leastInliers: least, in: &frame) }
            ?? SearchOutcome(failed: verifier.shortage)
        guard best.hypothesis == nil else { return best }
        best.improve(with: verify(cache.place, strongest: nil, source: .cachedPlace, in: &frame))
        return best
    }

    /// Is the cached place a part of the place that retrieval would try first?
    private var retrievalAgreesWithCache: Bool {
        guard let first = retriever.places.ranges.first else { return false }
        return retriever.places.keyframes[first].contains { cache.place.keyframes.contains($0) }
    }

    // MARK: Places that look like the frame

    /// Finds the frame's priors, and their places; once.
    private func retrieve(in frame: inout Frame) {
        guard !frame.isRetrieved else { return }
        var start = hf_monotonic_ns()
        network.extractGlobal(of: features, into: &global)
        frame.times.globalDescriptor = hf_monotonic_ns() - start
        start = hf_monotonic_ns()
        retriever.retrieve(global)
        frame.times.retrieval = hf_monotonic_ns() - start
        frame.isRetrieved = true
    }

    /// Verifies places of the priors, as many as the search allows, until one gives a pose; then looks for its rivals.
    private func tryRetrievedPlaces(in frame: inout Frame) -> SearchOutcome {
        retrieve(in: &frame)
        var best = SearchOutcome()
        while let step = nextStep() {
            let start = hf_monotonic_ns()
            candidatePlace.load(retriever.places.keyframes[retriever.places.ranges[step.place]], from: map)
            frame.times.matching += hf_monotonic_ns() - start
            let strongest = step.takesAllKeypoints ? nil : options.firstKeypoints
            best.improve(with: verify(candidatePlace, strongest: strongest, source: .retrieval, in: &frame))
            guard let found = best.hypothesis else { continue }
            return SearchOutcome(
                rivals.contest(
                    found, places: retriever.places, features: features, strongest: options.firstKeypoints,
                    radii: options.refinementRadii, verifier: &verifier, &frame.times))
        }
        return best
    }

    /// Two poses that explain a frame nearly alike are none, unless it is known where the camera is: then the one that
    /// is there, no further from it than `reach`, metres.
    private func decide(
        _ outcome: SearchOutcome, prior: RigidTransform?, reach: Double = .infinity
    ) -> SearchOutcome {
        guard let winner = outcome.hypothesis, let rival = winner.rival, rival.ratio > largestRivalShare(of: winner)
        else { return outcome }
        if let prior {
            func distance(_ pose: RigidTransform) -> Double { (pose.originInSource - prior.originInSource).length }
            let (own, other) = (distance(winner.cameraFromMap), distance(rival.cameraFromMap))
            if own < Self.clearlyNearer * other, own <= reach { return outcome }
            if other < Self.clearlyNearer * own, other <= reach { return applyGates(to: rival.promoted(over: winner)) }
        }
        var withheld = winner
        withheld.evidence.failedGate = .ambiguity
        return SearchOutcome(withheld)
    }

    /// Less where leave-one-out has found that the map has other places like it.
    private func largestRivalShare(of winner: Hypothesis) -> Double {
        options.gates.maximumRivalShare * (isKnownAmbiguous(winner) ? Self.shareOfAmbiguous : 1)
    }

    /// Whether leave-one-out has found that the map has other places like that of a pose.
    func isKnownAmbiguous(_ found: Hypothesis) -> Bool {
        found.keyframe.map { map.keyframeQualities?[$0].isAmbiguous ?? false } ?? false
    }

    /// Of the largest share of a rival, at a keyframe that leave-one-out calls ambiguous.
    private static let shareOfAmbiguous = 0.6

    /// A prior decides for a pose whose distance is less than this share of its rival's.
    private static let clearlyNearer = 0.3

    private func nextStep() -> PlaceSearch.Step? {
        search.nextStep(places: retriever.places.count, keypoints: features.count) { [places = retriever.places] rank in
            places.ranges[rank].count
        }
    }

    // MARK: One place, one pose

    /// Matches a whole place, finds a pose by RANSAC, and refines it with guided matches of all keypoints.
    ///
    /// - Parameters:
    ///   - place: what the frame is matched against.
    ///   - strongest: how many keypoints the first matches are made of; nil: all.
    ///   - source: how the place was found.
    ///   - frame: gets what it took.
    private func verify(
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
    private func applyGates(to hypothesis: Hypothesis?, leastInliers: Int? = nil) -> SearchOutcome {
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
        guard let found = outcome.hypothesis else {
            standing.failed()
            if standing.failures >= options.failuresUntilLost { forgetPlace() }
            return
        }
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
        standing.found(
            found.evidence, continues: continues, isIndependent: found.isIndependent, isWhole: found.isWhole)
        if !standing.hasSeenWhole { outcome.hypothesis?.mayBeAnObject(levelMultiple: map.quality.levelMultiple) }
        cache.follow(found.keyframe, map: map)
        if !continues, wasConfirmed, options.agreement > 1 {
            var withheld = found
            withheld.evidence.failedGate = .prediction
            outcome = SearchOutcome(withheld)
            return
        }
        if !isConfirmed, outcome.hypothesis?.doubt == Gate.none { outcome.hypothesis?.doubt = .agreement }
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
        return result
    }
}
