internal import CKernels
internal import CLinux
package import Capture
internal import Configuration
internal import Errors
internal import Glibc
package import Publishing
internal import Supervision

/// What the doctor asks of the machine: its camera, clock and CPU, and the limits of the user.
package struct Machine {
    /// What a device would deliver with these options, and what the operator should know of it. Nothing streams.
    package var tryDevice: (VideoOptions) throws(CaptureError) -> (description: String, remarks: [String])
    package var clock: ClockSynchronization
    /// The kernels that fit the processor best: "scalar" if none do.
    package var kernels: String
    package var processorCount: Int
    /// Bytes that the user may lock; `.max` for unlimited.
    package var memoryLockLimit: UInt64
    /// The highest SCHED_FIFO priority that the user may take.
    package var priorityLimit: UInt64
    /// Whether so many bytes may be locked: tried, not concluded from the limit, for root and CAP_IPC_LOCK have none.
    package var canLock: (UInt64) -> Bool
    package var startThread: ThreadStarter

    package init(
        tryDevice: @escaping (VideoOptions) throws(CaptureError) -> (description: String, remarks: [String]),
        clock: ClockSynchronization, kernels: String, processorCount: Int, memoryLockLimit: UInt64,
        priorityLimit: UInt64, canLock: @escaping (UInt64) -> Bool, startThread: @escaping ThreadStarter
    ) {
        self.tryDevice = tryDevice
        self.clock = clock
        self.kernels = kernels
        self.processorCount = processorCount
        self.memoryLockLimit = memoryLockLimit
        self.priorityLimit = priorityLimit
        self.canLock = canLock
        self.startThread = startThread
    }

    package static var thisOne: Machine {
        Machine(
            tryDevice: { (options) throws(CaptureError) in
                let device = try DeviceDiagnostics(options)
                return (device.description, device.remarks)
            },
            clock: .sample(), kernels: unsafe String(cString: hf_kernels_best().pointee.name),
            processorCount: sysconf(Int32(_SC_NPROCESSORS_ONLN)), memoryLockLimit: hf_memory_lock_limit(),
            priorityLimit: hf_priority_limit(), canLock: { hf_try_lock_memory(Int($0)) == 0 },
            startThread: startRealTimeThread)
    }

    func findings(for realTime: RealTimeSettings) -> [Finding] {
        [clockFinding, processor, memoryLock(realTime), priority(realTime), processors(realTime)]
    }

    private var clockFinding: Finding {
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

    private var processor: Finding {
        guard kernels == "scalar" else { return Finding("cpu", .ok, "kernels for \(kernels)") }
        return Finding(
            "cpu", .warning, "only the scalar kernels: a frame takes many times longer",
            cure: "x86 needs AVX2; 64-bit ARM always has NEON. Unset HFLOC_KERNELS if it is set")
    }

    /// Bytes that hflocd locks with a map of some size: measured on the sample, and rounded up.
    private static let lockedBytes: UInt64 = 256 << 20

    private func memoryLock(_ realTime: RealTimeSettings) -> Finding {
        let text = memoryLockLimit == .max ? "unlimited" : "\(memoryLockLimit >> 20) MiB"
        guard realTime.locksMemory else {
            return Finding("memory lock", .ok, "not asked for (real_time.lock_memory); the limit is \(text)")
        }
        let size = "\(Self.lockedBytes >> 20) MiB"
        guard canLock(Self.lockedBytes) else {
            return Finding(
                "memory lock", .failed(.system),
                "real_time.lock_memory: \(size) cannot be locked, the limit is \(text)",
                cure: "LimitMEMLOCK=infinity in the unit (the drop-in real-time.conf), or 'ulimit -l unlimited'")
        }
        return Finding("memory lock", .ok, "\(size) can be locked, the limit is \(text)")
    }

    /// Tried, as hflocd will.
    private func priority(_ realTime: RealTimeSettings) -> Finding {
        guard let wanted = realTime.priority else {
            return Finding("priority", .ok, "the ordinary scheduler (no real_time.priority)")
        }
        do throws(SupervisionError) {
            _ = try startThread("hfloc-doctor", wanted, []) {}
            return Finding("priority", .ok, "SCHED_FIFO \(wanted)")
        } catch {
            return Finding(
                "priority", .failed(.system), "\(error); the limit is \(priorityLimit)",
                cure: "LimitRTPRIO=\(wanted) in the unit (the drop-in real-time.conf), or leave real_time.priority out")
        }
    }

    /// Tried one by one: a container may have fewer than the machine.
    private func processors(_ realTime: RealTimeSettings) -> Finding {
        let missing = realTime.cpus.filter { cpu in (try? startThread("hfloc-doctor", nil, [cpu]) {}) == nil }
        guard missing.isEmpty else {
            return Finding(
                "cpus", .failed(.system),
                "real_time.cpus: no thread may run on \(missing); CPUs here: 0 to \(processorCount - 1)",
                cure: "correct real_time.cpus, or AllowedCPUs= of the unit")
        }
        let found = realTime.cpus.isEmpty ? "\(processorCount), any of them" : "\(realTime.cpus) of \(processorCount)"
        let threads = realTime.threads(of: processorCount)
        return Finding(
            "cpus", .ok, "\(found); \(threads == 1 ? "1 thread does" : "\(threads) threads share") a frame's work")
    }
}
