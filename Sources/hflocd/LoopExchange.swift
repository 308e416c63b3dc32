internal import Localizer
internal import Synchronization

/// Between the main thread and the frame loop. The frame loop never waits: what it cannot have at once it takes, or tells, a frame later.
final class LoopExchange: Sendable {
    /// Set by the main thread: finish the frame, and end.
    let mustStop = Atomic(false)
    /// Frames answered, and waits that ended as they should: what the watchdog lives on.
    let progress = Atomic<UInt64>(0)

    private let hasOrders = Atomic(false)
    private let orders = Mutex(LoopOrders())
    private let latest = Mutex(LoopReport())
    /// The engine that was replaced, to be released by the main thread.
    private let retired = Mutex<Engine?>(nil)
    private let problem = Mutex("")

    // The main thread's side.

    func order(_ change: (inout LoopOrders) -> Void) {
        orders.withLock { change(&$0) }
        hasOrders.store(true, ordering: .releasing)
    }

    var report: LoopReport { latest.withLock { $0 } }

    /// Why there are no frames, or no good ones.
    var problemText: String { problem.withLock { $0 } }

    func takeRetired() -> Engine? {
        retired.withLock { engine in
            defer { engine = nil }
            return engine
        }
    }

    // The frame loop's side.

    /// What is to be done before the next frame, once.
    func takeOrders() -> LoopOrders? {
        guard hasOrders.load(ordering: .acquiring) else { return nil }
        return orders.withLockIfAvailable { orders in
            defer { orders = LoopOrders() }
            hasOrders.store(false, ordering: .relaxed)
            return orders
        }
    }

    func tell(_ report: LoopReport) {
        _ = latest.withLockIfAvailable { $0 = report }
    }

    /// Not on the way of a good frame: allocates.
    func tell(problem text: String) {
        problem.withLock { $0 = text }
    }

    func retire(_ engine: Engine) {
        retired.withLock { $0 = engine }
    }
}

/// What the main thread wants of the frame loop. The later order of a kind replaces the earlier.
struct LoopOrders: Sendable {
    /// Go on with this one.
    var engine: Engine?
    var forgetsPlace = false
    /// Look here first.
    var statedPlace: LastPlace?
}
