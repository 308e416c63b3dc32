internal import FlyingSocks
internal import Glibc

/// Where a server listens, as people write it: `127.0.0.1:7700`, `[::1]:7700`.
public struct ListenAddress: Sendable, Equatable {
    /// In numbers, without brackets.
    let address: String
    let port: UInt16
    let isVersion6: Bool

    /// nil of what is no address in numbers with a port.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var address = String(text[..<colon])
        isVersion6 = address.hasPrefix("[")
        if isVersion6 {
            guard address.hasSuffix("]") else { return nil }
            address = String(address.dropFirst().dropLast())
        }
        var binary = in6_addr()
        guard unsafe inet_pton(isVersion6 ? AF_INET6 : AF_INET, address, &binary) == 1 else { return nil }
        (self.address, self.port) = (address, port)
    }

    /// Reached by programs of this machine alone.
    public var isLoopback: Bool { isVersion6 ? address == "::1" : address.hasPrefix("127.") }

    /// The page's address, once the port is known.
    func url(port: UInt16) -> String {
        let name = isVersion6 ? "[\(address == "::" ? "::1" : address)]" : address == "0.0.0.0" ? "127.0.0.1" : address
        return "http://\(name):\(port)/"
    }
}
