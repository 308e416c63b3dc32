import Features
import Geometry
import ReferenceMap

/// From dead reckoning to poses that close their loops and stand where satellites saw them.
///
/// Images that follow each other are matched and adjusted first, with odometry as what is known beforehand: that is
/// visual odometry in metres. Landmarks of it then tell where the drive came to a place again, and a graph of the
/// motions, these closures and the fixes brings everything together. What is left is for the adjustment of the map's
/// build, which sees all pairs of images.
struct DriveSolver {
    let drive: Drive
    let keyframes: [DriveKeyframes.Keyframe]
    let options: MappingOptions
    let threads: Int
    let cache: BuildCache?
    /// Called as the work goes on: stage, done, of how many.
    let progress: (MappingStage, Int, Int) -> Void

    /// What the motions are off by once images have refined them: their turns are the images', and a tenth of
    /// odometry's; their lengths are odometry's still, evened out.
    private static let refinedDrift = {
        var drift = OdometryDrift()
        drift.share = 0.01
        drift.turn = 0.03 * Double.pi / 180
        drift.least = (0.003, 0.05 * Double.pi / 180)
        return drift
    }()

    /// The poses of `images`, of the drive's keyframes in their order, brought together.
    ///
    /// - Returns: the images with poses in the odometry's frame, or in axes that point east, north and up at `origin`
    ///   where there are fixes; and the fixes that belong to them, of the camera.
    /// - Throws: `MapError` where the drive falls apart.
    func solve(
        _ images: [ExtractedImage], _ cameras: [Camera], _ report: inout DriveReport
    ) throws(MapError) -> (images: [ExtractedImage], fixes: [Int: SatelliteFix]) {
        var images = images
        let partners = SequencePairs.partners(images, largestAngle: options.largestPairAngle)
        let matching = PairMatching(options: options, threads: threads, cache: cache)
        let matches = matching.match(partners, images) { progress(.matching, $0, $1) }
        let refinement = PoseRefinement(options: options.refinement ?? .ofDrive, mapping: options, threads: threads)
        images = refinement.refine(images, cameras, matches) { progress(.refinement, $0, $1) }.images
        let structure = Structure(images, cameras, matches, options: wide, threads: threads)
        let search = ClosedLoopSearch(
            images: images, cameras: cameras, structure: structure, options: options, threads: threads)
        let closures = search.closures { progress(.closure, $0, $1) }
        let (joined, fixes, held) = try joined(images, closures, &report)
        try requireWhole(images, structure.landmarks, held)
        return (joined, fixes)
    }

    /// Landmarks of poses that have just been adjusted to each other may be a little off still.
    private var wide: MappingOptions {
        var wide = options
        wide.reprojectionTolerance = max(options.reprojectionTolerance, 4)
        return wide
    }

    private func requireWhole(
        _ images: [ExtractedImage], _ landmarks: [TriangulatedTrack], _ closures: [ClosedLoop]
    ) throws(MapError) {
        let spans = landmarks.compactMap { landmark in
            landmark.elements.first.flatMap { first in
                landmark.elements.last.map { Int(first.image)...Int($0.image) }
            }
        }
        let gaps = DriveGaps.gaps(images.count, spans, closures)
        guard !gaps.isEmpty else { return }
        let list = gaps.prefix(5).map { gap in
            "\(images[gap.before].name) and \(images[gap.before + 1].name) (\(gap.landmarks))"
        }
        let more = gaps.count > list.count ? ", and \(gaps.count - list.count) more" : ""
        throw DriveKeyframes.error(
            drive, "images",
            """
            \(gaps.count + 1) parts have too few landmarks in common (\(DriveGaps.least) are needed), between \
            \(list.joined(separator: ", "))\(more)
            """,
            "drive there again, slower or in better light, or build the parts one by one; --keyframe-spacing may be "
                + "too wide")
    }

    /// The graph of motions, fixes, and the closures that are true.
    private func joined(
        _ images: [ExtractedImage], _ closures: [ClosedLoop], _ report: inout DriveReport
    ) throws(MapError) -> (images: [ExtractedImage], fixes: [Int: SatelliteFix], closures: [ClosedLoop]) {
        let assignment = FixAssignment(drive, keyframes)
        let before = images.map(\.cameraFromMap)
        let placement =
            assignment.assigned.count >= 3
            ? try FixPlacement(drive, assignment, before, length: report.length, origin: options.origin) : nil
        let (start, scale) = (placement?.aligned ?? before, placement?.scale ?? 1)
        let (poses, held) = closed(images, start, closures, placement)
        report.correction = zip(start, poses).map { ($0.originInSource - $1.originInSource).length }.max() ?? 0
        let fixes = placement?.fixes(poses) ?? [:]
        report.closures = (closures.count, held.count)
        report.fixes = fixes.count
        report.scale = scale
        var result = images
        for (index, pose) in poses.enumerated() {
            result[index].cameraFromMap = pose
            // Wheels have a diameter that satellites know better, and err by it all the way.
            result[index].deadReckoning?.scale(by: scale)
        }
        return (result, fixes, held)
    }

    /// The poses of the graph, and the closures that hold in it.
    ///
    /// Motions and fixes come first: closures that contradict them are of places that look alike. What the graph with
    /// the others lets go of then has no part in it at all.
    private func closed(
        _ images: [ExtractedImage], _ start: [RigidTransform], _ closures: [ClosedLoop], _ placement: FixPlacement?
    ) -> (poses: [RigidTransform], held: [ClosedLoop]) {
        func graph(_ closures: [ClosedLoop], _ poses: [RigidTransform]) -> PoseGraph {
            PoseGraph(
                poses: start, closures: closures, positions: placement?.measurements(poses) ?? [:],
                travelled: images.map { $0.deadReckoning?.travelled ?? 0 }, drift: Self.refinedDrift)
        }
        let open = graph([], start)
        var poses = placement == nil ? start : open.solved(threads: threads)
        var held = open.plausible(closures, at: poses, threads: threads)
        if !held.isEmpty { held = PoseGraph.held(held, by: graph(held, poses).solved(threads: threads)) }
        poses = held.isEmpty && placement == nil ? start : graph(held, poses).solved(threads: threads)
        return (poses, held)
    }
}

extension RefinementOptions {
    /// Of dead reckoning: nothing is known of a pose but how the vehicle came there, so that the drive's shape is its
    /// images' alone. All observations take part, and the adjustment goes on for longer: in bends few tracks are long,
    /// and a loop closes by modes that cost little.
    public static let ofDrive = {
        var options = RefinementOptions(uncertainty: .unknown)
        options.observationsPerImage = MappingOptions.allowedKeypoints.upperBound
        (options.costTolerance, options.evaluations) = (1e-6, 60)
        // The poses that it begins with are no measurement: whatever fits the images as well is taken.
        options.leastGain = 0
        return options
    }()
}
