import Capture
import Daemon
import Messages
import Supervision
import TestSupport
import Testing

extension DaemonTests {
    /// The whole of a run: `machine.duringWait` is where the frame thread gets its turns.
    @Suite("A run from start to end")
    struct RunTests {
        let bench: Bench
        var machine: TestHost { bench.machine }

        init() throws {
            bench = try Bench()
        }

        /// Runs until something ends it; `turn` is what happens while the main thread waits.
        private func run(once: Bool = false, turn: @escaping (Bench) throws -> Void) throws {
            let daemon = try bench.open(once: once)
            machine.duringWait = { [bench] in
                do { try turn(bench) } catch { Issue.record(error) }
            }
            // The frame thread sees that it is to end while the main thread sleeps.
            bench.clock.duringSleep = { [bench] in
                if (try? bench.frameThread.isFinished) == false { try? bench.step() }
            }
            try daemon.run()
        }

        @Test("to the folder's end: ready, each frame answered, and nothing left behind")
        func once() throws {
            bench.frames.script = Array(repeating: .frame(), count: 5) + [.end]
            try run(once: true) { try $0.step() }
            #expect(machine.told.first == "READY=1\nSTATUS=ready: a script")
            #expect(machine.told.last == "STOPPING=1\nSTATUS=stopping")
            #expect(try bench.poses().count == 5)
            #expect(machine.abandoned == nil && machine.threads.count == 1)
            #expect(try bench.records().events.last?.kind == .stopping)
        }

        @Test("the thread of the frames does one after the other, until the source ends or it is told to")
        func frameThread() throws {
            bench.frames.script = Array(repeating: .frame(), count: 5) + [.end]
            try bench.start(once: true)
            try bench.frameThread.run()
            #expect(try bench.poses().count == 5)

            let other = try Bench()
            other.frames.script = Array(repeating: .frame(), count: 5)
            try other.start()
            try other.localizer.duringFrame = { if other.frames.counts.captured == 3 { try? other.daemon.stop() } }
            try other.frameThread.run()
            #expect(try other.poses().count == 3)
        }

        @Test("until a signal says so: the frame loop is told to finish its frame")
        func signal() throws {
            var turns = 0
            try run { bench in
                bench.frames.script.append(.frame())
                try bench.step()
                turns += 1
                if turns == 7 { bench.machine.signals = [.stop] }
            }
            #expect(try bench.poses().count == 7)
            #expect(try bench.frameThread.isFinished && machine.abandoned == nil)
        }

        @Test("a frame loop that does not answer is left after 0.8 s, as our own bug")
        func hung() throws {
            let state = bench.files.folder("state")
            bench.change(["state": "state"])
            try bench.open()
            try bench.daemon.start()
            try bench.frame(.localized())
            let start = bench.clock.now
            try bench.daemon.stop()
            #expect(bench.clock.now - start == 800 * millisecond)
            #expect(machine.abandoned == 70)
            #expect(machine.lines.last == "the frame loop does not answer; leaving it")
            #expect(namesInFolder(state) == ["last-place.json"])
        }

        @Test("the watchdog is fed twice per period for as long as the frame loop does something")
        func watchdog() throws {
            machine.watchdog = Watchdog(period: second)
            var turns = 0
            var waits: [UInt64] = []
            try run { bench in
                waits.append(bench.clock.now)
                // A frame, or a wait for one, is progress; a hung loop makes none.
                if turns < 50 { bench.frames.script.append(.frame()) }
                if turns < 50 { try bench.step() }
                turns += 1
                if turns == 150 { bench.machine.signals = [.stop] }
            }
            // Rounds of 50 ms: 2.5 s of progress, and 5 s of none. The last meal is for what was done since the one
            // before.
            #expect(Set(zip(waits, waits.dropFirst()).map { $1 - $0 }) == [50 * millisecond])
            #expect(machine.told.count { $0 == "WATCHDOG=1" } == 6)
        }

        @Test("a short watchdog makes the rounds short; without one nobody is fed")
        func rounds() throws {
            machine.watchdog = Watchdog(period: 16 * millisecond)
            var waits: [UInt64] = []
            try run { bench in
                waits.append(bench.clock.now)
                if waits.count == 20 { bench.machine.signals = [.stop] }
            }
            #expect(Set(zip(waits, waits.dropFirst()).map { $1 - $0 }) == [2 * millisecond])

            let other = try Bench()
            try other.start()
            try other.frame(.lost)
            #expect(!other.machine.told.contains("WATCHDOG=1"))
        }
    }
}
