internal import CKernels
internal import CLinux
internal import Configuration
internal import Errors
internal import Glibc
internal import Publishing
internal import Supervision

/// What the doctor asks of the machine: clock, CPU, and the limits of the user.
enum MachineChecks {
    static func findings(for realTime: RealTimeSettings) -> [Finding] {
        [clock(), processor(), memoryLock(realTime), priority(realTime), processors(realTime)]
    }

    private static func clock() -> Finding {
        let clock = ClockSynchronization.sample()
        switch clock.state {
        case .synchronized:
            return Finding("clock", .ok, "synchronized, at most \(clock.maximumError / 1_000_000) ms off")
        case .notSynchronized:
            return Finding(
                "clock", .warning, "not synchronized: the wall-clock stamps of messages may be wrong, poses are not",
                cure: "run chrony or systemd-timesyncd")
        case .unspecified:
            return Finding("clock", .unknown, "the kernel does not say whether the clock is synchronized")
        }
    }

    private static func processor() -> Finding {
        let name = unsafe String(cString: hf_kernels_best().pointee.name)
        guard name == "scalar" else { return Finding("cpu", .ok, "kernels for \(name)") }
        return Finding(
            "cpu", .warning, "only the scalar kernels: a frame takes many times longer",
            cure: "x86 needs AVX2; 64-bit ARM always has NEON. Unset HFLOC_KERNELS if it is set")
    }

    /// Bytes that hflocd locks with a map of some size: measured on the sample, and rounded up.
    private static let lockedBytes: UInt64 = 256 << 20

    /// Tried, not concluded from the limit: root and CAP_IPC_LOCK have none.
    private static func memoryLock(_ realTime: RealTimeSettings) -> Finding {
        let limit = hf_memory_lock_limit()
        let text = limit == .max ? "unlimited" : "\(limit >> 20) MiB"
        guard realTime.locksMemory else {
            return Finding("memory lock", .ok, "not asked for (real_time.lock_memory); the limit is \(text)")
        }
        let size = "\(lockedBytes >> 20) MiB"
        guard hf_try_lock_memory(Int(lockedBytes)) == 0 else {
            return Finding(
                "memory lock", .failed(.system),
                "real_time.lock_memory: \(size) cannot be locked, the limit is \(text)",
                cure: "LimitMEMLOCK=infinity in the unit (the drop-in real-time.conf), or 'ulimit -l unlimited'")
        }
        return Finding("memory lock", .ok, "\(size) can be locked, the limit is \(text)")
    }

    /// Tried, as hflocd will.
    private static func priority(_ realTime: RealTimeSettings) -> Finding {
        guard let wanted = realTime.priority else {
            return Finding("priority", .ok, "the ordinary scheduler (no real_time.priority)")
        }
        do throws(SupervisionError) {
            _ = try RealTimeThread(name: "hfloc-doctor", priority: wanted, cpus: []) {}
            return Finding("priority", .ok, "SCHED_FIFO \(wanted)")
        } catch {
            return Finding(
                "priority", .failed(.system), "\(error); the limit is \(hf_priority_limit())",
                cure: "LimitRTPRIO=\(wanted) in the unit (the drop-in real-time.conf), or leave real_time.priority out")
        }
    }

    /// Tried one by one: a container may have fewer than the machine.
    private static func processors(_ realTime: RealTimeSettings) -> Finding {
        let count = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let missing = realTime.cpus.filter { cpu in
            (try? RealTimeThread(name: "hfloc-doctor", priority: nil, cpus: [cpu]) {}) == nil
        }
        guard missing.isEmpty else {
            return Finding(
                "cpus", .failed(.system),
                "real_time.cpus: no thread may run on \(missing); CPUs here: 0 to \(count - 1)",
                cure: "correct real_time.cpus, or AllowedCPUs= of the unit")
        }
        return Finding("cpus", .ok, realTime.cpus.isEmpty ? "\(count), any of them" : "\(realTime.cpus) of \(count)")
    }
}
