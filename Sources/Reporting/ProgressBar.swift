internal import Errors

/// Progress on standard error, with rate and time left: a bar that is drawn again on a terminal; elsewhere a line for
/// each step that is done, and one now and then of a step that takes long.
package final class ProgressBar {
    private static let width = 30
    /// Seconds between two lines of a step that is not done.
    private static let patience = 30.0
    private let isTerminal: Bool
    private let now: () -> Double
    private let write: (String) -> Void
    private var step = ""
    private var shown = -1
    /// When the step was shown first, seconds, and how many of its parts were done then.
    private var start = (time: 0.0, done: 0)
    /// When something was written, seconds.
    private var written = 0.0

    /// - Parameters:
    ///   - isTerminal: whether what is written can be drawn over.
    ///   - now: seconds on a clock that never goes back.
    ///   - write: takes the text as it is, control characters and all.
    package init(
        isTerminal: Bool = StandardError.isTerminal, now: @escaping () -> Double = ProgressBar.uptime,
        write: @escaping (String) -> Void = { StandardError.write($0) }
    ) {
        self.isTerminal = isTerminal
        self.now = now
        self.write = write
    }

    /// Shows that `done` of `total` parts of `step` are done. A step of no parts shows nothing.
    package func show(_ step: String, _ done: Int, _ total: Int) {
        guard total > 0 else { return }
        let time = now()
        if step != self.step {
            finish()
            self.step = step
            (start, written) = ((time, done), time)
        }
        let cells = Self.width * done / total
        let isDue = time - written >= (isTerminal ? 1 : Self.patience)
        guard isTerminal ? cells != shown || done == total || isDue : done == total && shown != cells || isDue else {
            return
        }
        written = time
        shown = cells
        let rate = done > start.done && time > start.time ? Double(done - start.done) / (time - start.time) : nil
        isTerminal ? draw(done, total, cells, rate) : tell(done, total, rate, time - start.time)
    }

    private func draw(_ done: Int, _ total: Int, _ cells: Int, _ rate: Double?) {
        let bar = String(repeating: "#", count: cells) + String(repeating: ".", count: Self.width - cells)
        let pace = "\(done)/\(total)\(Self.pace(rate, total - done))"
        write("\r\(step.padded(12))[\(bar)] \(pace.padded(40))")
    }

    private func tell(_ done: Int, _ total: Int, _ rate: Double?, _ seconds: Double) {
        write(
            done == total
                ? "\(step): \(total) done in \(Self.text(seconds))\n"
                : "\(step): \(done) of \(total)\(Self.pace(rate, total - done))\n")
    }

    /// Rate and time left, as far as they are known.
    private static func pace(_ rate: Double?, _ left: Int) -> String {
        guard let rate else { return "" }
        let speed = rate < 10 ? rate.text(1) : rate.text(0)
        return ", \(speed)/s" + (left > 0 ? ", \(text(Double(left) / rate)) left" : "")
    }

    private static func text(_ seconds: Double) -> String {
        if seconds < 10 { return "\(seconds.text(1)) s" }
        if seconds < 100 { return "\(seconds.text(0)) s" }
        return seconds < 5400 ? "\((seconds / 60).text(0)) min" : "\((seconds / 3600).text(1)) h"
    }

    /// Seconds since some moment.
    package static func uptime() -> Double {
        let duration = ContinuousClock.now - origin
        return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
    private static let origin = ContinuousClock.now

    /// Ends the line of the bar.
    package func finish() {
        if isTerminal && shown >= 0 { write("\n") }
        (step, shown) = ("", -1)
    }
}
