internal import CLinux

/// Results of `body` for 0..<count, in order, worked out on as many threads as this process may use processors.
///
/// - Parameters:
///   - count: how many results there are.
///   - goesOn: whether to begin another after a result; it is asked on the thread that has it, one at a time.
///   - body: what works out the result of an index; called on any thread.
/// - Returns: nil for those that were not begun.
public func concurrently<Value: Sendable>(
    _ count: Int, goesOn: @escaping @Sendable (Value) -> Bool = { _ in true },
    _ body: @escaping @Sendable (Int) -> Value
) -> [Value?] {
    let state = Latest(Progress<Value>(results: [Value?](repeating: nil, count: count)))
    let work: @Sendable () -> Void = {
        while let index = state.update({ $0.take() }) {
            let value = body(index)
            state.update { $0.finish(index, value, goesOn) }
        }
    }
    for _ in 1..<max(1, min(count, Int(hf_usable_processors()))) { Worker.start("hfloc-work", work) }
    work()
    var (progress, version) = state.current
    while progress.running > 0 {
        (progress, version) = state.next(after: version, milliseconds: 1000) ?? (progress, version)
    }
    return progress.results
}

private struct Progress<Value: Sendable>: Sendable {
    var results: [Value?]
    var next = 0
    var running = 0
    var stops = false

    mutating func take() -> Int? {
        guard next < results.count, !stops else { return nil }
        defer { next += 1 }
        running += 1
        return next
    }

    mutating func finish(_ index: Int, _ value: Value, _ goesOn: (Value) -> Bool) {
        running -= 1
        results[index] = value
        if !goesOn(value) { stops = true }
    }
}
