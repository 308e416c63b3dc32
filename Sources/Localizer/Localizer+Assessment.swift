internal import Features
internal import Geometry
internal import Integrity
internal import LocalizationOptions
internal import Matching
internal import PoseEstimation
internal import ReferenceMap

/// What is believed of a pose that passed the gates of its search: residuals before they are cut, the camera let go
/// free, rivals, seams, mirrored pictures. Only here and in ``Gates`` is a pose withheld or called degraded for what it
/// shows; what it shows beside the frames before is ``Localizer/carryOver``'s.
extension Localizer {
    /// Looks at residuals before they are cut, and lets the camera go free, at the pose that was found; withholds it,
    /// or says why it is to be taken with care.
    func assess(_ outcome: inout SearchOutcome, _ image: GreyImage, in frame: inout Frame) {
        guard var found = outcome.hypothesis else { return }
        if found.isRefinedAtHome, let keyframe = found.keyframe {
            assess(&found, in: rivals.landmarks(around: keyframe), &frame)
        } else if found.source == .retrieval {
            assess(&found, in: candidatePlace, &frame)
        } else {
            assess(&found, in: cache.place, &frame)
        }
        if let failed = options.gates.failed(by: found, usualPurity: usualPurity) { found.evidence.failedGate = failed }
        if found.evidence.endsAtSeam {
            found.evidence.failedGate = .input
            frame.defect = .torn
        }
        if found.evidence.failedGate == .none, isMirrored(image, found, &frame) {
            found.evidence.failedGate = .input
            frame.defect = .mirrored
        }
        // What another gate withholds shows no place, and so no camera.
        if [.none, .calibration].contains(found.evidence.failedGate), let free = frame.freeCamera {
            watchCamera(free, factor: calibrationFactor)
        }
        if found.doubt == .none { found.doubt = doubt(of: found) }
        // Of a poor picture the double may find too little to be a rival.
        if found.evidence.failedGate == .none, found.doubt == .purity, found.source == .retrieval,
            isKnownAmbiguous(found)
        {
            found.evidence.failedGate = .ambiguity
        }
        outcome = SearchOutcome(found)
    }

    private func assess(_ found: inout Hypothesis, in place: PlaceLandmarks, _ frame: inout Frame) {
        var isTold =
            found.source == .retrieval || frameCount % Self.framesPerFreeCamera == 0 || contradictsCalibration
            || !standing.hasSeenWhole
        verifier.assess(
            &found, features, in: place, seams: seamsOfFrame, step: isTold ? 1 : Self.sampledKeypoints, &frame.times)
        if !isTold, isImpure(found) || found.evidence.endsAtSeam {
            verifier.assess(&found, features, in: place, seams: seamsOfFrame, &frame.times)
            isTold = true
        }
        found.isWhole = isTold && isWhole(found)
        frame.freeCamera =
            isTold ? verifier.freeCamera(around: found.cameraFromMap, features, in: place, &frame.times) : nil
        guard let free = frame.freeCamera else {
            if contradictsCalibration { found.evidence.failedGate = .calibration }
            return
        }
        if found.evidence.endsAtSeam { found.evidence.endsAtSeam = verifier.endsAtSeam(seamsOfFrame, free, features) }
        frame.calibrationChiSquare = CalibrationTest.chiSquare(
            free.camera.vector, covariance: free.covariance * calibrationFactor, given: watch.given, camera: camera)
        guard contradictsCalibration || frame.calibrationChiSquare > options.gates.maximumCalibrationChiSquare
        else { return }
        // What the camera file's error may do to the pose: little where the landmarks are near.
        let shift = free.cameraFromMap.originInSource - found.cameraFromMap.originInSource
        let turn = (free.cameraFromMap.rotation.inverse * found.cameraFromMap.rotation).log
        let isHarmless =
            shift.length <= options.degradation.maximumPositionDeviation && turn.length <= Self.harmlessTurn
        // A map that is weak, or was not checked, contradicts a right camera now and then.
        let isCertain =
            map.quality.verdict == .good
            || frame.calibrationChiSquare > Self.certain * options.gates.maximumCalibrationChiSquare
        if !isHarmless, isCertain { found.evidence.failedGate = .calibration }
        found.doubt = .calibration
        found.covariance.addOuter(Twist(translation: shift, rotation: turn))
    }

