/// What the frames before have shown: whether what a frame finds continues something that was believed.
package struct Standing {
    /// Poses in a row whose motion agrees.
    package private(set) var agreeing = 0
    /// Frames in a row without a pose.
    package private(set) var failures = 0
    /// Share of the landmarks in view that were inliers where the place was last recognized by itself, without a
    /// prediction to follow; more, if a frame has had more since.
    package private(set) var recognition = 0.0

    /// Whether the whole of the place was seen, and followed from there.
    package private(set) var hasSeenWhole = false

    /// Nothing was seen yet.
    package init() {}

    /// As it was written down.
    package init(agreeing: Int, failures: Int, recognition: Double, hasSeenWhole: Bool) {
        (self.agreeing, self.failures, self.recognition) = (agreeing, failures, recognition)
        self.hasSeenWhole = hasSeenWhole
    }

    /// A pose was found.
    ///
    /// - Parameters:
    ///   - evidence: of the pose.
    ///   - continues: the motion of the pose before it.
    ///   - isIndependent: the place was recognized by itself, not followed.
    ///   - isWhole: all of what should be in sight is there.
    package mutating func found(_ evidence: Evidence, continues: Bool, isIndependent: Bool, isWhole: Bool) {
        hasSeenWhole = isWhole || (continues && hasSeenWhole)
        agreeing = continues ? agreeing + 1 : 1
        failures = 0
        recognition = isIndependent ? evidence.recognition : max(recognition, evidence.recognition)
    }

    /// A frame has no pose.
    package mutating func failed() { failures += 1 }

    /// Begins anew, as after a loss: what comes next continues nothing.
    package mutating func forget() { self = Standing() }

    /// Whether a pose shows enough of the place to be followed: compared with what the place has shown, not with the
    /// frame before, which may have been wrong already.
    package func keepsHold(inliers: Int, of landmarksInView: Int, share: Double) -> Bool {
        Double(inliers) >= share * recognition * Double(max(landmarksInView, 1))
    }
}
