internal import Glibc

/// A value that one thread replaces and others wait for: the newest wins, nothing is queued.
@safe public final class Latest<Value: Sendable>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var value: Value
    private var version: UInt64 = 0

    /// Holds a first value, of version 0.
    public init(_ value: Value) {
        self.value = value
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe condition.initialize(to: pthread_cond_t())
        unsafe pthread_mutex_init(mutex, nil)
        // Waiting must not depend on the wall clock.
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// The value and how often it has been replaced.
    public var current: (value: Value, version: UInt64) { locked { (value, version) } }

    /// Replaces the value, and wakes those who wait for a newer one.
    public func set(_ value: Value) {
        update { $0 = value }
    }

    /// Changes the value under the lock.
    public func update<Result>(_ body: (inout Value) -> Result) -> Result {
        locked {
            version += 1
            let result = body(&value)
            unsafe pthread_cond_broadcast(condition)
            return result
        }
    }

    /// Waits until the value is newer than `version`; nil after the time-out.
    public func next(after version: UInt64, milliseconds: Int) -> (value: Value, version: UInt64)? {
        var deadline = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
        deadline.tv_sec += milliseconds / 1000
        deadline.tv_nsec += milliseconds % 1000 * 1_000_000
        if deadline.tv_nsec >= 1_000_000_000 {
            deadline.tv_sec += 1
            deadline.tv_nsec -= 1_000_000_000
        }
        return locked {
            while self.version <= version {
                if unsafe pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT { break }
            }
            return self.version > version ? (value, self.version) : nil
        }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body()
    }
}
