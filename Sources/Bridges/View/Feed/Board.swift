internal import Glibc
public import Messages
internal import Synchronization

/// What is known at this moment: a feed writes it, pages read it. Everything in it has a fixed size.
public final class Board: Sendable {
    struct State {
        var frames = FrameLog()
        var facts = Facts()
    }

    /// What is known beside the frames: cheap to copy. Versions count from 1; 0: there is none yet.
    struct Facts {
        /// Moves when what was seen before is of another run: another session, or another place of a recording.
        var epoch = 1
        var session: UInt64 = 0
        var localization: Hfloc_V1_Localization?
        var status: Hfloc_V1_Status?
        var statusVersion = 0
        var camera: Hfloc_V1_CameraInfo?
        /// The last ones, the newest last.
        var events: [Hfloc_V1_Event] = []
        var eventCount = 0
        var preview: Preview?
        var previewVersion = 0
        var map: LandmarkMap?
        /// Why there is no map.
        var mapProblem = ""
        var mapVersion = 0
        var player: PlayerState?
        /// CLOCK_MONOTONIC of this machine, seconds.
        var lastMessage = 0.0
        var lastLook = 0.0
    }

    private let state = Mutex(State())

    static let mostEvents = 100
    /// Seconds after the last page has asked for news for which previews are still wanted.
    static let patience = 3.0

    public init() {}

    /// Beside the frames.
    var facts: Facts { state.withLock { $0.facts } }

    /// The same, the frames from a number on, and the number of the next; all frames if the epoch is another.
    func news(since number: Int, epoch: Int) -> (facts: Facts, rows: [FrameRow], next: Int) {
        state.withLock { state in
            (state.facts, state.frames.rows(from: epoch == state.facts.epoch ? number : 0), state.frames.next)
        }
    }

    /// The frame that this message answered, if it is one of the last.
    func row(ofSequence sequence: UInt64) -> FrameRow? {
        state.withLock { $0.frames.row(ofSequence: sequence) }
    }

    /// A page asks for news.
    func look() { state.withLock { $0.facts.lastLook = Self.now } }

    /// Somebody looks at a page.
    public var isWatched: Bool { state.withLock { Self.now - $0.facts.lastLook < Self.patience } }

    /// Seconds since a message came; nil if none ever did.
    public var silence: Double? { state.withLock { $0.facts.lastMessage > 0 ? Self.now - $0.facts.lastMessage : nil } }

    /// CLOCK_MONOTONIC, seconds.
    static var now: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    // What a feed says.

    public func take(_ message: Hfloc_V1_Localization) {
        let row = FrameRow(message)
        state.withLock { state in
            // Sent again for somebody who came late.
            if message.retained, state.frames.last?.sequence == row.sequence { return }
            if message.sessionID != state.facts.session {
                if state.facts.session != 0 { state.clear() }
                state.facts.session = message.sessionID
            }
            state.facts.localization = message
            state.frames.append(row)
            state.facts.lastMessage = Self.now
        }
    }

    public func take(_ message: Hfloc_V1_Status) {
        change { facts in
            facts.status = message
            facts.statusVersion += 1
            facts.lastMessage = Self.now
        }
    }

    public func take(_ message: Hfloc_V1_CameraInfo) { change { $0.camera = message } }

    public func take(_ message: Hfloc_V1_Event) {
        change { facts in
            facts.events.append(message)
            if facts.events.count > Self.mostEvents { facts.events.removeFirst() }
            facts.eventCount += 1
        }
    }

    func take(_ preview: Preview) {
        change { facts in
            facts.preview = preview
            facts.previewVersion += 1
        }
    }

    /// Another map, or why there is none.
    func take(_ map: LandmarkMap?, problem: String) {
        change { facts in
            (facts.map, facts.mapProblem) = (map, problem)
            facts.mapVersion += 1
        }
    }

    func take(_ player: PlayerState) { change { $0.player = player } }

    private func change(_ body: (inout Facts) -> Void) { state.withLock { body(&$0.facts) } }

    /// What was seen so far is of elsewhere.
    func restart() { state.withLock { $0.clear() } }
}

extension Board.State {
    fileprivate mutating func clear() {
        frames = FrameLog()
        facts.epoch += 1
        (facts.localization, facts.preview) = (nil, nil)
        (facts.events, facts.eventCount) = ([], 0)
    }
}

/// Where a recording is being looked at.
struct PlayerState: Sendable, Equatable {
    /// Seconds since its begin.
    var position: Double
    var duration: Double
    var isPlaying: Bool
    /// Recorded seconds in a second.
    var rate: Double

    var json: JSON {
        .object([
            ("t", .rounded(position, 3)), ("length", .rounded(duration, 3)), ("playing", .bool(isPlaying)),
            ("rate", .number(rate)),
        ])
    }
}
