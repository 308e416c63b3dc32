internal import Synchronization

/// The status line: once a second, or when the state changes; the journal hears of changes only.
struct StatusReport {
    private var lastUpdate: UInt64?
    private var lastFrames: UInt64 = 0
    private var lastState: UInt8?

    /// The new line, or nil if it is not time for one.
    mutating func update(_ status: LoopStatus, at now: UInt64) -> String? {
        let state = status.state.load(ordering: .relaxed)
        let elapsed = Double(now - (lastUpdate ?? now)) * 1e-9
        guard lastUpdate == nil || state != lastState || elapsed >= 1 else { return nil }
        let frames = status.frames.load(ordering: .relaxed)
        let text = status.text(framesPerSecond: elapsed > 0 ? Double(frames - lastFrames) / elapsed : 0)
        if let lastState, state != lastState { Journal.write(text) }
        (lastUpdate, lastFrames, lastState) = (now, frames, state)
        return text
    }
}
