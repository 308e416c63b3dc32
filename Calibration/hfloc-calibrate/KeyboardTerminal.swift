internal import CLinux
internal import CameraCalibration
internal import Glibc

/// The terminal that the program was started in: its screen, and its keys as they are pressed.
final class KeyboardTerminal: LiveTerminal {
    private let isTerminal: Bool
    private var screen: TerminalScreen
    private var saved = termios()
    private var isOpen = true

    init(_ spoken: SpokenText) {
        isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        screen = TerminalScreen(isTerminal: isTerminal) { text in spoken.say(text) }
        guard isTerminal else { return }
        unsafe tcgetattr(STDIN_FILENO, &saved)
        var raw = saved
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        unsafe tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        guard isTerminal else { return }
        unsafe tcsetattr(STDIN_FILENO, TCSANOW, &saved)
    }

    func update(_ state: LiveState, _ session: LiveSession) -> Bool {
        screen.show(state, time: hf_monotonic_ns())
        return TerminalScreen.obey(keys, session)
    }

    /// What was typed since the last time.
    private var keys: ArraySlice<UInt8> {
        guard hf_wait_readable(STDIN_FILENO, 0) == 1 else { return [] }
        var keys = [UInt8](repeating: 0, count: 16)
        let count = unsafe read(STDIN_FILENO, &keys, keys.count)
        return keys.prefix(max(count, 0))
    }
}
