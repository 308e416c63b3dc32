import ArgumentParser
import CommandSupport
import Errors
import Synchronization
import Testing

@Suite("A batch")
struct BatchTests {
    private final class Lines: Sendable {
        let text = Mutex("")
    }

    private let lines = Lines()

    private func batch() -> Batch {
        Batch(program: "p", write: { [lines] line in lines.text.withLock { $0 += line } })
    }

    private var said: String { lines.text.withLock { $0 } }

    private func status(_ body: () throws -> Void) -> Int32? {
        do {
            try body()
            return nil
        } catch { return (error as? ExitCode)?.rawValue }
    }

    private func damaged(_ name: String) -> Failure { Failure(.badData, "\(name): damaged; copy it again") }

    @Test("of which all can be done ends as if it were none")
    func whole() throws {
        var batch = batch()
        #expect(batch.attempt("a") { 1 } == 1)
        try batch.requireResult()
        try batch.finish()
        #expect(said.isEmpty && batch.failures.isEmpty)
        try self.batch().finish()
    }

    @Test("goes on without what fails, names it at once, counts it, and ends with 2")
    func part() throws {
        var batch = batch()
        #expect(batch.attempt("a.jpg") { () throws -> Int in throw damaged("a.jpg") } == nil)
        #expect(said == "p: a.jpg: damaged; copy it again\n")
        #expect(batch.attempt("b.jpg") { 2 } == 2)
        try batch.requireResult()
        #expect(status { try batch.finish() } == 2)
        #expect(said == "p: a.jpg: damaged; copy it again\np: 1 of 2 images could not be used\n")
        #expect(batch.failures.map(\.name) == ["a.jpg"])
        batch.tellCount()
        #expect(said.hasSuffix("p: 1 of 2 images could not be used\np: 1 of 2 images could not be used\n"))
    }

    @Test("of which nothing can be done ends with the first error's own status")
    func nothing() {
        var one = batch()
        one.fail("a.jpg", Failure(.missingInput, "a.jpg: is not there"))
        #expect(status { try one.requireResult() } == 66)
        #expect(said == "p: a.jpg: is not there\n")
        one.fail("b.jpg", damaged("b.jpg"))
        #expect(status { try one.finish() } == 66)
        #expect(said.hasSuffix("p: none of the 2 images could be used\n"))
    }

    @Test("names an item whose error does not")
    func unnamed() {
        var batch = batch()
        batch.fail("a.jpg", Failure(.badData, "too small"))
        #expect(said == "p: a.jpg: too small\n")
    }

    @Test("names ten of the same reason, and says how many more there are")
    func many() {
        var batch = batch()
        batch.succeed(1)
        for index in 0..<13 { batch.fail("\(index).jpg", damaged("\(index).jpg")) }
        batch.fail("x.jpg", Failure(.missingInput, "x.jpg: is not there"))
        #expect(status { try batch.finish() } == 2)
        let lines = said.split(separator: "\n")
        #expect(lines.count == 13 && lines[9] == "p: 9.jpg: damaged; copy it again")
        #expect(lines[10] == "p: x.jpg: is not there")
        #expect(lines[11] == "p: and 3 more images: damaged; copy it again")
        #expect(lines[12] == "p: 14 of 15 images could not be used")
    }
}
