internal import CLinux
internal import Glibc

/// The signals that end the program, waited for by the main thread instead of being handled anywhere: SIGTERM, SIGINT, SIGHUP.
public enum Termination {
    private static let signals = [SIGTERM, SIGINT, SIGHUP]

    /// Blocks the signals in this thread and in all that start later. Call first.
    public static func blockSignals() {
        unsafe _ = hf_block_signals(signals, signals.count)
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Has one of the signals come, at the latest after the time-out (milliseconds)?
    public static func isRequested(within timeout: Int32) -> Bool {
        unsafe hf_wait_signal(signals, signals.count, timeout) > 0
    }
}
