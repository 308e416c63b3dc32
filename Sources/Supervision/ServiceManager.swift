internal import CLinux
internal import Glibc

/// What the service manager is told: sd_notify's protocol, one datagram per message. Without NOTIFY_SOCKET nothing is
/// sent.
///
/// Source: sd_notify(3).
public struct ServiceManager: Sendable {
    private let send: @Sendable (String) -> Void

    /// The manager that the environment names. The variable is removed, so that no child speaks for us.
    ///
    /// A manager that does not listen is no reason to stop: what it does not take is lost.
    public init() {
        guard let socket = unsafe getenv("NOTIFY_SOCKET").map({ unsafe String(cString: $0) }) else {
            self.init { _ in }
            return
        }
        unsafe unsetenv("NOTIFY_SOCKET")
        self.init { text in unsafe _ = hf_notify(socket, text) }
    }

    /// - Parameter send: takes the text of each datagram.
    public init(sending send: @escaping @Sendable (String) -> Void) {
        self.send = send
    }

    /// The service is up, or up again after ``reloading(at:)``; `status` is a line for people.
    public func ready(status: String) { send("READY=1\nSTATUS=\(Self.line(status))\n") }

    /// What the service is doing, for people; line breaks become blanks.
    public func status(_ text: String) { send("STATUS=\(Self.line(text))\n") }

    /// The configuration is being read again, until `ready` says that it is done.
    ///
    /// - Parameter now: CLOCK_MONOTONIC, nanoseconds; the manager takes the message for stale without it.
    public func reloading(at now: UInt64) { send("RELOADING=1\nMONOTONIC_USEC=\(now / 1000)\nSTATUS=reloading\n") }

    /// The service is alive: to be repeated within WatchdogSec=, or the manager ends it.
    public func feedWatchdog() { send("WATCHDOG=1\n") }

    /// The service has begun to end, as it was asked to.
    public func stopping() { send("STOPPING=1\nSTATUS=stopping\n") }

    /// Why the service could not start, before it ends with this status.
    public func failed(_ reason: String) { send("STATUS=\(Self.line(reason))\n") }

    private static func line(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}
