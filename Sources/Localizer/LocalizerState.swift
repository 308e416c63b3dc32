internal import Geometry
internal import ReferenceMap

/// All that a ``Localizer`` carries from one frame to the next, so that another one of the same map, model, camera and
/// options goes on as it would have: with the same poses, to the last bit. A plain value: nothing in it allocates.
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
    /// Frames in a row without a pose.
    package var failures = 0
    /// Inliers of the last pose.
    package var lastInliers = 0
    /// As of ``Localizer``.
    package var resetCounter: UInt32 = 0
    /// Where the search of a lost camera stands.
    package var search = PlaceSearch.Progress()

    /// Of a localizer that has seen no frame.
    package init() {}
}

extension Localizer {
    /// Between two frames.
    package var state: LocalizerState {
        var state = LocalizerState()
        (state.reference, state.hint, state.motion) = (cache.reference, hint, motion)
        (state.failures, state.lastInliers, state.resetCounter) = (failures, lastInliers, resetCounter)
        state.search = search.progress
        return state
    }

    /// Goes on where a localizer stood that had this state: false, and nothing has changed, if the map does not have
    /// its place.
    package func resume(_ state: LocalizerState) -> Bool {
        if let reference = state.reference {
            guard (0..<map.keyframeCount).contains(reference) else { return false }
            cache.load(around: reference, map: map)
        } else {
            cache.forget()
        }
        (hint, motion) = (state.hint, state.motion)
        (failures, lastInliers, resetCounter) = (state.failures, state.lastInliers, state.resetCounter)
        search.progress = state.search
        return true
    }
}
