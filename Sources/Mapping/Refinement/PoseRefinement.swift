import BundleAdjustment
import Features
import Geometry
import Parallelism
import ReferenceMap

/// Poses of a map's images, made more exact by what the images show.
///
/// Matching, triangulation and adjustment alternate with shrinking tolerances: a wide one keeps true matches of poses
/// that are far off, a narrow one drops what was wrong; where poses fit already the last one follows the widest. Priors
/// hold the poses to what was given, with the uncertainty that was stated. Observations are correlated (they share what
/// the camera model and the given frame leave over), so their sigma is far above a keypoint's own error, and is raised
/// while the priors contradict the images: held-out reprojection does not show that an adjustment has bent a map, chi
/// square against the priors does (Decisions).
struct PoseRefinement {
    let options: RefinementOptions
    let mapping: MappingOptions
    let threads: Int
    private let degrees = 180 / Double.pi
    /// The first adjustment of poses that fit already may end at so many times the cost tolerance.
    private static let coarser = 100.0

    init(options: RefinementOptions, mapping: MappingOptions, threads: Int) {
        self.options = options
        self.mapping = mapping
        self.threads = threads
    }

    /// What came of it.
    struct Result: Sendable {
        var images: [ExtractedImage]
        var cameras: [Camera]
        var report: RefinementReport
    }

    /// Refines the poses of `given` from what their matches show.
    func refine(
        _ given: [ExtractedImage], _ cameras: [Camera], _ matches: [MatchedPair],
        progress: (_ done: Int, _ of: Int) -> Void
    ) -> Result {
        let tolerances = options.tolerances(given, cameras)
        var pixelSigma = options.pixelSigma
        var step = Adjustment(images: given, cameras: cameras)
        var left = tolerances[...]
        while let tolerance = left.popFirst() {
            step = adjust(step, given, cameras, matches, tolerance, pixelSigma, isLast: left.isEmpty)
            // What fitted before it was adjusted needs no tolerance between.
            if step.hasFitted { left = left.suffix(1) }
            progress(tolerances.count - left.count, tolerances.count)
        }
        var report = self.report(step, given, cameras)
        while report.largestChiSquare > options.largestChiSquare, pixelSigma < options.largestPixelSigma {
            pixelSigma = min(options.largestPixelSigma, pixelSigma * 1.4)
            step = adjust(step, given, cameras, matches, options.lastTolerance, pixelSigma, isLast: true)
            report = self.report(step, given, cameras)
        }
        report.pixelSigma = pixelSigma
        report.epipolarDistance = (
            distance(given, cameras, matches), distance(step.images, step.cameras, matches)
        )
        report.measuredCost = (Self.measuredCost(given), Self.measuredCost(step.images))
        let gain = Self.gain(report.epipolarDistance)
        let nearing = Self.gain(report.measuredCost)
        // Exact relative poses that are brought to where satellites saw them fit the images as before.
        report.isAccepted =
            gain >= options.leastGain || (gain > -options.leastGain && nearing >= options.leastGain)
        guard report.isAccepted else { return Result(images: given, cameras: cameras, report: report) }
        return Result(images: step.images, cameras: step.cameras, report: report)
    }

    /// The images as the last adjustment left them.
    private struct Adjustment {
        var images: [ExtractedImage]
        var cameras: [Camera]
        var boresight = Rotation.identity
        /// Whether most landmarks were within half the last tolerance before it.
        var hasFitted = false
    }

    /// Builds with the present poses, and adjusts these to what was found.
    private func adjust(
        _ present: Adjustment, _ given: [ExtractedImage], _ cameras: [Camera], _ matches: [MatchedPair],
        _ tolerance: Double, _ pixelSigma: Double, isLast: Bool
    ) -> Adjustment {
        var wide = mapping
        wide.reprojectionTolerance = tolerance
        wide.epipolarTolerance = max(mapping.epipolarTolerance, 1.5 * tolerance)
        let structure = Structure(present.images, present.cameras, matches, options: wide, threads: threads)
        let chosen = AdjustmentSelection(perImage: options.observationsPerImage)
            .choose(structure.landmarks, imageCount: given.count)
        var problem = BundleProblem(
            observations: observations(structure, chosen), cameraOfPose: given.map(\.camera),
            pointCount: chosen.count)
        problem.pixelSigma = pixelSigma
        let motions = OdometryPriors(given, drift: options.drift)
        problem.priors = given.enumerated().flatMap { priors($0, $1) } + motions.priors
        problem.fixedPoses = Set(given.indices.filter { options.uncertainty(of: given[$0]).isExact })
        if problem.fixedPoses.isEmpty, motions.leaveFrameOpen(problem.priors) { problem.fixedPoses = [0] }
        problem.boresightSigma = options.boresightSigma
        if options.adjustsCameras {
            problem.cameraPriors = cameras.map { CameraPrior(camera: $0, sigmas: options.cameraSigmas($0)) }
        }
        var state = BundleState(
            poses: present.images.map(\.cameraFromMap), points: chosen.map { structure.landmarks[$0].position },
            cameras: present.cameras)
        state.boresight = present.boresight
        var minimization = MinimizationOptions()
        let hasFitted = structure.landmarks.map(\.error).median <= options.lastTolerance / 2
        minimization.relativeCostTolerance =
            options.costTolerance * (hasFitted && !isLast ? Self.coarser : 1)
        minimization.maximumEvaluations = options.evaluations
        let solution = BundleMinimizer(options: minimization, threads: threads).minimize(problem, from: state)
        var result = Adjustment(
            images: given, cameras: solution.state.cameras, boresight: solution.state.boresight)
        result.hasFitted = hasFitted
        for (index, pose) in solution.state.poses.enumerated() { result.images[index].cameraFromMap = pose }
        return result
    }

