import Capture
import Features
import Geometry
package import ReferenceMap
import Reporting

/// The keyframes of a drive, with where its odometry had the camera.
package struct DriveKeyframes {
    /// A chosen frame.
    package struct Keyframe: Sendable {
        /// Of the drive.
        package var frame: Int
        /// When it was captured: CLOCK_MONOTONIC, nanoseconds.
        package var time: UInt64
        /// Where odometry had the camera then.
        package var deadReckoning: DeadReckoning
    }

    /// In the order of the drive, at least three.
    package private(set) var keyframes: [Keyframe] = []
    /// What was counted so far.
    package private(set) var report = DriveReport()

    /// Metres that a drive must have.
    private static let leastLength = 3.0
    /// Radians: what turns by this and does not move was turned on the spot.
    private static let turnedOnTheSpot = 0.5

    /// - Throws: `MapError` where odometry, motion or sharp pictures are wanting, with what would cure it.
    package init(_ drive: Drive, choice: KeyframeChoice) throws(MapError) {
        report.frames = drive.frameTimes.count
        let known = try Self.placed(drive)
        report.framesWithoutOdometry = drive.frameTimes.count - known.count
        try Self.requireMotion(known, drive)
        var blurs: [Int: Double] = [:]
        func blur(_ position: Int) -> Double {
            if let blur = blurs[position] { return blur }
            let value = Self.blur(of: known[position].frame, drive)
            blurs[position] = value
            return value
        }
        let frames = known.map {
            KeyframeChoice.Frame(index: $0.frame, cameraFromOdometry: $0.deadReckoning.cameraFromOdometry)
        }
        let chosen = choice.choose(frames, blur: blur)
        let sharp = chosen.filter { blur($0) <= BlurMeasure.tooBlurred }
        report.blurred = chosen.count - sharp.count
        guard 2 * sharp.count >= chosen.count, sharp.count >= 3 else {
            throw Self.error(
                drive, "images", "\(chosen.count - sharp.count) of \(chosen.count) keyframes are too blurred",
                "focus the camera, clean its lens, shorten the exposure, or drive slower")
        }
        keyframes = sharp.map { known[$0] }
        report.keyframes = keyframes.count
        report.length = (keyframes.last?.deadReckoning.travelled ?? 0) - (keyframes.first?.deadReckoning.travelled ?? 0)
    }

    /// The frames whose pose odometry knows.
    private static func placed(_ drive: Drive) throws(MapError) -> [Keyframe] {
        guard drive.odometry.count > 1, let span = drive.odometry.span else {
            throw error(
                drive, "odometry", "there is none, so that nothing tells how far the camera moved",
                drive.fixes.isEmpty
                    ? "record it (--odometry), or make a start from the images alone with tools/map-drive"
                    : "record it (--odometry), or give the recording to tools/map-drive: images give the way, and the "
                        + "\(drive.fixes.count) satellite fixes its scale and place")
        }
        let cameraFromBase = drive.baseFromCamera.inverse
        let known = drive.frameTimes.enumerated().compactMap { index, time in
            drive.odometry.state(at: time).map { state in
                Keyframe(
                    frame: index, time: time,
                    deadReckoning: DeadReckoning(
                        cameraFromOdometry: cameraFromBase * state.odomFromBase.inverse, travelled: state.travelled))
            }
        }
        guard known.count >= 3 else {
            let images = drive.frameTimes.first.map { "\(seconds($0)) to \(seconds(drive.frameTimes.last ?? $0)) s" }
            throw error(
                drive, "odometry",
                """
                only \(known.count) of \(drive.frameTimes.count) frames have odometry at their time (odometry is of \
                \(seconds(span.lowerBound)) to \(seconds(span.upperBound)) s, images of \(images ?? "no time"))
                """, "stamp both with CLOCK_MONOTONIC of one machine, and send odometry at 10 Hz or more")
        }
        return known
    }

    private static func requireMotion(_ known: [Keyframe], _ drive: Drive) throws(MapError) {
        let first = known[0].deadReckoning
        let farthest =
            known.map { keyframe in
                (keyframe.deadReckoning.cameraFromOdometry.originInSource - first.cameraFromOdometry.originInSource)
                    .length
            }.max() ?? 0
        let length = known[known.count - 1].deadReckoning.travelled - first.travelled
        guard length < leastLength || farthest < leastLength / 3 else { return }
        let turn =
            known.map { keyframe in
                (keyframe.deadReckoning.cameraFromOdometry.rotation * first.cameraFromOdometry.rotation.inverse).angle
            }.max() ?? 0
        let moved = "by odometry the camera moved \(farthest.text(2)) m"
        if turn > turnedOnTheSpot {
            throw error(
                drive, "odometry", "\(moved) and turned by \((turn * 180 / .pi).text(0)) deg: it turned on the spot",
                "drive: only what is seen from several places has a depth")
        }
        throw error(
            drive, "odometry", moved,
            "drive at least \(leastLength.text(0)) m; if it did move, check the odometry's unit")
    }

    private static func blur(of frame: Int, _ drive: Drive) -> Double {
        var image = GreyImage(width: 1, height: 1)
        guard let file = drive.readFrame(frame),
            (try? ImageFile.decode(file.bytes, drive.name, into: &image)) != nil
        else { return 1 }
        return BlurMeasure.blur(of: image)
    }

    private static func seconds(_ time: UInt64) -> String { (Double(time) * 1e-9).text(1) }

    static func error(_ drive: Drive, _ field: String, _ problem: String, _ cure: String) -> MapError {
        MapError(.input, file: drive.name, field: field, problem: problem, cure: cure)
    }
}
