/// What a frame does about the network where cheap frames are on: which pictures it sees, and when what it has seen of
/// one is taken over. The same turns give the same poses.
public enum NetworkTurn: UInt8, Sendable {
    /// Once the picture is due the network sees it before the frame is answered.
    case atOnce
    /// A picture that is due is followed as others are, and the network sees it behind the frames.
    case behind
    /// The same; before that, what the network has seen of an earlier picture is taken over.
    case adopting
}

/// Who runs the network for the pictures of frames that do not wait for it (``NetworkTurn/behind``).
public enum NetworkRunner: Sendable, Equatable {
    /// Nobody: every frame has its turn at once.
    case none
    /// The frame that adopts. For replays and tests: nothing is gained, but the poses are those of a thread.
    case adopter
    /// A thread of this SCHED_FIFO priority (0: the ordinary scheduler) on these processors (none: any). Where the
    /// system gives no thread, every frame has its turn at once.
    case thread(priority: Int, processors: [Int])
}
