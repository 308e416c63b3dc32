internal import CLinux
internal import Glibc

/// What a signal asks of the program. Signals are waited for by the main thread instead of being handled anywhere.
public enum SignalRequest: Sendable {
    /// SIGTERM, SIGINT.
    case stop
    /// SIGHUP: read the configuration again.
    case reload
}

/// SIGTERM, SIGINT and SIGHUP as requests, taken in by one thread at its own time; SIGPIPE is ignored.
public enum Signals {
    private static let all = [SIGTERM, SIGINT, SIGHUP]

    /// Blocks the signals in this thread and in all that start later. Call first.
    public static func block() {
        unsafe _ = hf_block_signals(all, all.count)
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// What the next signal asks; nil if none comes in time (milliseconds).
    public static func wait(_ timeout: Int32) -> SignalRequest? {
        switch unsafe hf_wait_signal(all, all.count, timeout) {
        case SIGHUP: .reload
        case let number where number > 0: .stop
        default: nil
        }
    }
}
