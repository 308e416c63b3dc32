/// Which of the retrieved places a frame verifies, and by which keypoints.
///
/// A frame whose predecessor gave a pose, or that has none, verifies as many as it takes: each place by its strongest
/// keypoints, which is enough for most, then each by all. While the camera stays lost that would cost up to two frame
/// periods every time, mostly off the map; so then a frame has a budget. It begins with the place that ranks first, and
/// goes on where the frame before has stopped: a camera that stands still is searched for in every place within a few
/// frames.
///
/// The budget counts verifications and their matching, not time: the same frames give the same poses.
package struct PlaceSearch {
    /// One verification: a place is matched as a whole, and a pose sought by sampling.
    package struct Step: Equatable, Sendable {
        /// Rank of the place among those retrieved.
        package var place: Int
        /// Whether all keypoints are matched, not only the strongest ones: slower, and finds more.
        package var takesAllKeypoints: Bool

        /// Verify the place of a rank, by the strongest keypoints or by all.
        package init(place: Int, takesAllKeypoints: Bool) {
            (self.place, self.takesAllKeypoints) = (place, takesAllKeypoints)
        }
    }

    /// A cost in verifications and comparisons: what a frame may spend, or has spent.
    package struct Budget: Equatable, Sendable {
        /// Each draws samples until it is sure that there is no pose.
        package var verifications = 0
        /// Keypoints times keyframes: comparisons of descriptors, but for the number that a keyframe has.
        package var matching = 0

        /// A cost; zero where nothing is said.
        package init(verifications: Int = 0, matching: Int = 0) {
            (self.verifications, self.matching) = (verifications, matching)
        }
    }

    private let limit: Budget
    private let strongest: Int
    /// The frame before gave no pose.
    private var isLost = false
    /// What this frame has verified so far.
    package private(set) var spent = Budget()
    /// Steps of this frame, and how many of them were in turn.
    private var taken = 0
    private var takenInTurn = 0
    /// The next step in turn. The first of all steps never is: most frames begin with it.
    private var turn = 1
    /// The step in turn did not fit behind the first: it begins the next frame.
    private var isOwed = false

    /// - Parameters:
    ///   - limit: of a frame while the camera stays lost. A single step may exceed it.
    ///   - strongest: how many keypoints a place is verified by at first.
    package init(limit: Budget, strongest: Int) { (self.limit, self.strongest) = (limit, strongest) }

    /// What one frame leaves to the next.
    package struct Progress: Equatable, Sendable {
        /// The frame before gave no pose.
        package var isLost = false
        /// The next step in turn, at least 1.
        package var turn = 1
        /// It did not fit into the frame before.
        package var isOwed = false

        /// Nothing has been searched yet.
        package init(isLost: Bool = false, turn: Int = 1, isOwed: Bool = false) {
            (self.isLost, self.turn, self.isOwed) = (isLost, turn, isOwed)
        }
    }

    /// Where the search stands, between two frames.
    package var progress: Progress {
        get { Progress(isLost: isLost, turn: turn, isOwed: isOwed) }
        set { (isLost, turn, isOwed) = (newValue.isLost, max(1, newValue.turn), newValue.isOwed) }
    }

    /// A new frame has spent nothing.
    package mutating func beginFrame() { (spent, taken, takenInTurn) = (Budget(), 0, 0) }

    /// A place, retrieved or not, is verified in this frame.
    package mutating func spend(keypoints: Int, keyframes: Int) {
        spent.verifications += 1
        spent.matching += keypoints * keyframes
    }

    /// Writes down what came of the frame.
    package mutating func conclude(hasPose: Bool) {
        isLost = !hasPose
        if hasPose { isOwed = false }
    }

    /// The next step of this frame; nil if it has none to do.
    ///
    /// - Parameters:
    ///   - places: how many were retrieved.
    ///   - keypoints: of the frame.
    ///   - size: keyframes of a place.
    package mutating func nextStep(places: Int, keypoints: Int, size: (Int) -> Int) -> Step? {
        let steps = keypoints > strongest ? 2 * places : places
        func step(_ index: Int) -> Step { Step(place: index % places, takesAllKeypoints: index >= places) }
        guard taken < steps else { return nil }
        if !isLost || (taken == 0 && !(isOwed && steps > 1)) {
            taken += 1
            return step(taken - 1)
        }
        if turn >= steps { turn = 1 }
        guard takenInTurn < steps - 1 else { return nil }
        let next = step(turn)
        let cost = (next.takesAllKeypoints ? keypoints : min(keypoints, strongest)) * size(next.place)
        let fits = spent.verifications < limit.verifications && spent.matching + cost <= limit.matching
        guard fits || taken == 0 else {
            isOwed = takenInTurn == 0
            return nil
        }
        isOwed = false
        taken += 1
        takenInTurn += 1
        turn += 1
        return next
    }
}
