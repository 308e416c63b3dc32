internal import Errors
internal import Glibc

/// A datagram a frame.
final class UDPLink: OpenLink {
    let descriptor: Int32
    /// Where frames go: where the last datagram came from, if this end listens.
    private var peer: sockaddr_storage?
    private var peerLength: socklen_t = 0
    private let listens: Bool
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    init(host: String, port: UInt16, listens: Bool) throws(Failure) {
        self.listens = listens
        let name = "\(listens ? "udpin" : "udp"):\(host):\(port)"
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        unsafe hints.ai_flags = AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        let result = unsafe getaddrinfo(host, "\(port)", &hints, &found)
        guard result == 0, let address = unsafe found else {
            let reason = unsafe String(cString: gai_strerror(result))
            throw Failure(.unavailable, "\(name): no such host: \(reason)")
        }
        defer { unsafe freeaddrinfo(address) }
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        descriptor = unsafe socket(address.pointee.ai_family, kind, 0)
        guard descriptor >= 0 else { throw Failure(.system, "\(name): no socket: \(systemError())") }
        let (ai, length) = unsafe (address.pointee.ai_addr, address.pointee.ai_addrlen)
        if listens {
            guard unsafe bind(descriptor, ai, length) == 0 else {
                throw Failure(.unavailable, "\(name): cannot listen there: \(systemError())")
            }
        } else {
            // Only this peer is heard, and an answer that nobody listens is no error: the autopilot may start later.
            guard unsafe connect(descriptor, ai, length) == 0 else {
                throw Failure(.unavailable, "\(name): cannot be reached: \(systemError())")
            }
        }
    }

    deinit { close(descriptor) }

    func receive() -> [UInt8] {
        var from = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            unsafe withUnsafeMutablePointer(to: &from) {
                unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe recvfrom(descriptor, bytes.baseAddress, bytes.count, 0, $0, &length)
                }
            }
        }
        guard count > 0 else { return [] }
        if listens { (peer, peerLength) = (from, length) }
        return Array(buffer[..<count])
    }

    func send(_ frame: [UInt8]) {
        guard listens else {
            unsafe _ = Glibc.send(descriptor, frame, frame.count, 0)
            return
        }
        guard var peer else { return }
        unsafe withUnsafePointer(to: &peer) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe _ = sendto(descriptor, frame, frame.count, 0, $0, peerLength)
            }
        }
    }
}
