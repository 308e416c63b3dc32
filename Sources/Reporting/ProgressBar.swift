internal import Errors

/// Progress on standard error: a bar that is redrawn on a terminal, a line per finished step elsewhere.
package final class ProgressBar {
    private static let width = 40
    private let isTerminal: Bool
    private let write: (String) -> Void
    private var step = ""
    private var shown = -1

    /// - Parameters:
    ///   - isTerminal: whether what is written can be drawn over.
    ///   - write: takes the text as it is, control characters and all.
    package init(
        isTerminal: Bool = StandardError.isTerminal, write: @escaping (String) -> Void = { StandardError.write($0) }
    ) {
        self.isTerminal = isTerminal
        self.write = write
    }

    /// Shows that `done` of `total` parts of `step` are done. A step of no parts shows nothing.
    package func show(_ step: String, _ done: Int, _ total: Int) {
        guard total > 0 else { return }
        if step != self.step {
            finish()
            self.step = step
        }
        let cells = Self.width * done / total
        if isTerminal {
            guard cells != shown || done == total else { return }
            let bar = String(repeating: "#", count: cells) + String(repeating: ".", count: Self.width - cells)
            write("\r\(step.padded(12))[\(bar)] \(done)/\(total)")
        } else if done == total {
            write("\(step): \(total) done\n")
        }
        shown = cells
    }

    /// Ends the line of the bar.
    package func finish() {
        if isTerminal && shown >= 0 { write("\n") }
        shown = -1
    }
}
