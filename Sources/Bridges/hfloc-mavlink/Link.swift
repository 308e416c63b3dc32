internal import Errors
internal import Glibc

/// Where the autopilot is, as people write it.
enum Link: Equatable {
    /// Frames go to this address; what comes back is listened to.
    case udp(host: String, port: UInt16)
    /// The autopilot sends first, to this address; frames go to where it sends from.
    case udpListening(host: String, port: UInt16)
    case serial(device: String, speed: UInt32)

    /// Of `udp:HOST:PORT`, `udpin:HOST:PORT` or `serial:DEVICE:SPEED`; nil of anything else.
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), let last = text.lastIndex(of: ":"), colon < last else {
            return nil
        }
        let middle = String(text[text.index(after: colon)..<last])
        let number = text[text.index(after: last)...]
        guard !middle.isEmpty else { return nil }
        switch text[..<colon] {
        case "udp":
            guard let port = UInt16(number), port > 0 else { return nil }
            self = .udp(host: middle, port: port)
        case "udpin":
            guard let port = UInt16(number), port > 0 else { return nil }
            self = .udpListening(host: middle, port: port)
        case "serial":
            guard let speed = UInt32(number) else { return nil }
            self = .serial(device: middle, speed: speed)
        default: return nil
        }
    }

    /// Bytes a second that it carries, at most; nil if there is no such limit.
    var bytesPerSecond: Double? {
        // Eight bits, with one before and one behind.
        if case .serial(_, let speed) = self { Double(speed) / 10 } else { nil }
    }

    /// Opens it.
    func open() throws(Failure) -> any OpenLink {
        switch self {
        case .udp(let host, let port): try UDPLink(host: host, port: port, listens: false)
        case .udpListening(let host, let port): try UDPLink(host: host, port: port, listens: true)
        case .serial(let device, let speed): try SerialLink(device: device, speed: speed)
        }
    }
}

/// A way to the autopilot. It loses what it cannot send at once, as a late pose is of no use.
protocol OpenLink: AnyObject {
    /// Becomes readable when bytes have come.
    var descriptor: Int32 { get }
    /// What has come; empty if nothing has. Never waits.
    func receive() throws(Failure) -> [UInt8]
    /// Sends a frame, or drops it.
    func send(_ frame: [UInt8])
}

/// What the system says of the last call that failed.
func systemError() -> String {
    unsafe String(cString: strerror(errno))
}
