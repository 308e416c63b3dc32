import Parallelism
package import ReferenceMap

/// Leave-one-out localization of a map's own keyframes: how good the map is where it will be used.
///
/// It measures error, covariance, calibration and ambiguity with the map's own images, before any frame is believed. It
/// does not see what all keyframes share: a map that a bundle adjustment has bent, or that is turned or scaled as a
/// whole, agrees with itself.
package struct LeaveOneOut {
    private let map: ReferenceMap
    private let threads: Int
    /// Keyframes that are tried at most, evenly spread over the map.
    package static let most = 200

    /// - Parameters:
    ///   - map: that is checked.
    ///   - threads: that work, all cores unless said; the result does not depend on them.
    package init(map: ReferenceMap, threads: Int? = nil) {
        self.map = map
        self.threads = threads ?? Parallel.processors
    }

    /// The keyframes that were tried, in their order. Cost: some 50 ms of a core each.
    package func rows(progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }) -> [LeftOutKeyframe] {
        let count = min(Self.most, map.keyframeCount)
        let (map, keyframes) = (map, map.keyframeCount)
        return Parallel.map(
            count, threads: threads, state: { KeyframeLocalizer(map: map) }, progress: { progress($0, count) },
            transform: { localizer, number in localizer.localize(number * keyframes / count) })
    }
}
