internal import Errors
internal import Glibc

/// Progress on standard error: a bar that is redrawn on a terminal, a line per finished step elsewhere.
final class ProgressBar {
    private static let width = 40
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var step = ""
    private var shown = -1

    /// Shows that `done` of `total` parts of `step` are done.
    func show(_ step: String, _ done: Int, _ total: Int) {
        guard total > 0 else { return }
        if step != self.step {
            finish()
            self.step = step
        }
        let cells = Self.width * done / total
        if isTerminal {
            guard cells != shown || done == total else { return }
            let bar = String(repeating: "#", count: cells) + String(repeating: ".", count: Self.width - cells)
            StandardError.write("\r\(step.padded(12))[\(bar)] \(done)/\(total)")
        } else if done == total {
            StandardError.write("\(step): \(total) done\n")
        }
        shown = cells
    }

    /// Ends the line of the bar.
    func finish() {
        if isTerminal && shown >= 0 { StandardError.write("\n") }
        shown = -1
    }
}
