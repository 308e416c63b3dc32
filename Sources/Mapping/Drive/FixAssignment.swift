import Geometry
import ReferenceMap

/// Brings satellite fixes of a vehicle's antenna to the camera, at the keyframes that are nearest in time.
struct FixAssignment {
    /// A fix at a keyframe.
    struct Assigned {
        var keyframe: Int
        var fix: AntennaFix
        /// The antenna, when the fix was taken, in the frame of the odometry.
        var antennaInOdometry: Vector3
    }

    let assigned: [Assigned]
    private let keyframes: [DriveKeyframes.Keyframe]

    /// Nanoseconds between a fix and its keyframe, at most.
    private static let longest: UInt64 = 2_000_000_000
    /// Metres of way between them.
    private static let farthest = 3.0

    /// Each keyframe gets the fix that is nearest in time, if that is near.
    init(_ drive: Drive, _ keyframes: [DriveKeyframes.Keyframe]) {
        self.keyframes = keyframes
        let fixes = drive.fixes.compactMap { fix in drive.odometry.state(at: fix.time).map { (fix: fix, state: $0) } }
        var next = 0
        assigned = keyframes.enumerated().compactMap { index, keyframe in
            func gap(_ number: Int) -> UInt64 {
                let time = fixes[number].fix.time
                return time > keyframe.time ? time - keyframe.time : keyframe.time - time
            }
            guard !fixes.isEmpty else { return nil }
            while next + 1 < fixes.count, gap(next + 1) <= gap(next) { next += 1 }
            let (fix, state) = fixes[next]
            guard gap(next) <= Self.longest,
                abs(state.travelled - keyframe.deadReckoning.travelled) <= Self.farthest
            else { return nil }
            return Assigned(
                keyframe: index, fix: fix, antennaInOdometry: state.odomFromBase * fix.baseFromAntenna)
        }
    }

    /// The camera against the antenna in the map's axes, metres: with the map's present pose of the keyframe, and
    /// odometry between the fix and it.
    func cameraFromAntenna(_ assigned: Assigned, _ cameraFromMap: RigidTransform) -> Vector3 {
        let cameraFromOdometry = keyframes[assigned.keyframe].deadReckoning.cameraFromOdometry
        let antennaInCamera = cameraFromOdometry * assigned.antennaInOdometry
        return cameraFromMap.originInSource - cameraFromMap.inverse * antennaInCamera
    }
}
