internal import CLinux

/// How the kernel runs a thread, as it says itself: not as was asked.
public struct ThreadScheduling: Sendable, Equatable {
    /// Of SCHED_FIFO; 0 for the ordinary scheduler.
    public let priority: Int
    /// The CPUs that it may run on, as the kernel writes such lists: "0-1,3". Empty if the kernel did not say.
    public let cpus: String

    public init(priority: Int, cpus: String) {
        self.priority = priority
        self.cpus = cpus
    }

    static func ofThisThread() -> ThreadScheduling {
        var text = [CChar](repeating: 0, count: 512)
        let priority = unsafe hf_thread_scheduling(&text, text.count)
        return ThreadScheduling(
            priority: max(0, Int(priority)),
            cpus: String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
}
