internal import Errors
internal import Glibc

/// A serial port: 8 bits, no parity, one stop bit, no flow control.
final class SerialLink: OpenLink {
    let descriptor: Int32
    private let device: String
    /// The rest of a frame of which the port took a part: a frame is sent whole or not at all.
    private var rest: ArraySlice<UInt8> = []
    private var buffer = [UInt8](repeating: 0, count: 4096)

    private static let speeds: [UInt32: Int32] = [
        57_600: B57600, 115_200: B115200, 230_400: B230400, 460_800: B460800, 500_000: B500000, 921_600: B921600,
        1_000_000: B1000000, 1_500_000: B1500000, 2_000_000: B2000000, 3_000_000: B3000000,
    ]

    init(device: String, speed: UInt32) throws(Failure) {
        self.device = device
        guard let code = Self.speeds[speed] else {
            let known = Self.speeds.keys.sorted().map { "\($0)" }.joined(separator: ", ")
            throw Failure(.usage, "serial:\(device):\(speed): not a speed of serial ports; one of \(known)")
        }
        descriptor = unsafe open(device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(
                ExitStatus(refusedFile: device),
                "\(device): cannot be opened: \(systemError()); the group dialout may open serial ports")
        }
        var settings = termios()
        guard unsafe tcgetattr(descriptor, &settings) == 0 else {
            throw Failure(.unavailable, "\(device): not a serial port: \(systemError())")
        }
        unsafe cfmakeraw(&settings)
        settings.c_cflag |= tcflag_t(CLOCAL | CREAD)
        settings.c_cflag &= ~(tcflag_t(CSTOPB) | tcflag_t(bitPattern: Int32(truncatingIfNeeded: CRTSCTS)))
        let speedCode = speed_t(code)
        guard unsafe cfsetspeed(&settings, speedCode) == 0, unsafe tcsetattr(descriptor, TCSANOW, &settings) == 0 else {
            throw Failure(.unavailable, "\(device): does not take \(speed) baud: \(systemError())")
        }
    }

    deinit { close(descriptor) }

    func receive() throws(Failure) -> [UInt8] {
        let count = unsafe read(descriptor, &buffer, buffer.count)
        if count > 0 { return Array(buffer[..<count]) }
        if count < 0, errno == EAGAIN || errno == EINTR { return [] }
        // Nothing to read although it was readable: unplugged.
        throw Failure(.unavailable, "\(device): the serial port is gone: \(systemError())")
    }

    func send(_ frame: [UInt8]) {
        if !rest.isEmpty { rest = rest.dropFirst(written(rest)) }
        guard rest.isEmpty else { return }
        let count = written(frame[...])
        if count > 0 { rest = frame[count...] }
    }

    private func written(_ bytes: ArraySlice<UInt8>) -> Int {
        let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        return max(0, count)
    }
}
