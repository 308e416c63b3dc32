internal import Errors
internal import Glibc

/// A pipe through which threads of Cyclone wake the loop.
final class WakePipe {
    /// Becomes readable.
    let output: Int32
    /// For a byte.
    let input: Int32

    init() throws(Failure) {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw Failure(.system, "no pipe") }
        (output, input) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        close(output)
        close(input)
    }

    /// Takes all bytes out.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while unsafe read(output, &bytes, bytes.count) == bytes.count {}
    }
}
