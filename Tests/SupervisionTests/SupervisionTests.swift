import Glibc
import Supervision
import Synchronization
import Testing

private let second: UInt64 = 1_000_000_000

@Suite("Watchdog")
struct WatchdogTests {
    @Test("It is fed twice per period while the loop makes progress")
    func fed() {
        var watchdog = Watchdog(period: 4 * second)
        #expect(watchdog.interval == 2 * second)
        var meals: [UInt64] = []
        for tick in 0..<100 {
            let now = second + UInt64(tick) * second / 10
            if watchdog.isDue(now: now, progress: UInt64(tick)) { meals.append(now) }
        }
        #expect(meals.count == 5)
        #expect(zip(meals, meals.dropFirst()).allSatisfy { $1 - $0 == 2 * second })
    }

    @Test("It is never fed again once the loop hangs, and at once when it goes on")
    func hung() {
        var watchdog = Watchdog(period: second)
        var meals: [UInt64] = []
        for now in UInt64(1)...200 where watchdog.isDue(now: now * second, progress: now < 150 ? 7 : 8) {
            meals.append(now)
        }
        #expect(meals == [1, 150])
    }
}

@Suite("Real-time thread")
struct RealTimeThreadTests {
    private final class Sentinel: Sendable {
        let gone: Flag
        init(_ gone: Flag) { self.gone = gone }
        deinit { gone.value.store(true, ordering: .sequentiallyConsistent) }
    }

    private final class Flag: Sendable {
        let value = Atomic(false)
        var isSet: Bool { value.load(ordering: .sequentiallyConsistent) }
    }

    @Test("What only the thread held is released before it counts as finished")
    func finished() throws {
        let (ran, gone) = (Flag(), Flag())
        let thread = try RealTimeThread(name: "test", priority: nil, cpus: []) { [sentinel = Sentinel(gone)] in
            ran.value.store(true, ordering: .sequentiallyConsistent)
            withExtendedLifetime(sentinel) {}
        }
        for _ in 0..<12_000 where !thread.isFinished { usleep(5000) }
        #expect(thread.isFinished)
        #expect(ran.isSet)
        #expect(gone.isSet)
    }

    @Test("How the kernel runs it is what was asked, and not known before it runs")
    func scheduling() throws {
        // The kernel's own list of where this process may run; the thread shall run on the first of it alone.
        guard let status = unsafe fopen("/proc/self/status", "re") else {
            Issue.record("/proc cannot be read")
            return
        }
        defer { unsafe _ = fclose(status) }
        var line = [CChar](repeating: 0, count: 256)
        var list = ""
        while unsafe fgets(&line, 256, status) != nil {
            let text = String(
                decoding: line.prefix { $0 > 0x1f || $0 == 9 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if text.hasPrefix("Cpus_allowed_list:\t") { list = String(text.dropFirst(19)) }
        }
        let first = try #require(Int(list.prefix { $0.isNumber }))
        for (cpus, expected) in [([], list), ([first], "\(first)")] {
            let thread = try RealTimeThread(name: "test", priority: nil, cpus: cpus) {}
            for _ in 0..<12_000 where !thread.isFinished { usleep(5000) }
            #expect(thread.scheduling == ThreadScheduling(priority: 0, cpus: expected))
        }
    }

    @Test("CPUs that the machine does not have are an error that names the field")
    func impossible() {
        let error = #expect(throws: SupervisionError.self) {
            try RealTimeThread(name: "test", priority: nil, cpus: [1023]) {}
        }
        #expect(error?.description.contains("real_time.cpus") == true)
    }
}

@Suite("Boot ID")
struct BootIDTests {
    @Test("It is the kernel's")
    func kernels() {
        let text = BootID.read()
        #expect(text.utf8.count == 36)
        #expect(text == BootID.read())
        #expect(BootID.hyphenated(text.filter { $0 != "-" }) == text)
    }

    @Test("Text of another length stays", arguments: ["", "b0b", "0b4e7a52-5a4d-4a3c-9d2e-1f1e1d1c1b1a"])
    func others(text: String) {
        #expect(BootID.hyphenated(text) == text)
    }
}

@Suite("Signals")
struct SignalTests {
    /// This process has threads that were there before and block nothing, as a daemon has that links a library with
    /// threads of its own.
    @Test("A signal that another thread takes neither ends the program nor is lost")
    func stray() {
        Signals.block()
        var seen: [SignalRequest] = []
        for signal in [SIGHUP, SIGTERM, SIGHUP] {
            kill(getpid(), signal)
            var request: SignalRequest?
            for _ in 0..<200 where request == nil { request = Signals.wait(10) }
            if let request { seen.append(request) }
        }
        #expect(seen == [.reload, .stop, .reload])
        #expect(Signals.wait(0) == nil)
    }
}
