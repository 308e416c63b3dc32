public import Errors
internal import Glibc

/// Why a page cannot be served: one line with the cure.
public struct HTTPError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
}

/// Where a page is served: an IPv4 or IPv6 address and a port.
public struct HTTPEndpoint: Sendable, Equatable {
    /// Numeric.
    public let address: String
    /// 0: any that is free.
    public let port: UInt16

    private init(address: String, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// `ADDRESS:PORT`, `[ADDRESS]:PORT` for IPv6, or a port alone (loopback).
    public init(parsing text: String) throws(HTTPError) {
        let colon = text.lastIndex(of: ":")
        var address = colon.map { String(text[..<$0]) } ?? "127.0.0.1"
        if address.hasPrefix("["), address.hasSuffix("]") { address = String(address.dropFirst().dropLast()) }
        if address == "localhost" { address = "127.0.0.1" }
        let digits = colon.map { text[text.index(after: $0)...] } ?? text[...]
        guard let port = UInt16(digits), address.allSatisfy({ $0.isHexDigit || $0 == "." || $0 == ":" }),
            !address.isEmpty
        else {
            throw HTTPError(
                description: "--listen '\(text)' is not ADDRESS:PORT; write 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080")
        }
        self.init(address: address, port: port)
    }

    /// Whether programs of other machines can reach it.
    public var isPublic: Bool { !(address.hasPrefix("127.") || address == "::1") }

    /// A listening socket, and the address with the port that it got.
    func listen() throws(HTTPError) -> (descriptor: Int32, address: String) {
        let isIPv6 = address.contains(":")
        let descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure(errno) }
        var isOn: Int32 = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
        guard isIPv6 ? bind6(descriptor) : bind4(descriptor), Glibc.listen(descriptor, Int32(SOMAXCONN)) == 0 else {
            let code = errno
            close(descriptor)
            throw failure(code)
        }
        let port = Self.port(of: descriptor)
        return (descriptor, isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)")
    }

    private func bind4(_ descriptor: Int32) -> Bool {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        guard unsafe inet_pton(AF_INET, address, &name.sin_addr) == 1 else {
            errno = EINVAL
            return false
        }
        return unsafe withUnsafeBytes(of: &name) { unsafe Self.bind(descriptor, $0) }
    }

    private func bind6(_ descriptor: Int32) -> Bool {
        var name = sockaddr_in6()
        name.sin6_family = sa_family_t(AF_INET6)
        name.sin6_port = port.bigEndian
        guard unsafe inet_pton(AF_INET6, address, &name.sin6_addr) == 1 else {
            errno = EINVAL
            return false
        }
        return unsafe withUnsafeBytes(of: &name) { unsafe Self.bind(descriptor, $0) }
    }

    private static func bind(_ descriptor: Int32, _ name: UnsafeRawBufferPointer) -> Bool {
        guard let base = name.baseAddress else { return false }
        return unsafe Glibc.bind(descriptor, base.assumingMemoryBound(to: sockaddr.self), socklen_t(name.count)) == 0
    }

    private static func port(of descriptor: Int32) -> UInt16 {
        var name = sockaddr_in6()  // Large enough for both; the port lies at the same place.
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let result = unsafe withUnsafeMutableBytes(of: &name) { buffer -> Int32 in
            guard let base = buffer.baseAddress else { return -1 }
            return unsafe getsockname(descriptor, base.assumingMemoryBound(to: sockaddr.self), &length)
        }
        return result == 0 ? UInt16(bigEndian: name.sin6_port) : 0
    }

    private func failure(_ code: Int32) -> HTTPError {
        let cure =
            switch code {
            case EADDRINUSE:
                "another program uses this port; choose another one, as in --listen \(address):\(port &+ 1)"
            case EADDRNOTAVAIL: "this machine has no such address; 0.0.0.0 stands for all of them"
            case EACCES: "ports below 1024 are for root; choose another one"
            case EINVAL: "this is no numeric address"
            default: unsafe String(cString: strerror(code))
            }
        return HTTPError(description: "cannot listen on \(address):\(port): \(cure)")
    }
}

extension HTTPError: ReportedError {
    public var exitStatus: ExitStatus { .unavailable }
}
