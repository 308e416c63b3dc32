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
        let predicted = cache.isEmpty ? nil : motion.predict(at: captureTime)
        let found = find(from: predicted, in: &frame)
        carryOver(found.hypothesis, at: captureTime)
        frame.times.total = hf_monotonic_ns() - start
        return answer(found, frame)
    }

    /// What is known of a frame while it is being localized.
    struct Frame {
        /// Whether its priors have been retrieved.
        var isRetrieved = false
        var times = Latencies()
    }

    /// One way after another, until a pose passes every gate: the place that another session remembers or that somebody
    /// states; the cached place, near where the motion predicts; the whole of it; the places that look like the frame;
    /// a track that has lost its hold.
    private func find(from predicted: RigidTransform?, in frame: inout Frame) -> Attempt {
        var best = Attempt()
        var track: Track?
        if let predicted, let hint {
            best.improve(with: tryHinted(from: predicted, hint, in: &frame))
        } else if let predicted {
            let tracked = self.track(from: predicted, in: &frame)
            if tracked.keepsHold { return tracked.attempt }
            best.improve(with: Attempt(failed: tracked.attempt.evidence))
            best.improve(with: tryCachedPlace(behind: tracked, in: &frame))
            track = tracked
        }
        if best.hypothesis == nil { best.improve(with: tryRetrievedPlaces(in: &frame)) }
        if best.hypothesis == nil, let track { best.improve(with: loosely(track, in: &frame)) }
        return best
    }

    // MARK: The cached place

    /// What came of tracking.
    private struct Track {
        /// Where guided matches around the prediction draw the pose; nil if nowhere.
        var coarse: PoseApproach?
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
        guard let coarse, keepsHold(coarse.inlierCount) else {
            var shortage = verifier.shortage
            if coarse != nil { shortage.failedGate = .inliers }
            return Track(coarse: coarse, attempt: Attempt(failed: shortage))
        }
        let attempt = refineTracked(coarse.cameraFromMap, leastInliers: options.gates.minimumTrackedInliers, in: &frame)
        let inliers = attempt.hypothesis?.evidence.inliers
        return Track(coarse: coarse, attempt: attempt, keepsHold: inliers.map(keepsHold) ?? false)
    }

    /// Whether a tracked pose keeps most of the inliers that the frame before had.
    private func keepsHold(_ inliers: Int) -> Bool { Double(inliers) >= options.leastInliersKept * Double(lastInliers) }

    /// Matches against the whole of the cached place, where tracking has lost its hold of it. A place of which next to
    /// nothing is seen is left to retrieval, which would ask for it again if it were the right one.
    private func tryCachedPlace(behind track: Track, in frame: inout Frame) -> Attempt {
        guard let coarse = track.coarse,
            Double(coarse.inlierCount) >= options.leastInliersSeen * Double(lastInliers)
        else { return Attempt() }
        return verify(cache.place, strongest: options.firstKeypoints, source: .cachedPlace, in: &frame)
    }

    /// The pose of a track that lost its hold, for want of a better one.
    private func loosely(_ track: Track, in frame: inout Frame) -> Attempt {
        guard let coarse = track.coarse else { return Attempt() }
        return refineTracked(coarse.cameraFromMap, leastInliers: options.gates.minimumTrackedInliers, in: &frame)
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

    /// Looks for the camera in a place that this localizer did not find itself: near the pose of the hint, then
    /// anywhere in the place.
    private func tryHinted(from pose: RigidTransform, _ hint: PoseHint, in frame: inout Frame) -> Attempt {
        if hint == .remembered {
            retrieve(in: &frame)
            guard retrievalAgreesWithCache else { return Attempt() }
        }
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

    /// Verifies places of the priors, as many as the search allows.
    private func tryRetrievedPlaces(in frame: inout Frame) -> Attempt {
        retrieve(in: &frame)
        var best = Attempt()
        while best.hypothesis == nil, let step = nextStep() {
            let start = hf_monotonic_ns()
            candidatePlace.load(retriever.places.keyframes[retriever.places.ranges[step.place]], from: map)
            frame.times.matching += hf_monotonic_ns() - start
            let strongest = step.takesAllKeypoints ? nil : options.firstKeypoints
            best.improve(with: verify(candidatePlace, strongest: strongest, source: .retrieval, in: &frame))
        }
        return best
    }

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
        let found = verifier.refine(
            coarse.cameraFromMap, features, in: place, radii: options.refinementRadii[...], source: source,
            &frame.times)
        return judge(found, leastInliers: options.gates.minimumInliers)
    }

    /// Lets the gates decide.
    private func judge(_ hypothesis: Hypothesis?, leastInliers: Int) -> Attempt {
        guard var hypothesis else { return Attempt(failed: verifier.shortage) }
        hypothesis.evidence.failedGate = options.gates.firstFailed(
            by: hypothesis.evidence, minimumInliers: leastInliers)
        return Attempt(hypothesis)
    }

    // MARK: What the frame leaves

    /// Carries the outcome over to the next frame: motion, cached place, failures.
    private func carryOver(_ found: Hypothesis?, at time: UInt64) {
        search.conclude(hasPose: found != nil)
        guard let found else {
            failures += 1
            if failures >= options.failuresUntilLost { forgetPlace() }
            return
        }
        // A hint says where the camera was, not when.
        if hint != nil { motion.forget() }
        let continues = motion.observe(found.cameraFromMap, covariance: found.covariance, at: time)
        if found.source == .retrieval || hint != nil || !continues { resetCounter &+= 1 }
        hint = nil
        cache.follow(found.keyframe, map: map)
        failures = 0
        lastInliers = found.evidence.inliers
    }

    /// What is told of it.
    private func answer(_ found: Attempt, _ frame: Frame) -> Localization {
        var result = Localization()
        result.keypoints = features.count
        result.take(found.evidence)
        if let pose = found.hypothesis {
            result.cameraFromMap = pose.cameraFromMap
            result.covariance = pose.covariance
            result.source = pose.source
            let isWeak = options.degradation.applies(to: pose.covariance, inliers: pose.evidence.inliers)
            result.state = isWeak ? .degraded : .localized
        }
        result.verifications = search.spent.verifications
        result.resetCounter = resetCounter
        result.latencies = frame.times
        return result
    }
}
