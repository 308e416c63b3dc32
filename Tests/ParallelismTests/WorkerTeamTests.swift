import CAllocationCounter
import Glibc
import Parallelism
import Testing

@Suite("A team of workers") struct WorkerTeamTests {
    /// How often each item was done, and how often a worker was at two items at the same time. Nothing guards the
    /// counts but the team, which ThreadSanitizer holds to it.
    @safe private final class Tally {
        let done: UnsafeMutableBufferPointer<Int>
        let busy: UnsafeMutableBufferPointer<Int>
        let collisions: UnsafeMutableBufferPointer<Int>

        init(items: Int, workers: Int) {
            unsafe done = .allocate(capacity: items)
            unsafe busy = .allocate(capacity: workers)
            unsafe collisions = .allocate(capacity: workers)
            unsafe done.initialize(repeating: 0)
            unsafe busy.initialize(repeating: 0)
            unsafe collisions.initialize(repeating: 0)
        }

        deinit {
            unsafe done.deallocate()
            unsafe busy.deallocate()
            unsafe collisions.deallocate()
        }

        var counts: [Int] { unsafe Array(done) }
        var collisionCount: Int { unsafe collisions.reduce(0, +) }
    }

    private struct Counting: TeamTask {
        let tally: Tally

        func run(item: Int, worker: Int) {
            unsafe tally.busy[worker] += 1
            if unsafe tally.busy[worker] != 1 { unsafe tally.collisions[worker] += 1 }
            unsafe tally.done[item] += 1
            unsafe tally.busy[worker] -= 1
        }
    }

    @Test("does each item once, and each worker one at a time", arguments: [1, 2, 3, 8])
    func once(threads: Int) {
        let team = WorkerTeam(threads: threads)
        #expect(team.threads == threads)
        for items in [0, 1, 2, 7, 100] {
            let tally = Tally(items: items, workers: threads)
            for _ in 0..<20 { team.run(items, Counting(tally: tally)) }
            #expect(tally.counts == [Int](repeating: 20, count: items))
            #expect(tally.collisionCount == 0)
        }
    }

    @safe private struct Squares: TeamTask {
        let numbers: UnsafeMutablePointer<Int>
        let factor: Int

        func run(item: Int, worker: Int) { unsafe numbers[item] = factor * item }
    }

    @Test("is done when it returns: the caller sees what the items wrote, job after job")
    func seen() {
        let team = WorkerTeam(threads: 3)
        var numbers = [Int](repeating: -1, count: 16)
        var wrong = 0
        for factor in 0..<20_000 {
            unsafe numbers.withUnsafeMutableBufferPointer { buffer in
                guard let start = buffer.baseAddress else { return }
                unsafe team.run(16, Squares(numbers: start, factor: factor))
            }
            for (index, number) in numbers.enumerated() where number != factor * index { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    @Test("wakes its workers after they slept, and ends while they sleep")
    func sleep() {
        for _ in 0..<5 {
            let team = WorkerTeam(threads: 4)
            let tally = Tally(items: 9, workers: 4)
            team.run(9, Counting(tally: tally))
            usleep(2000)  // forty times as long as they spin
            team.run(9, Counting(tally: tally))
            #expect(tally.counts == [Int](repeating: 2, count: 9))
        }
    }

    @Test("a second caller does its items alone while the team is busy: once each, and seen by it")
    func secondCaller() {
        let team = WorkerTeam(threads: 3)
        nonisolated(unsafe) let shared = team
        let wrong = Parallel.map(2, threads: 2) { caller in
            var (numbers, wrong) = ([Int](repeating: -1, count: 16), 0)
            for factor in 0..<20_000 {
                unsafe numbers.withUnsafeMutableBufferPointer { buffer in
                    guard let start = buffer.baseAddress else { return }
                    unsafe shared.run(16, Squares(numbers: start, factor: factor + caller))
                }
                for (index, number) in numbers.enumerated() where number != (factor + caller) * index { wrong += 1 }
            }
            return wrong
        }
        #expect(wrong == [0, 0])
    }

    /// Holds the team until another caller's items are done.
    private struct Holding: TeamTask {
        let team: WorkerTeam
        let tally: Tally

        func run(item: Int, worker: Int) {
            if item == 0 { team.run(5, Counting(tally: tally)) }
        }
    }

    @Test("what is asked of a team that is busy is not left to helpers that never come")
    func busy() {
        let team = WorkerTeam(threads: 2)
        let tally = Tally(items: 5, workers: 2)
        for _ in 0..<20 { team.run(2, Holding(team: team, tally: tally)) }
        #expect(tally.counts == [Int](repeating: 20, count: 5))
    }

    @Test("may be made and ended without a job")
    func idle() {
        for threads in 1...6 { #expect(WorkerTeam(threads: threads).threads == threads) }
    }

    @Test("allocates nothing for a job", .enabled(if: hf_allocations_counted() != 0))
    func allocations() {
        let team = WorkerTeam(threads: 2)
        var numbers = [Int](repeating: -1, count: 16)
        let count = unsafe numbers.withUnsafeMutableBufferPointer { buffer -> UInt64 in
            guard let start = buffer.baseAddress else { return 1 }
            unsafe team.run(16, Squares(numbers: start, factor: 1))
            hf_allocations_begin()
            for factor in 0..<100 { unsafe team.run(16, Squares(numbers: start, factor: factor)) }
            return UInt64(hf_allocations_end())
        }
        #expect(count == 0)
    }
}
