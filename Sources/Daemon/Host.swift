internal import CLinux
internal import Configuration
package import Publishing
package import Supervision

/// What the daemon has of the machine and of who started it. A test gives its own, and needs no signal, no thread, no
/// service manager and no time for it.
package struct Host {
    package var clock: any SystemClock
    package var journal: Journal
    package var manager: ServiceManager
    /// nil if nobody watches.
    package var watchdog: Watchdog?
    /// The variables of the program's environment.
    package var environment: [String: String]
    /// Makes the signals wait for `nextSignal`, in this thread and in all that start later.
    package var blockSignals: () -> Void
    /// What the next signal asks; nil if none waits. Never blocks.
    package var nextSignal: () -> SignalRequest?
    /// Until something is to be served, at most so long (milliseconds).
    package var wait: (SocketPoller, Int32) -> Void
    package var startThread: ThreadStarter
    package var lockMemory: () throws(SupervisionError) -> Void
    package var usage: () -> ProcessUsage
    /// Ends the program at once, with this status, without running anything on the way out.
    package var abandon: (Int32) -> Void

    package init(
        clock: any SystemClock, journal: Journal, manager: ServiceManager, watchdog: Watchdog?,
        environment: [String: String], blockSignals: @escaping () -> Void,
        nextSignal: @escaping () -> SignalRequest?, wait: @escaping (SocketPoller, Int32) -> Void,
        startThread: @escaping ThreadStarter, lockMemory: @escaping () throws(SupervisionError) -> Void,
        usage: @escaping () -> ProcessUsage, abandon: @escaping (Int32) -> Void
    ) {
        self.clock = clock
        self.journal = journal
        self.manager = manager
        self.watchdog = watchdog
        self.environment = environment
        self.blockSignals = blockSignals
        self.nextSignal = nextSignal
        self.wait = wait
        self.startThread = startThread
        self.lockMemory = lockMemory
        self.usage = usage
        self.abandon = abandon
    }

    /// The machine that this process runs on. Once: it takes $NOTIFY_SOCKET out of the environment.
    package static func ofThisProcess() -> Host {
        Host(
            clock: KernelClock(), journal: .standardError, manager: ServiceManager(), watchdog: .fromEnvironment(),
            environment: ConfigurationOverrides.environment(), blockSignals: { Signals.block() },
            nextSignal: { Signals.wait(0) }, wait: { poller, timeout in poller.wait(atMost: timeout) },
            startThread: startRealTimeThread,
            lockMemory: { () throws(SupervisionError) in try Supervision.lockMemory() },
            usage: { ProcessUsage() }, abandon: { status in hf_abandon(status) })
    }
}

/// Starts a thread that runs the body once: its name, SCHED_FIFO priority and CPUs as `RealTimeThread` has them.
package typealias ThreadStarter =
    @Sendable (
        _ name: String, _ priority: Int?, _ cpus: [Int], _ body: @escaping @Sendable () -> Void
    ) throws(SupervisionError) -> any RunningThread

/// A thread that was started.
package protocol RunningThread: AnyObject, Sendable {
    var isFinished: Bool { get }
    /// How the kernel runs it; nil until it has begun.
    var scheduling: ThreadScheduling? { get }
}

extension RealTimeThread: RunningThread {}

@Sendable package func startRealTimeThread(
    name: String, priority: Int?, cpus: [Int], body: @escaping @Sendable () -> Void
) throws(SupervisionError) -> any RunningThread {
    try RealTimeThread(name: name, priority: priority, cpus: cpus, body: body)
}
