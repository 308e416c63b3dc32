import CAllocationCounter
import Glibc
import Parallelism
import Synchronization
import Testing

@Suite("A thread in the background") struct BackgroundThreadTests {
    /// What the thread and its owner share, guarded by nothing but the thread, which ThreadSanitizer holds to it.
    private final class Shared {
        var question = 0
        var answer = 0
        let mayAnswer = Atomic(true)
    }

    private static func squares(_ shared: Shared) -> BackgroundThread? {
        BackgroundThread(name: "test") {
            while !shared.mayAnswer.load(ordering: .acquiring) { usleep(100) }
            shared.answer = shared.question * shared.question
        }
    }

    @Test("does its work each time that it is asked; the owner sees what it wrote")
    func answers() throws {
        let shared = Shared()
        let thread = try #require(Self.squares(shared))
        #expect(thread.isIdle)
        var wrong = 0
        for question in 1...5000 {
            shared.question = question
            thread.ask()
            thread.wait()
            if !thread.isIdle || shared.answer != question * question { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    @Test("the owner goes on meanwhile; asked again, it first ends what it is at")
    func meanwhile() throws {
        let shared = Shared()
        let thread = try #require(Self.squares(shared))
        shared.question = 3
        shared.mayAnswer.store(false, ordering: .releasing)
        thread.ask()
        #expect(!thread.isIdle)
        shared.mayAnswer.store(true, ordering: .releasing)
        thread.ask()
        thread.wait()
        #expect(shared.answer == 9)
    }

    @Test("ends when its work has, asked or not")
    func ends() throws {
        let shared = Shared()
        for question in 0..<50 {
            let thread = try #require(Self.squares(shared))
            shared.question = question
            if question % 2 == 1 { thread.ask() }
        }
        #expect(shared.answer == 49 * 49)
    }

    @Test("allocates nothing when it is asked", .enabled(if: hf_allocations_counted() != 0))
    func allocations() throws {
        let thread = try #require(Self.squares(Shared()))
        thread.ask()
        hf_allocations_begin()
        for _ in 0..<100 { thread.ask() }
        #expect(hf_allocations_end() == 0)
    }
}
