package import Geometry

/// Chooses a drive's keyframes from its frames: a new one where the camera has moved or turned far enough, and of those
/// that would do the sharpest.
package struct KeyframeChoice {
    /// Metres between two keyframes.
    package var spacing = 1.0
    /// Radians between two keyframes.
    package var turn = 10 * Double.pi / 180
    /// A keyframe may come so much later than it should, as a share, if it is sharper then.
    package var slack = 0.25

    /// A metre, or ten degrees.
    package init() {}

    /// A frame that odometry knows the camera's pose of.
    package struct Frame: Sendable {
        /// Of the drive.
        package var index: Int
        /// The camera, in the odometry's frame.
        package var cameraFromOdometry: RigidTransform

        /// A frame of the drive by its number, with the camera's pose in the odometry's frame.
        package init(index: Int, cameraFromOdometry: RigidTransform) {
            (self.index, self.cameraFromOdometry) = (index, cameraFromOdometry)
        }
    }

    /// Positions in `frames` of the chosen ones, ascending; the first is always one of them.
    ///
    /// - Parameters:
    ///   - frames: in the order of time.
    ///   - blur: of a frame by its position, 0 is sharp; asked only where there is a choice.
    package func choose(_ frames: [Frame], blur: (Int) -> Double) -> [Int] {
        guard !frames.isEmpty else { return [] }
        var chosen = [0]
        var position = 1
        while position < frames.count {
            let last = frames[chosen[chosen.count - 1]]
            guard progress(last, frames[position]) >= 1 else {
                position += 1
                continue
            }
            var end = position + 1
            while end < frames.count, (1...(1 + slack)).contains(progress(last, frames[end])) { end += 1 }
            let window = position..<end
            let best = window.count == 1 ? position : window.min { blur($0) < blur($1) } ?? position
            chosen.append(best)
            position = best + 1
        }
        return chosen
    }

    /// How much of the way to the next keyframe lies between two frames.
    private func progress(_ a: Frame, _ b: Frame) -> Double {
        let motion = b.cameraFromOdometry * a.cameraFromOdometry.inverse
        return max(motion.originInSource.length / spacing, motion.rotation.angle / turn)
    }
}
