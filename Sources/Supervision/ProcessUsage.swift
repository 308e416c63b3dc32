internal import Glibc

/// What the process takes of the machine.
public struct ProcessUsage: Sendable {
    /// Memory that is in RAM now, bytes: private pages and mapped files together.
    public var residentBytes: UInt64 = 0
    /// Processor time of all threads since the start, nanoseconds.
    public var processorTime: UInt64 = 0

    /// Reads both from the kernel. Does not allocate.
    public init() {
        residentBytes = Self.residentPages() * UInt64(max(sysconf(Int32(_SC_PAGESIZE)), 1))
        var time = timespec()
        if unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 {
            processorTime = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        }
    }

    /// The second number of /proc/self/statm; 0 if it cannot be read.
    private static func residentPages() -> UInt64 {
        let descriptor = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 128) { buffer in
            let count = unsafe read(descriptor, buffer.baseAddress, buffer.count)
            var (field, value): (Int, UInt64) = (0, 0)
            for index in 0..<max(count, 0) {
                let byte = unsafe buffer[index]
                if byte == UInt8(ascii: " ") {
                    field += 1
                } else if field == 1, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
                    value = value * 10 + UInt64(byte - UInt8(ascii: "0"))
                }
            }
            return value
        }
    }
}
