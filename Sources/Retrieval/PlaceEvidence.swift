internal import Container
public import Geometry
public import ReferenceMap

/// Where a lost camera may be by all frames since it was lost: the keyframes most like the last look, and how well the
/// looks before lead to each.
///
/// A hidden Markov model over keyframes, decoded forward (max-product) over those most like each look, as SeqSLAM
/// (Milford and Wyeth, ICRA 2012) finds a sequence among images that tell nothing alone. A look weighs its keyframes by
/// their ranks, 1, 1/2, 1/3 and so on, so that nothing depends on how similar descriptors are. From a keyframe the
/// camera comes to others by the motion that odometry measures, or, where none does, to those nearby that share
/// landmarks with it. Nothing becomes impossible: a look may have missed the place.
///
/// Says in which order places are tried, no more: whether a pose is believed depends on the frame alone.
public struct PlaceEvidence: Sendable {
    /// Keyframes that are kept of a look.
    public static let capacity = 32
    /// What a keyframe keeps that nothing speaks for.
    private static let floor: Float = 0.02
    /// How far a prediction may be off: radians; metres at least, and as far as keyframes are apart.
    private static let angle = 0.35
    private static let leastDistance = 1.0
    /// How far a camera may come between two looks where nothing measures it, in the distance of a prediction.
    private static let reach = 2.6
    /// What lies between two looks that count, so that a camera that stands still does not hear itself: metres or
    /// radians, and nanoseconds where nothing measures a motion.
    private static let leastMotion = (translation: 0.5, rotation: 0.2)
    private static let leastTime: UInt64 = 250_000_000

    private let map: ReferenceMap
    private let distance: Double
    /// The last look that counts, the likeliest keyframe first. The largest weight is 1.
    public private(set) var look = Look()
    private var scores: [Float] = []

    /// A look: keyframes, how likely each is, and when.
    public struct Look: Sendable {
        /// As many of `keyframes` and `weights` are set.
        public var count = 0
        /// Numbers of keyframes of the map.
        public var keyframes = InlineArray<32, UInt32>(repeating: 0)
        /// 0...1 each.
        public var weights = InlineArray<32, Float>(repeating: 0)
        /// Of the capture: CLOCK_MONOTONIC, nanoseconds.
        public var time: UInt64 = 0

        /// Nobody has looked.
        public init() {}
    }

    /// Nothing is known. Cost: a pass over the map's keyframes.
    public init(for map: ReferenceMap) {
        self.map = map
        distance = max(Self.leastDistance, Self.spacing(of: map))
        scores.reserveCapacity(Self.capacity + 1)
    }

    /// When the last look was that counts: since when a motion is asked for. nil: nobody has looked.
    public var time: UInt64? { look.count > 0 ? look.time : nil }

    /// The camera is found, or somewhere else.
    public mutating func forget() { look.count = 0 }

    /// Goes on from another one's last look: false, and nothing has changed, if it is none of this map.
    public mutating func resume(_ look: Look) -> Bool {
        guard (0...Self.capacity).contains(look.count) else { return false }
        for index in 0..<look.count {
            let isWeight = look.weights[index] >= 0 && look.weights[index] <= 1
            guard look.keyframes[index] < UInt32(map.keyframeCount), isWeight else { return false }
        }
        self.look = look
        return true
    }

    /// Puts the keyframes most like a frame, the most similar first, into the order of how likely the camera is there.
    ///
    /// Cost: a kernel for each of 32 times 32 pairs of keyframes, 20 microseconds. Allocates nothing.
    ///
    /// - Parameters:
    ///   - ranked: of which those beyond `capacity` stay behind the others.
    ///   - moved: the camera at `time` in the camera now; nil where nothing measures it.
    ///   - now: of the frame's capture, CLOCK_MONOTONIC, nanoseconds.
    public mutating func order(_ ranked: inout [Prior], moved: RigidTransform?, at now: UInt64) {
        scores.removeAll(keepingCapacity: true)
        for rank in 0..<min(ranked.count, Self.capacity) { scores.append(Self.floor + 1 / Float(rank + 1)) }
        if look.count > 0 { carry(to: ranked, moved: moved) }
        sort(&ranked)
        if isDue(moved, at: now) { keep(ranked, at: now) }
    }

    /// Multiplies each keyframe's score with that of the likeliest way to it.
    private mutating func carry(to ranked: [Prior], moved: RigidTransform?) {
        var best = InlineArray<32, Float>(repeating: 0)
        for index in 0..<look.count {
            let (from, weight) = (Int(look.keyframes[index]), look.weights[index])
            let expected = moved.map { $0 * map.cameraFromMap(ofKeyframe: from) }
            for rank in scores.indices where weight > best[rank] {
                let to = ranked[rank].keyframe
                let reached = expected.map { share(of: to, near: $0) } ?? (isReachable(to, from: from) ? 1 : 0)
                best[rank] = max(best[rank], weight * reached)
            }
        }
        for rank in scores.indices { scores[rank] *= Self.floor + best[rank] }
    }

    /// How well a keyframe lies where the camera is expected, 0...1.
    private func share(of keyframe: Int, near expected: RigidTransform) -> Float {
        let pose = map.cameraFromMap(ofKeyframe: keyframe)
        let apart = (pose.originInSource - expected.originInSource).lengthSquared / (distance * distance)
        // Beyond it is below a ten-thousandth.
        guard apart < 18 else { return 0 }
        let turned = (pose.rotation * expected.rotation.inverse).angle / Self.angle
        return Float(exponential(-(apart + turned * turned) / 2))
    }

    /// Whether a camera may come from one keyframe to another between two looks, where nothing measures it.
    private func isReachable(_ to: Int, from: Int) -> Bool {
        guard to != from else { return true }
        let apart = (origin(of: to) - origin(of: from)).length
        return apart <= Self.reach * distance
            && map.neighbours(of: from).contains { map.covisibleKeyframes[$0] == to }
    }

    private func origin(of keyframe: Int) -> Vector3 { map.cameraFromMap(ofKeyframe: keyframe).originInSource }

    /// Insertion sort: stable, in place, of few.
    private mutating func sort(_ ranked: inout [Prior]) {
        for start in scores.indices.dropFirst() {
            var index = start
            while index > 0, scores[index - 1] < scores[index] {
                scores.swapAt(index - 1, index)
                ranked.swapAt(index - 1, index)
                index -= 1
            }
        }
    }

    private func isDue(_ moved: RigidTransform?, at now: UInt64) -> Bool {
        guard look.count > 0 else { return true }
        guard let moved else { return now >= look.time &+ Self.leastTime }
        return moved.translation.length >= Self.leastMotion.translation
            || moved.rotation.angle >= Self.leastMotion.rotation
    }

    private mutating func keep(_ ranked: [Prior], at now: UInt64) {
        (look.count, look.time) = (scores.count, now)
        for index in scores.indices {
            look.keyframes[index] = UInt32(ranked[index].keyframe)
            look.weights[index] = scores[index] / scores[0]
        }
    }

    /// How far keyframes are from the nearest that shares landmarks with them, the median of the map; metres.
    private static func spacing(of map: ReferenceMap) -> Double {
        let distances = (0..<map.keyframeCount).compactMap { keyframe -> Double? in
            let own = map.cameraFromMap(ofKeyframe: keyframe).originInSource
            return map.neighbours(of: keyframe).lazy.map {
                (map.cameraFromMap(ofKeyframe: Int(map.covisibleKeyframes[$0])).originInSource - own).length
            }.min()
        }
        return distances.isEmpty ? 0 : distances.sorted()[distances.count / 2]
    }
}
