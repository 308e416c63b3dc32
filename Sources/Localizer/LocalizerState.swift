internal import Geometry
package import Integrity
internal import ReferenceMap
package import Retrieval

/// All that a ``Localizer`` carries from one frame to the next, so that another one of the same map, model, camera and
/// options goes on as it would have: with the same poses, to the last bit. A plain value: nothing in it allocates. What
/// cheap frames follow is not in it: it holds where the next frame is learned (``Localizer/learnNext()``).
///
/// What a localizer is to carry further becomes a field here, of `hfloc.v1.LocalizerState`, and of their conversion in
/// Daemon.
package struct LocalizerState: Sendable {
    /// The keyframe that the cached place is built around; nil if there is none.
    package var reference: Int?
    /// Where the cached place came from, until a frame has confirmed it.
    package var hint: PoseHint?
    /// The last pose, and how the camera moves.
    package var motion = MotionModel()
    /// Whether what a frame finds continues something that was believed.
    package var standing = Standing()
    /// A picture was seen to be the right way round.
    package var isUpright = false
    /// Frames so far that the network has seen.
    package var frameCount: UInt32 = 0
    /// The picture before.
    package var picture = PictureCheck.Memory()
    /// As of ``Localizer``.
    package var resetCounter: UInt32 = 0
    /// Where the search of a lost camera stands.
    package var search = PlaceSearch.Progress()
    /// Where the frames since the camera was lost say that it may be.
    package var look = PlaceEvidence.Look()

    /// What the frames have said of the camera.
    package var watch = CalibrationWatch.Memory()

    /// Of a localizer that has seen no frame.
    package init() {}
}

extension Localizer {
    /// Between two frames.
    package var state: LocalizerState {
        var state = LocalizerState()
        (state.reference, state.hint, state.motion) = (cache.reference, hint, motion)
        (state.standing, state.isUpright, state.frameCount) = (standing, isUpright, frameCount)
        (state.resetCounter, state.search, state.picture) = (resetCounter, search.progress, picture.memory)
        (state.watch, state.look) = (watch.memory, evidence.look)
        return state
    }

    /// Goes on where a localizer stood that had this state: false, and nothing has changed, if the map does not have
    /// its place.
    package func resume(_ state: LocalizerState) -> Bool {
        if let reference = state.reference {
            guard (0..<map.keyframeCount).contains(reference), evidence.resume(state.look) else { return false }
            cache.load(around: reference, map: map)
        } else {
            guard evidence.resume(state.look) else { return false }
            cache.forget()
        }
        (hint, motion) = (state.hint, state.motion)
        (standing, isUpright, frameCount) = (state.standing, state.isUpright, state.frameCount)
        (resetCounter, search.progress, picture.memory) = (state.resetCounter, state.search, state.picture)
        watch.memory = state.watch
        learnNext()
        return true
    }
}
