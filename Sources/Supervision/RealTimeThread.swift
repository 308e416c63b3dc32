internal import CLinux
public import Errors
internal import Glibc
internal import Synchronization

/// A thread of its own for the frames, with a scheduling priority and CPUs if asked.
public final class RealTimeThread: Sendable {
    private let finished: Finished

    /// Has the body returned, and has everything that it alone held been released?
    public var isFinished: Bool { finished.flag.load(ordering: .acquiring) }

    /// How the kernel runs it; nil until it has begun.
    public var scheduling: ThreadScheduling? { finished.scheduling.withLock { $0 } }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - name: as the kernel shows it, at most 15 bytes.
    ///   - priority: SCHED_FIFO, 1...99; nil for the ordinary scheduler.
    ///   - cpus: where it may run; empty for anywhere.
    ///   - body: what the thread does; it ends with it.
    public init(
        name: String, priority: Int?, cpus: [Int], body: sending @escaping () -> Void
    ) throws(SupervisionError) {
        let finished = Finished()
        self.finished = finished
        let work = unsafe Unmanaged.passRetained(Work(body: body, finished: finished))
        let list = cpus.map { Int32(clamping: $0) }
        let result = unsafe hf_start_thread(
            name, Int32(clamping: priority ?? 0), list, list.count, { unsafe RealTimeThread.run($0) }, work.toOpaque())
        guard result == 0 else {
            unsafe work.release()
            throw .thread(-result, priority: priority, cpus: cpus)
        }
    }

    private static func run(_ context: UnsafeMutableRawPointer?) {
        guard let context = unsafe context else { return }
        let finished = unsafe perform(Unmanaged<Work>.fromOpaque(context))
        finished.flag.store(true, ordering: .releasing)
    }

    /// Runs the work and lets go of it.
    private static func perform(_ work: Unmanaged<Work>) -> Finished {
        let work = unsafe work.takeRetainedValue()
        work.finished.scheduling.withLock { $0 = .ofThisThread() }
        work.body()
        return work.finished
    }

    private final class Finished: Sendable {
        let flag = Atomic(false)
        let scheduling = Mutex<ThreadScheduling?>(nil)
    }

    private final class Work {
        let body: () -> Void
        let finished: Finished

        init(body: @escaping () -> Void, finished: Finished) {
            self.body = body
            self.finished = finished
        }
    }
}

/// What the operating system refused, and the cure.
public enum SupervisionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The thread cannot start: errno, and what was asked for.
    case thread(Int32, priority: Int?, cpus: [Int])
    /// Memory cannot be locked: errno.
    case memory(Int32)

    public var description: String {
        switch self {
        case .thread(EPERM, let priority?, _):
            """
            real_time.priority: this user may not run at SCHED_FIFO priority \(priority); \
            raise LimitRTPRIO= or leave it out
            """
        case .thread(EINVAL, _, let cpus) where !cpus.isEmpty:
            "real_time.cpus: this machine has none of the CPUs \(cpus)"
        case .thread(let code, _, _): "cannot start a thread: \(unsafe String(cString: strerror(code)))"
        case .memory(let code):
            """
            real_time.lock_memory: cannot lock memory: \(unsafe String(cString: strerror(code))); \
            raise LimitMEMLOCK= or leave it out
            """
        }
    }
}

/// Keeps in RAM what the process has touched, and what it will touch. What must be there before it is needed has to be
/// touched first: the frame thread's stack is, a map is by `ReferenceMap.preload`.
public func lockMemory() throws(SupervisionError) {
    let result = hf_lock_memory()
    guard result == 0 else { throw .memory(-result) }
}

/// How the kernel runs a thread, as it says itself: not as was asked.
public struct ThreadScheduling: Sendable, Equatable {
    /// Of SCHED_FIFO; 0 for the ordinary scheduler.
    public let priority: Int
    /// The CPUs that it may run on, as the kernel writes such lists: "0-1,3". Empty if the kernel did not say.
    public let cpus: String

    /// The values as given; those of a running thread are ``RealTimeThread/scheduling``.
    public init(priority: Int, cpus: String) {
        self.priority = priority
        self.cpus = cpus
    }

    static func ofThisThread() -> ThreadScheduling {
        var text = [CChar](repeating: 0, count: 512)
        let priority = unsafe hf_thread_scheduling(&text, text.count)
        return ThreadScheduling(
            priority: max(0, Int(priority)),
            cpus: String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
}

extension SupervisionError: ReportedError {
    public var exitStatus: ExitStatus { .system }
}
