internal import CLinux
public import Features
internal import Geometry
internal import Inference
internal import LocalizationOptions
internal import Matching
internal import PoseEstimation
internal import Retrieval

/// The way of a frame, from top to bottom. A step is a function of what it is given; what a frame leaves to the next is
/// written down in one place, at the end.
extension Localizer {
    /// Localizes one frame.
    ///
    /// - Parameters:
    ///   - image: of the size that the camera has.
    ///   - captureTime: CLOCK_MONOTONIC, nanoseconds; the constant-velocity prediction lives on it.
    public func localize(_ image: GreyImage, captureTime: UInt64) -> Localization {
        let start = hf_monotonic_ns()
        var frame = Frame()
        network.extractLocal(from: image, into: &features)
        frame.times.localFeatures = hf_monotonic_ns() - start
        search.beginFrame()
        frame.defect = look(at: image, time: captureTime)
        let predicted = cache.isEmpty ? nil : motion.predict(at: captureTime)
        var found = frame.defect == nil ? find(from: predicted, in: &frame) : Attempt(failed: Evidence(failed: .input))
        weigh(&found, in: &frame)
        carryOver(&found, at: captureTime)
        frame.times.total = hf_monotonic_ns() - start
        return answer(found, frame)
    }

    /// What is known of a frame while it is being localized.
    struct Frame {
        /// Whether its priors have been retrieved.
        var isRetrieved = false
        /// What is wrong with its picture.
        var defect: PictureDefect?
        var times = Latencies()
    }

    /// What is wrong with a picture by itself, or beside the one before.
    private func look(at image: GreyImage, time: UInt64) -> PictureDefect? {
        let defect = picture.look(at: image, time: time)
        return defect == .repeated && !isDrive ? nil : defect
    }

    /// Where the camera is, by the first of these that gives a pose.
    private func find(from predicted: RigidTransform?, in frame: inout Frame) -> Attempt {
        guard let predicted else { return decide(tryRetrievedPlaces(in: &frame), prior: nil) }
        if !isConfirmed || hint != nil { return findClaimed(near: predicted, in: &frame) }
        let track = track(from: predicted, in: &frame)
        if track.keepsHold { return track.attempt }
        var best = Attempt(failed: track.attempt.evidence)
        best.improve(with: tryCachedPlace(behind: track, in: &frame))
        if best.hypothesis == nil { best.improve(with: decide(tryRetrievedPlaces(in: &frame), prior: predicted)) }
        if best.hypothesis == nil { best.improve(with: loosely(track, in: &frame)) }
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
        var attempt: Attempt
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
        guard let coarse, keepsHold(coarse.inlierCount, of: verifier.landmarksInView) else {
            var shortage = verifier.shortage
            if coarse != nil { shortage.failedGate = .inliers }
            return Track(coarse: coarse, landmarksInView: inView, attempt: Attempt(failed: shortage))
        }
        let attempt = refineTracked(coarse.cameraFromMap, leastInliers: options.gates.minimumTrackedInliers, in: &frame)
        let evidence = attempt.hypothesis?.evidence
        return Track(
            coarse: coarse, landmarksInView: inView, attempt: attempt,
            keepsHold: evidence.map { keepsHold($0.inliers, of: $0.landmarksInView) } ?? false)
    }

    /// Whether a tracked pose shows most of what the place has shown before.
    private func keepsHold(_ inliers: Int, of landmarksInView: Int) -> Bool {
        standing.keepsHold(inliers: inliers, of: landmarksInView, share: options.leastKept)
    }

    /// Matches against the whole of the cached place, where tracking has lost its hold of it. A place of which next to
    /// nothing is seen is left to retrieval, which would ask for it again if it were the right one.
    private func tryCachedPlace(behind track: Track, in frame: inout Frame) -> Attempt {
        guard let coarse = track.coarse,
            standing.keepsHold(inliers: coarse.inlierCount, of: track.landmarksInView, share: options.leastSeen)
        else { return Attempt() }
        return verify(cache.place, strongest: options.firstKeypoints, source: .cachedPlace, in: &frame)
    }

    /// The pose of a track that lost its hold, for want of a better one.
    private func loosely(_ track: Track, in frame: inout Frame) -> Attempt {
        guard let coarse = track.coarse else { return Attempt() }
        var loose = refineTracked(
            coarse.cameraFromMap, leastInliers: options.gates.minimumTrackedInliers, in: &frame)
        loose.hypothesis?.doubt = .recognition
        return loose
    }

