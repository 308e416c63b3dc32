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
        guard threads > 1, count > 1 else { return (0..<count).map(transform) }
        return unsafe [Result](unsafeUninitializedCapacity: count) { buffer, filled in
            nonisolated(unsafe) let base = unsafe buffer
            run(count, threads: min(threads, count)) { item in
                unsafe base.baseAddress.unsafelyUnwrapped.advanced(by: item).initialize(to: transform(item))
            }
            filled = count
        }
    }

    /// Calls `body` once for each of `0..<count`, on `threads` threads, and returns when all calls have.
    private static func run(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
        withoutActuallyEscaping(body) { body in
            let work = Work(count: count, body: body)
            let helpers = (1..<threads).compactMap { _ in work.start() }
            work.run()
            for helper in helpers { pthread_join(helper, nil) }
        }
    }
}

/// Items that are still to be done, shared by the threads that do them.
private final class Work: Sendable {
    private let count: Int
    private let body: @Sendable (Int) -> Void
    private let next = Atomic<Int>(0)
    /// Items and their buffers are small; what is recursive in them is not deep.
    private static let stackSize = 8 << 20

    init(count: Int, body: @escaping @Sendable (Int) -> Void) {
        self.count = count
        self.body = body
    }

    func run() {
        while true {
            let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard item < count else { return }
            body(item)
        }
    }

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
