internal import CLinux
internal import Glibc

/// A ZeroMQ address that hflocd may publish on: `ipc://PATH`, or `tcp://` on the loopback. What leaves the machine must be encrypted,
/// which this version cannot do: such an address is refused.
public struct Endpoint: Sendable, Equatable {
    public let address: String

    public init(_ address: String) throws(PublishingError) {
        if address.hasPrefix("ipc://") {
            try Self.checkPath(String(address.dropFirst(6)), of: address)
        } else if address.hasPrefix("tcp://") {
            try Self.checkHost(String(address.dropFirst(6)), of: address)
        } else {
            throw .invalidEndpoint(address, "allowed: ipc:///PATH/TO/SOCKET, or tcp://127.0.0.1:PORT")
        }
        self.address = address
    }

    /// The socket's path, for ipc.
    var path: String? {
        address.hasPrefix("ipc://") ? String(address.dropFirst(6)) : nil
    }

    private static func checkPath(_ path: String, of address: String) throws(PublishingError) {
        guard path.hasPrefix("/") || path.hasPrefix("@") else {
            throw .invalidEndpoint(address, "the path must be absolute, as in ipc:///run/hfloc/cam0/localization")
        }
        // sun_path holds 108 bytes with the NUL.
        guard path.utf8.count < 108 else {
            throw .invalidEndpoint(address, "the path has \(path.utf8.count) bytes; a socket's may have 107")
        }
    }

    private static func checkHost(_ hostAndPort: String, of address: String) throws(PublishingError) {
        guard let colon = hostAndPort.lastIndex(of: ":"),
            let port = UInt16(hostAndPort[hostAndPort.index(after: colon)...]), port > 0
        else {
            throw .invalidEndpoint(address, "a port of 1 to 65535 must follow the host, as in tcp://127.0.0.1:5556")
        }
        let host = hostAndPort[..<colon]
        guard host.hasPrefix("127.") || host == "[::1]" || host == "localhost" || host == "lo" else {
            throw .invalidEndpoint(
                address, "only the loopback (127.0.0.1) or ipc:// may be used: nothing is encrypted beyond them")
        }
    }

    /// ZeroMQ would unlink another daemon's socket and take its place without a word.
    func checkFree() throws(PublishingError) {
        guard let path, path.hasPrefix("/") else { return }
        let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        guard unsafe access(directory.isEmpty ? "/" : directory, F_OK) == 0 else {
            throw .noDirectory(address, directory)
        }
        guard unsafe access(directory.isEmpty ? "/" : directory, W_OK | X_OK) == 0 else {
            throw .notWritable(address, directory)
        }
        guard unsafe hf_unix_socket_alive(path) == 0 else { throw .inUse(address) }
    }
}