    /// Where guided matches with the cached place draw a predicted pose.
    private func approach(_ predicted: RigidTransform, in frame: inout Frame) -> PoseApproach? {
        verifier.approach(predicted, features, in: cache.place, radius: options.searchRadius, &frame.times)
    }

    /// Refines a pose that guided matches in the cached place have drawn near, and judges it.
    private func refineTracked(_ coarse: RigidTransform, leastInliers: Int, in frame: inout Frame) -> Attempt {
        let found = verifier.refine(
            coarse, features, in: cache.place, radii: options.refinementRadii.dropFirst(), source: .cachedPlace,
            &frame.times)
        return judge(found, leastInliers: leastInliers)
    }

    // MARK: A place that is claimed

    /// Looks for the camera as if nothing were known, and then asks who claims to know: a hint, or the few frames before
    /// that nothing has confirmed yet. A claim decides between rivals, and stands in where retrieval finds nothing.
    private func findClaimed(near claimed: RigidTransform, in frame: inout Frame) -> Attempt {
        let contest = tryRetrievedPlaces(in: &frame)
        if let winner = contest.hypothesis, isNear(winner, claimed) { return decide(contest, prior: prior(claimed)) }
        var claim = Attempt()
        if hint != .remembered || retrievalAgreesWithCache { claim = tryClaim(near: claimed, in: &frame) }
        guard let own = claim.hypothesis else { return decide(contest, prior: prior(claimed)) }
        guard var winner = contest.hypothesis else { return claim }
        if !RivalSearch.areApart(own.cameraFromMap, winner.cameraFromMap) {
            return decide(contest, prior: prior(claimed))
        }
        if own.evidence.inliers > winner.evidence.inliers { return claim }
        let ratio = Double(own.evidence.inliers) / Double(max(winner.evidence.inliers, 1))
        if ratio > winner.rival?.ratio ?? 0 { winner.rival = Rival(own, ratio: ratio) }
        return decide(Attempt(winner), prior: prior(claimed))
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
    private func tryClaim(near pose: RigidTransform, in frame: inout Frame) -> Attempt {
        let least = options.gates.minimumInliers
        var best =
            approach(pose, in: &frame).map { refineTracked($0.cameraFromMap, leastInliers: least, in: &frame) }
            ?? Attempt(failed: verifier.shortage)
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
        network.extractGlobal(into: &global)
        frame.times.globalDescriptor = hf_monotonic_ns() - start
        start = hf_monotonic_ns()
        retriever.retrieve(global)
        frame.times.retrieval = hf_monotonic_ns() - start
        frame.isRetrieved = true
    }

    /// Verifies places of the priors, as many as the search allows, until one gives a pose; then looks for its rivals.
    private func tryRetrievedPlaces(in frame: inout Frame) -> Attempt {
        retrieve(in: &frame)
        var best = Attempt()
        while let step = nextStep() {
            let start = hf_monotonic_ns()
            candidatePlace.load(retriever.places.keyframes[retriever.places.ranges[step.place]], from: map)
            frame.times.matching += hf_monotonic_ns() - start
            let strongest = step.takesAllKeypoints ? nil : options.firstKeypoints
            best.improve(with: verify(candidatePlace, strongest: strongest, source: .retrieval, in: &frame))
            guard let found = best.hypothesis else { continue }
            return Attempt(
                rivals.contest(
                    found, places: retriever.places, features: features, strongest: options.firstKeypoints,
                    radii: options.refinementRadii, verifier: &verifier, &frame.times))
        }
        return best
    }

    /// Two poses that explain a frame nearly alike are none, unless it is known where the camera is: then the one that
    /// is there.
    private func decide(_ attempt: Attempt, prior: RigidTransform?) -> Attempt {
        guard let winner = attempt.hypothesis, let rival = winner.rival, rival.ratio > options.gates.maximumRivalShare
        else { return attempt }
        if let prior {
            func distance(_ pose: RigidTransform) -> Double { (pose.originInSource - prior.originInSource).length }
            let (own, other) = (distance(winner.cameraFromMap), distance(rival.cameraFromMap))
            if own < Self.clearlyNearer * other { return attempt }
            if other < Self.clearlyNearer * own { return judge(rival.promoted(over: winner)) }
        }
        var withheld = winner
        withheld.evidence.failedGate = .ambiguity
        return Attempt(withheld)
    }

    /// A prior decides for a pose whose distance is less than this share of its rival's.
    private static let clearlyNearer = 0.3

    private func nextStep() -> PlaceSearch.Step? {
        search.nextStep(places: retriever.places.count, keypoints: features.count) { [places = retriever.places] rank in
            places.ranges[rank].count
        }
    }

    // MARK: One place, one pose

    /// Matches a whole place, finds a pose by RANSAC, and refines and judges it with guided matches of all keypoints.
    ///
    /// - Parameters:
    ///   - place: what the frame is matched against.
    ///   - strongest: how many keypoints the first matches are made of; nil: all.
    ///   - source: how the place was found.
    ///   - frame: gets what it took.
    private func verify(
        _ place: PlaceLandmarks, strongest: Int?, source: Localization.Source, in frame: inout Frame
    ) -> Attempt {
        search.spend(keypoints: min(features.count, strongest ?? features.count), keyframes: place.keyframes.count)
        guard let coarse = verifier.search(features, in: place, strongest: strongest, &frame.times) else {
            return Attempt(failed: verifier.shortage)
        }
        var found = verifier.refine(
            coarse.cameraFromMap, features, in: place, radii: options.refinementRadii[...], source: source,
            &frame.times)
        found?.support = coarse.inlierCount
        return judge(found)
    }

    /// Lets the gates decide.
    private func judge(_ hypothesis: Hypothesis?, leastInliers: Int? = nil) -> Attempt {
        guard var hypothesis else { return Attempt(failed: verifier.shortage) }
        hypothesis.evidence.failedGate = options.gates.firstFailed(
            by: hypothesis.evidence, minimumInliers: leastInliers ?? options.gates.minimumInliers)
        return Attempt(hypothesis)
    }

    // MARK: What is believed

    /// Looks at residuals before they are cut, of the pose that was found.
    private func weigh(_ attempt: inout Attempt, in frame: inout Frame) {
        guard var found = attempt.hypothesis else { return }
        let radius = options.searchRadius
        if found.isRefinedAtHome, let keyframe = found.keyframe {
            verifier.weigh(&found, features, in: rivals.landmarks(around: keyframe), radius: radius, &frame.times)
        } else if found.source == .retrieval {
            verifier.weigh(&found, features, in: candidatePlace, radius: radius, &frame.times)
        } else {
            verifier.weigh(&found, features, in: cache.place, radius: radius, &frame.times)
        }
        if found.evidence.beyond > options.gates.maximumBeyond { found.evidence.failedGate = .extrapolation }
        if found.doubt == .none { found.doubt = doubt(of: found) }
        attempt = Attempt(found)
    }

    /// Why a pose that passed every gate is to be taken with care.
    private func doubt(of found: Hypothesis) -> Gate {
        if found.evidence.purity < options.gates.minimumPurity * expectedPurity { return .purity }
        if found.evidence.beyond > 0.6 * options.gates.maximumBeyond { return .extrapolation }
        if options.degradation.applies(to: found.covariance, inliers: found.evidence.inliers) { return .covariance }
        return .none
    }

    /// Purity of a right pose in a map that does not say it.
    private var expectedPurity: Double { 0.65 }

    // MARK: What the frame leaves

    /// Carries the outcome over to the next frame: motion, cached place, standing. Says of a pose whether enough frames
    /// agree with it.
    private func carryOver(_ attempt: inout Attempt, at time: UInt64) {
        search.conclude(hasPose: attempt.hypothesis != nil)
        guard let found = attempt.hypothesis else {
            standing.failed()
            if standing.failures >= options.failuresUntilLost { forgetPlace() }
            return
        }
        // A hint says where the camera was, not when.
        if hint != nil { motion.forget() }
        let isFirst = motion.lastPose == nil
        let continues = motion.observe(found.cameraFromMap, covariance: found.covariance, at: time) && !isFirst
        if !continues || (found.source == .retrieval && standing.failures > 0) { resetCounter &+= 1 }
        hint = nil
        standing.found(found.evidence, continues: continues, isIndependent: found.isIndependent)
        cache.follow(found.keyframe, map: map)
        if !isConfirmed, found.doubt == .none { attempt.hypothesis?.doubt = .agreement }
    }

    /// What is told of it.
    private func answer(_ found: Attempt, _ frame: Frame) -> Localization {
        var result = Localization()
        result.keypoints = features.count
        result.take(found.evidence)
        result.defect = frame.defect
        result.keyframe = found.keyframe
        (result.rivalShare, result.rivalKeyframe) = (found.rival?.ratio ?? 0, found.rival?.keyframe)
        if let pose = found.hypothesis {
            result.cameraFromMap = pose.cameraFromMap
            result.covariance = pose.covariance
            result.source = pose.source
            result.failedGate = pose.doubt
            result.state = pose.doubt == .none ? .localized : .degraded
        }
        result.verifications = search.spent.verifications
        result.resetCounter = resetCounter
        result.latencies = frame.times
        return result
    }
}
