/// What a live calibration shows in a terminal: the state, drawn over what was drawn before; where nothing can be drawn
/// over, each new hint as a line.
package struct TerminalScreen {
    private let isTerminal: Bool
    private let write: (String) -> Void
    private var drawnLines = 0
    private var lastHint = ""
    private var lastDrawing: UInt64 = 0

    /// Between two drawings, nanoseconds.
    private static let interval: UInt64 = 150_000_000

    /// - Parameters:
    ///   - isTerminal: whether what is written can be drawn over.
    ///   - write: takes the text as it is, control characters and all.
    package init(isTerminal: Bool, write: @escaping (String) -> Void) {
        self.isTerminal = isTerminal
        self.write = write
    }

    /// Shows the state, a few times a second.
    ///
    /// - Parameter time: now, CLOCK_MONOTONIC nanoseconds.
    package mutating func show(_ state: LiveState, time: UInt64) {
        guard time - lastDrawing > Self.interval else { return }
        lastDrawing = time
        if isTerminal { draw(state.terminalLines) } else { log(state) }
    }

    private mutating func draw(_ lines: [String]) {
        var text = drawnLines > 0 ? "\u{1B}[\(drawnLines)A" : ""
        for line in lines { text += "\r\u{1B}[K\(line.prefix(100))\n" }
        drawnLines = lines.count
        write(text)
    }

    private mutating func log(_ state: LiveState) {
        let hint = "\(state.views.count) views. \(state.hint)"
        guard hint != lastHint else { return }
        lastHint = hint
        write(hint + "\n")
    }

    /// Turns keys into commands; false if one of them ends the program, after which no other counts.
    package static func obey(_ keys: some Sequence<UInt8>, _ session: LiveSession) -> Bool {
        for key in keys {
            switch key {
            case UInt8(ascii: " "): session.give(.take)
            case UInt8(ascii: "u"): session.give(.undo)
            case UInt8(ascii: "a"): session.give(.automatic)
            case UInt8(ascii: "f"): session.give(.finish)
            case UInt8(ascii: "q"): return false
            default: break
            }
        }
        return true
    }
}
