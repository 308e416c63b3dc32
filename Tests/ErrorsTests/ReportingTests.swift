import ArgumentParser
import CommandSupport
import Errors
import Glibc
import Testing

/// Standard error is one per process: what a command writes is taken from a pipe in its place.
@Suite("A command's failure", .serialized)
struct ReportingTests {
    enum Unreported: Error { case error }

    struct Reported: ReportedError {
        let description = "too few corners"
        var exitStatus: Errors.ExitStatus { .badData }
        var report: String { "no board: \(description)" }
    }

    /// What `body` throws through `reporting`, and what stands on standard error then.
    private func outcome(_ body: () throws -> Void) throws -> (thrown: (any Error)?, text: String) {
        var ends: [Int32] = [0, 0]
        try #require(unsafe pipe(&ends) == 0)
        let kept = dup(STDERR_FILENO)
        dup2(ends[1], STDERR_FILENO)
        close(ends[1])
        var thrown: (any Error)?
        do {
            try Failure.reporting(as: "a-program", body)
        } catch {
            thrown = error
        }
        dup2(kept, STDERR_FILENO)
        close(kept)
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe read(ends[0], &bytes, bytes.count)
        close(ends[0])
        return (thrown, String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self))
    }

    @Test("is one line behind the program's name, and its exit status")
    func failure() throws {
        let (thrown, text) = try outcome { throw Failure(.cannotCreate, "x: no space left") }
        #expect((thrown as? ExitCode)?.rawValue == 73)
        #expect(text == "a-program: x: no space left\n")
    }

    @Test("has the text and the status that its error knows; one that knows neither is our own bug")
    func kinds() throws {
        let known = try outcome { throw Reported() }
        #expect((known.thrown as? ExitCode)?.rawValue == 65)
        #expect(known.text == "a-program: no board: too few corners\n")
        let unknown = try outcome { throw Unreported.error }
        #expect((unknown.thrown as? ExitCode)?.rawValue == 70)
    }

    @Test("is not what a body that ends with a status of its own has, nor one that succeeds")
    func silent() throws {
        let ended = try outcome { throw ExitCode(1) }
        #expect((ended.thrown as? ExitCode)?.rawValue == 1 && ended.text.isEmpty)
        let fine = try outcome {}
        #expect(fine.thrown == nil && fine.text.isEmpty)
    }
}