    private func observations(_ structure: Structure, _ chosen: [Int]) -> [BundleProblem.Observation] {
        chosen.enumerated().flatMap { number, index in
            structure.landmarks[index].elements.map { element in
                let pixel = structure.rays[Int(element.image)].pixels[Int(element.keypoint)]
                return .init(pose: element.image, point: Int32(number), pixel: pixel)
            }
        }
    }

    /// Lets go of what is far off: positions of satellites sometimes are.
    private static let positionLoss = RobustLoss.cauchy(scale: 4)

    private func priors(_ index: Int, _ image: ExtractedImage) -> [PosePrior] {
        let uncertainty = options.uncertainty(of: image)
        guard !uncertainty.isExact else { return [] }
        let (pose, sigma) = (image.cameraFromMap, sigmas(uncertainty))
        var priors: [PosePrior] = []
        if let rotation = sigma.rotation {
            priors.append(.rotation(pose: index, cameraFromMap: pose.rotation, sigma: rotation))
        }
        if let position = sigma.position {
            let whitening = Matrix3(diagonal: Vector3(repeating: 1 / position))
            priors.append(
                .position(
                    pose: index, mapPosition: pose.originInSource, whitening: whitening, loss: Self.positionLoss))
        }
        if let measured = image.measurement {
            let whitening = Matrix3(diagonal: Vector3(repeating: 1) / measured.sigma)
            priors.append(
                .position(
                    pose: index, mapPosition: measured.position, whitening: whitening, loss: Self.positionLoss))
        }
        return priors
    }

    private func sigmas(_ uncertainty: PoseUncertainty) -> (position: Double?, rotation: Double?) {
        (
            uncertainty.position.map { max($0, options.leastPositionSigma) },
            uncertainty.rotation.map { max($0, options.leastRotationSigma) }
        )
    }

    /// The share by which a figure fell; zero where there was nothing.
    private static func gain(_ figure: (given: Double, refined: Double)) -> Double {
        figure.given > 0 ? 1 - figure.refined / figure.given : 0
    }

    /// Mean over the images with a measured position of its robust squared residual, a degree of freedom.
    private static func measuredCost(_ images: [ExtractedImage]) -> Double {
        let costs = images.compactMap { image in
            image.measurement.map {
                positionLoss.cost(((image.cameraFromMap.originInSource - $0.position) / $0.sigma).lengthSquared) / 3
            }
        }
        return costs.mean ?? 0
    }

    /// Mean over all matches of the distance from the epipolar line, none counted as more than the tolerance.
    private func distance(_ images: [ExtractedImage], _ cameras: [Camera], _ matches: [MatchedPair]) -> Double {
        let rays = ImageRays.all(images, cameras, threads: threads)
        let verification = PairVerification(tolerance: mapping.epipolarTolerance)
        let sums = Parallel.map(matches.count, threads: threads) { number in
            let pair = matches[number]
            return verification.truncatedDistance(pair.matches, rays[pair.pair.a], rays[pair.pair.b])
        }
        let count = matches.reduce(0) { $0 + $1.matches.count }
        return count > 0 ? sums.reduce(0, +) / Double(count) : 0
    }

    /// How far the adjustment went from what was given, by what was stated.
    private func report(_ step: Adjustment, _ given: [ExtractedImage], _ cameras: [Camera]) -> RefinementReport {
        var report = RefinementReport()
        report.boresight = step.boresight.log * degrees
        var (moves, turns, position, rotation) = ([Double](), [Double](), [Double](), [Double]())
        for (before, after) in zip(given, step.images) {
            let (a, b) = (before.cameraFromMap, after.cameraFromMap)
            let move = (b.originInSource - a.originInSource).length
            let turn = (b.rotation * a.rotation.inverse).log.length
            let beyond = (b.rotation * a.rotation.inverse * step.boresight.inverse).log.length
            moves.append(move)
            turns.append(turn * degrees)
            let uncertainty = options.uncertainty(of: before)
            guard !uncertainty.isExact else { continue }
            let sigma = sigmas(uncertainty)
            if let sigma = sigma.position { position.append(move * move / (3 * sigma * sigma)) }
            if let sigma = sigma.rotation { rotation.append(beyond * beyond / (3 * sigma * sigma)) }
        }
        report.odometryChiSquare = OdometryPriors(given, drift: options.drift).chiSquare(step.images)
        report.positionChiSquare = position.mean
        report.rotationChiSquare = rotation.mean
        (report.move, report.turn) = ((moves.median, moves.max() ?? 0), (turns.median, turns.max() ?? 0))
        report.cameraChanges = zip(cameras, step.cameras).map { before, after in
            zip(before.model.parameterNames, zip(before.parameters, after.parameters)).compactMap { name, values in
                values.0 == values.1 ? nil : (name, values.1 - values.0)
            }
        }
        return report
    }

}

extension [Double] {
    /// Nil of nothing.
    var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }
    /// Zero of nothing.
    fileprivate var median: Double {
        var values = self
        return isEmpty ? 0 : Geometry.median(&values)
    }
}
