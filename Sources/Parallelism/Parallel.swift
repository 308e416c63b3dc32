internal import CLinux
internal import Glibc
internal import Synchronization

/// Work over all cores whose result does not depend on how many there are: item by item, each by one thread.
public enum Parallel {
    /// Processors that this process may run on, at least one.
    public static var processors: Int { max(1, Int(hf_usable_processors())) }

    /// `transform(i)` for each `i` in `0..<count`, in order of `i`.
    ///
    /// Which thread works on which item is left open, so `transform` must depend on nothing but the item. One thread of
    /// the given ones is the caller's.
    public static func map<Result: Sendable>(
        _ count: Int, threads: Int = processors, _ transform: @Sendable (Int) -> Result
    ) -> [Result] {
        map(count, threads: threads, state: {}, transform: { _, item in transform(item) })
    }

    /// The same with a state for each thread, as a network with its memory, made when the thread takes its first item.
    /// The result must not depend on what the state went through before.
    ///
    /// - Parameters:
    ///   - count: items.
    ///   - threads: at most so many.
    ///   - state: makes a thread's state.
    ///   - progress: how many items are done; called on the caller's thread, after each of its own.
    ///   - transform: an item with the state of the thread that takes it.
    public static func map<State: ~Copyable, Result: Sendable>(
        _ count: Int, threads: Int = processors, state: @Sendable () -> State, progress: (Int) -> Void = { _ in },
        transform: @Sendable (inout State, Int) -> Result
    ) -> [Result] {
        guard count > 0 else { return [] }
        let done = Work.Counter()
        return unsafe [Result](unsafeUninitializedCapacity: count) { buffer, filled in
            nonisolated(unsafe) let base = unsafe buffer
            run(count, threads: min(max(1, threads), count)) { next, isCaller in
                var item = next()
                guard item != nil else { return }
                var own = state()
                while let index = item {
                    unsafe base.baseAddress.unsafelyUnwrapped.advanced(by: index).initialize(to: transform(&own, index))
                    let finished = done.add()
                    if isCaller { progress(finished) }
                    item = next()
                }
            }
            filled = count
        }
    }

    /// Calls `body` on `threads` threads, one of which is the caller's, and returns when all calls have.
    private static func run(
        _ count: Int, threads: Int, _ body: (_ next: @Sendable () -> Int?, _ isCaller: Bool) -> Void
    ) {
        withoutActuallyEscaping(body) { body in
            // Only the caller's call may touch what is not Sendable: it is told apart by `isCaller`.
            nonisolated(unsafe) let body = body
            let work = Work(count: count) { next in unsafe body(next, false) }
            let helpers = (1..<threads).compactMap { _ in work.start() }
            unsafe body({ work.next() }, true)
            for helper in helpers { pthread_join(helper, nil) }
        }
    }
}

/// Items that are still to be done, shared by the threads that do them.
private final class Work: Sendable {
    /// Counts what several threads have done.
    final class Counter: Sendable {
        private let count = Atomic<Int>(0)

        /// The count with this one.
        func add() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
    }

    private let count: Int
    private let body: @Sendable (@Sendable () -> Int?) -> Void
    private let taken = Counter()
    /// Items and their buffers are small; what is recursive in them is not deep.
    private static let stackSize = 8 << 20

    init(count: Int, body: @escaping @Sendable (@Sendable () -> Int?) -> Void) {
        self.count = count
        self.body = body
    }

    /// The next item; nil when all are taken.
    func next() -> Int? {
        let item = taken.add() - 1
        return item < count ? item : nil
    }

    func run() { body { self.next() } }

    /// A thread that helps; nil where the system gives none, and the others do its share.
    func start() -> pthread_t? {
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setstacksize(&attributes, Self.stackSize)
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let status = unsafe pthread_create(
            &thread, &attributes,
            { context in
                if let context = unsafe context { unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context)
        unsafe pthread_attr_destroy(&attributes)
        guard status == 0 else {
            unsafe Unmanaged<Work>.fromOpaque(context).release()
            return nil
        }
        return thread
    }
}
