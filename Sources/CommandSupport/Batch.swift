internal import ArgumentParser
public import Errors

/// Items of one kind that a command does one after another. What goes wrong with one is named at once and counted; the
/// others are done all the same, and the command ends with `ExitStatus.incomplete`. Only where nothing at all could be
/// done does it end with the error's own status.
public struct Batch {
    /// Of one reason so many are named; of the others it is said how many there are.
    private static let most = 10

    private let program: String
    private let items: String
    private let write: (String) -> Void
    private var done = 0
    private var told: [(reason: String, count: Int)] = []
    /// What could not be done, in order, each with its error.
    public private(set) var failures: [(name: String, failure: Failure)] = []

    /// - Parameters:
    ///   - program: which speaks.
    ///   - items: what they are, in the plural.
    ///   - write: where lines go; standard error.
    public init(
        program: String, items: String = "images", write: @escaping (String) -> Void = StandardError.write
    ) {
        (self.program, self.items, self.write) = (program, items, write)
    }

    /// What `body` makes of an item; nil if it failed, which is said and counted.
    ///
    /// - Parameters:
    ///   - name: of the item; messages begin with it.
    ///   - body: throws only what is wrong with this item.
    public mutating func attempt<Value>(_ name: String, _ body: () throws -> Value) -> Value? {
        do {
            let value = try body()
            done += 1
            return value
        } catch {
            fail(name, Failure(describing: error))
            return nil
        }
    }

    /// Counts items that were done elsewhere.
    public mutating func succeed(_ count: Int) { done += count }

    /// Names and counts an item that could not be done.
    public mutating func fail(_ name: String, _ failure: Failure) {
        failures.append((name, failure))
        let text = failure.description.contains(name) ? failure.description : "\(name): \(failure.description)"
        let reason = text.replacing(name, with: "")
        let index = told.firstIndex { $0.reason == reason } ?? told.endIndex
        if index == told.endIndex { told.append((reason, 0)) }
        told[index].count += 1
        if told[index].count <= Self.most { write("\(program): \(text)\n") }
    }

    /// Ends the command where no item could be done: before anything is written that would be empty.
    public func requireResult() throws {
        guard done == 0, let first = failures.first else { return }
        tellRest()
        if failures.count > 1 { write("\(program): none of the \(failures.count) \(items) could be used\n") }
        throw ExitCode(first.failure.status.rawValue)
    }

    /// Ends the command: by itself if every item was done, else with its status. To be called when all results are
    /// written.
    public func finish() throws {
        try requireResult()
        guard !failures.isEmpty else { return }
        tellCount()
        throw ExitCode(ExitStatus.incomplete.rawValue)
    }

    /// Says how many items could not be done, if any, where the command ends for another reason.
    public func tellCount() {
        guard !failures.isEmpty else { return }
        tellRest()
        write("\(program): \(failures.count) of \(done + failures.count) \(items) could not be used\n")
    }

    private func tellRest() {
        for (reason, count) in told where count > Self.most {
            let text = reason.drop { $0 == ":" || $0 == " " }
            write("\(program): and \(count - Self.most) more \(items): \(text)\n")
        }
    }
}
