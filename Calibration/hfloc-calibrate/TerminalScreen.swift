internal import CLinux
internal import CameraCalibration
internal import Glibc

/// The terminal of a live calibration: draws the state in place, and turns keys into commands. Without a terminal it
/// prints each new hint as a line.
final class TerminalScreen {
    enum KeyRequest { case go, quit }

    private let isTerminal: Bool
    private var saved = termios()
    private var drawnLines = 0
    private var lastHint = ""
    private var lastDrawing: UInt64 = 0
    private var isOpen = true

    init() {
        isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        guard isTerminal else { return }
        unsafe tcgetattr(STDIN_FILENO, &saved)
        var raw = saved
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        unsafe tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    }

    /// Gives the terminal back as it was.
    func close() {
        guard isOpen else { return }
        isOpen = false
        guard isTerminal else { return }
        unsafe tcsetattr(STDIN_FILENO, TCSANOW, &saved)
    }

    func update(_ state: LiveState, _ session: LiveSession) -> KeyRequest {
        let now = hf_monotonic_ns()
        if now - lastDrawing > 150_000_000 {
            lastDrawing = now
            if isTerminal { draw(state.terminalLines) } else { log(state) }
        }
        return readKeys(session)
    }

    private func draw(_ lines: [String]) {
        var text = drawnLines > 0 ? "\u{1B}[\(drawnLines)A" : ""
        for line in lines { text += "\r\u{1B}[K\(line.prefix(100))\n" }
        drawnLines = lines.count
        print(text, terminator: "")
        fflush(nil)
    }

    private func log(_ state: LiveState) {
        let hint = "\(state.views.count) views. \(state.hint)"
        guard hint != lastHint else { return }
        lastHint = hint
        print(hint)
        fflush(nil)
    }

    private func readKeys(_ session: LiveSession) -> KeyRequest {
        guard hf_wait_readable(STDIN_FILENO, 0) == 1 else { return .go }
        var keys = [UInt8](repeating: 0, count: 16)
        let count = unsafe read(STDIN_FILENO, &keys, keys.count)
        for key in keys.prefix(max(count, 0)) {
            switch key {
            case UInt8(ascii: " "): session.give(.take)
            case UInt8(ascii: "u"): session.give(.undo)
            case UInt8(ascii: "a"): session.give(.automatic)
            case UInt8(ascii: "f"): session.give(.finish)
            case UInt8(ascii: "q"): return .quit
            default: break
            }
        }
        return .go
    }
}
