import Daemon
import Publishing
import Supervision

/// A machine and a service manager for one daemon: what it says is written down, what comes to it is a test's.
///
/// Sendable unchecked: the threads of a test's daemon are functions that the test calls.
final class TestHost: @unchecked Sendable {
    let clock = ManualClock()
    /// Lines of the journal.
    private(set) var lines: [String] = []
    /// What the service manager was told, without the line feed at the end.
    private(set) var told: [String] = []
    var signals: [SignalRequest] = []
    var usage = ProcessUsage()
    var watchdog: Watchdog?
    var environment: [String: String] = [:]
    /// What the kernel refuses.
    var memoryRefusal: SupervisionError?
    var threadRefusal: SupervisionError?
    private(set) var hasLockedMemory = false
    /// The status with which the program was left at once.
    private(set) var abandoned: Int32?
    /// What others do while the main thread waits; it waits until its patience is over.
    var duringWait: () -> Void = {}
    private(set) var threads: [TestThread] = []

    /// Threads by this name, in the order of their start.
    func threads(named name: String) -> [TestThread] { threads.filter { $0.name == name } }

    var host: Host {
        Host(
            clock: clock, journal: Journal { [unowned self] in lines.append($0) },
            manager: ServiceManager { [unowned self] in told.append(String($0.dropLast())) }, watchdog: watchdog,
            environment: environment, blockSignals: {},
            nextSignal: { [unowned self] in signals.isEmpty ? nil : signals.removeFirst() },
            wait: { [unowned self] _, milliseconds in
                clock.advance(by: UInt64(milliseconds) * millisecond)
                duringWait()
            },
            startThread: { [unowned self] (name, priority, cpus, body) throws(SupervisionError) in
                if let threadRefusal { throw threadRefusal }
                let thread = TestThread(name: name, priority: priority, cpus: cpus, body: body)
                threads.append(thread)
                return thread
            },
            lockMemory: { [unowned self] () throws(SupervisionError) in
                if let memoryRefusal { throw memoryRefusal }
                hasLockedMemory = true
            },
            usage: { [unowned self] in usage }, abandon: { [unowned self] in abandoned = $0 })
    }
}

/// A thread that runs when a test says so.
///
/// Sendable unchecked: nothing of it runs beside anything else.
final class TestThread: RunningThread, @unchecked Sendable {
    let name: String
    let priority: Int?
    let cpus: [Int]
    var isFinished = false
    var scheduling: ThreadScheduling?
    private let body: @Sendable () -> Void

    init(name: String, priority: Int?, cpus: [Int], body: @escaping @Sendable () -> Void) {
        (self.name, self.priority, self.cpus, self.body) = (name, priority, cpus, body)
    }

    func run() {
        body()
        isFinished = true
    }
}
