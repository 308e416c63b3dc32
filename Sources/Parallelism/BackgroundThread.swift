internal import CLinux

/// A thread that does one thing, each time that it is asked to, while whoever asks goes on.
///
/// Between two times it sleeps. Asking costs one system call, and neither allocates nor locks. One thread owns it, and
/// asks; what the work shares with the owner belongs to the work from ``ask()`` until ``isIdle``, else to the owner.
@safe public final class BackgroundThread {
    private let thread: OpaquePointer
    private let work: Unmanaged<Work>

    private final class Work {
        let body: () -> Void

        init(_ body: @escaping () -> Void) { self.body = body }
    }

    /// Nil where the system gives no thread.
    ///
    /// - Parameters:
    ///   - name: at most 15 bytes.
    ///   - priority: SCHED_FIFO, or 0 for the ordinary scheduler.
    ///   - processors: where it may run; none for anywhere.
    ///   - body: what it does; must not hold the thread itself.
    public init?(name: String, priority: Int = 0, processors: [Int] = [], _ body: @escaping () -> Void) {
        let cpus = processors.map(Int32.init)
        let work = unsafe Unmanaged.passRetained(Work(body))
        let started = unsafe hf_background_start(
            name, Int32(priority), cpus, cpus.count,
            { context in
                guard let context = unsafe context else { return }
                unsafe Unmanaged<Work>.fromOpaque(context).takeUnretainedValue().body()
            }, work.toOpaque())
        guard let thread = unsafe started else {
            unsafe work.release()
            return nil
        }
        unsafe (self.thread, self.work) = (thread, work)
    }

    /// Waits for work that is under way.
    deinit {
        unsafe hf_background_end(thread)
        unsafe work.release()
    }

    /// Is nothing asked for, and nothing under way?
    public var isIdle: Bool { unsafe hf_background_is_idle(thread) }

    /// Has the work done once more, and goes on; first waits for work that is under way.
    public func ask() {
        wait()
        unsafe hf_background_ask(thread)
    }

    /// Waits for work that is under way.
    public func wait() { unsafe hf_background_wait(thread) }
}
