import Geometry
import ReferenceMap

/// Where a drive lies on the Earth by its satellite fixes, although odometry has bent it.
struct FixPlacement {
    /// The drive's poses, moved as a whole to where satellites saw it.
    let aligned: [RigidTransform]
    /// Metres for one of odometry's.
    let scale: Double
    private let assignment: FixAssignment
    private let frame: LocalFrame

    /// Of the way: how far a drive that follows its own images may be bent in all.
    private static let bend = 0.01
    /// A scale that fixes know less exactly than this, a share, is odometry's.
    private static let knownScale = 0.01

    /// - Throws: `MapError` where the fixes do not say.
    init(
        _ drive: Drive, _ assignment: FixAssignment, _ poses: [RigidTransform], length: Double,
        origin: GeodeticPosition?
    ) throws(MapError) {
        self.assignment = assignment
        frame = LocalFrame(origin: origin ?? Georeference.median(assignment.assigned.map(\.fix.position)))
        let bent = Self.bend * length
        let pairs = assignment.assigned.map { [frame] assigned in
            let pose = poses[assigned.keyframe]
            let shift = assignment.cameraFromAntenna(assigned, pose)
            let (h, v) = assigned.fix.sigma
            let sigma = Vector3(
                (h * h + bent * bent).squareRoot(), (h * h + bent * bent).squareRoot(),
                (v * v + bent * bent).squareRoot())
            let pair = SatelliteAlignment.Pair(
                cameraFromMap: pose, point: frame.point(assigned.fix.position), sigma: sigma)
            return pair.moved(by: -shift)
        }
        guard var found = SatelliteAlignment(pairs, freesScale: true) else {
            throw DriveKeyframes.error(
                drive, "position", "the satellite fixes do not determine where the drive lies", "drive some way")
        }
        if found.scaleSigma > Self.knownScale, let rigid = SatelliteAlignment(pairs, freesScale: false) {
            found = rigid
        }
        let localFromMap = found.localFromMap
        scale = localFromMap.scale
        aligned = poses.map { localFromMap.pose($0) }
    }

    /// Where the fixes say that cameras are, which have these poses now.
    func measurements(_ poses: [RigidTransform]) -> [Int: PositionMeasurement] {
        Dictionary(
            assignment.assigned.map { assigned in
                let shift = assignment.cameraFromAntenna(assigned, poses[assigned.keyframe])
                let (h, v) = assigned.fix.sigma
                return (
                    assigned.keyframe,
                    PositionMeasurement(
                        position: frame.point(assigned.fix.position) + shift, sigma: Vector3(h, h, v))
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    /// The same on the Earth.
    func fixes(_ poses: [RigidTransform]) -> [Int: SatelliteFix] {
        measurements(poses).mapValues { measured in
            SatelliteFix(
                position: frame.position(measured.position), horizontalSigma: measured.sigma.x,
                verticalSigma: measured.sigma.z)
        }
    }
}