    /// A contradiction of the camera file that turns the pose by less is no reason to withhold it, radians.
    private static let harmlessTurn = 2.5 * Double.pi / 180

    /// Of a map that is weak, or was not checked, a contradiction is certain at so many times the limit: half of a
    /// buffer in another place has 80 there and more, right cameras have 10 at most.
    private static let certain = 2.5

    /// What a free camera's covariance is multiplied by. Of a map that was not checked, or is weak, the default is
    /// right for half of the maps at hand; four times as much accuses no right camera of them.
    private var calibrationFactor: Double {
        map.quality.calibrationFactor * (map.quality.verdict == .good ? 1 : 4)
    }

    /// A tracked frame's camera is freed this often: the watch over frames adds them up.
    private static let framesPerFreeCamera: UInt32 = 4

    /// Of so many keypoints one says whether a tracked frame is in doubt; where it is, all are asked.
    private static let sampledKeypoints = 4

    /// Why a pose that passed every gate is to be taken with care.
    private func doubt(of found: Hypothesis) -> Gate {
        if let doubt = options.gates.doubt(of: found, usualPurity: usualPurity) { return doubt }
        let level = ProtectionLevel(covariance: found.covariance, multiple: map.quality.levelMultiple)
        let isWeak = options.degradation.applies(
            to: found.covariance, level: level, inliers: found.evidence.inliers)
        return isWeak ? .covariance : .none
    }

    /// The least purity that right poses of the map have.
    private var usualPurity: Double { map.quality.purity.low }

    /// Whether matches of a wide search agree less cleanly than the place gives.
    private func isImpure(_ found: Hypothesis, share: Double = 1) -> Bool {
        options.gates.isImpure(found, usual: usualPurity, share: share)
    }

    /// Whether a pose shows the place, and not only an object of it or, where places look alike, a part that both have.
    private func isWhole(_ found: Hypothesis) -> Bool {
        let least = isKnownAmbiguous(found) ? Self.leastSeenOfAmbiguous : 0
        return found.evidence.unseenSide <= options.gates.maximumUnseenSide && found.evidence.seen >= least
    }

    /// Of the picture's cells, where leave-one-out has found places that look alike: identical houses whose difference
    /// is covered have .57.
    private static let leastSeenOfAmbiguous = 0.6

    /// Whether a picture is the other way round: then its twin finds more of the place than it does. Asked once in a
    /// session, for a sensor that is mounted so, and where matches agree poorly. Facades are nearly symmetric: mirrored
    /// they fit a pose in front of them, from directions that the map has seen.
    private func isMirrored(_ image: GreyImage, _ found: Hypothesis, _ frame: inout Frame) -> Bool {
        let isSuspicious = isImpure(found, share: Self.suspiciousPurity)
        if isUpright, !isSuspicious { return false }
        var next: MirrorTest.Flip? = .sideways
        while let flip = next {
            next = isSuspicious ? flip.next : nil
            mirror.extract(image, flip)
            let place = found.source == .retrieval ? candidatePlace : cache.place
            guard
                let coarse = verifier.search(
                    mirror.features, in: place, strongest: options.firstKeypoints, &frame.times),
                let twin = verifier.refine(
                    coarse.cameraFromMap, mirror.features, in: place, radii: options.refinementRadii[...],
                    source: found.source, &frame.times)
            else { continue }
            if twin.evidence.inliers > found.evidence.inliers { return true }
        }
        isUpright = true
        return false
    }

    /// A mirrored picture is looked for below the least purity over this.
    private static let suspiciousPurity = 0.82
}
