internal import CLinux
internal import Glibc

/// A ZeroMQ address that hflocd may bind: `ipc://PATH`, or `tcp://HOST:PORT`. What leaves the machine must be encrypted
/// and its clients known.
public struct Endpoint: Sendable, Equatable {
    public let address: String
    /// Only clients of the allow-list may connect, by CURVE.
    public let isEncrypted: Bool

    public enum Purpose: Sendable {
        /// Anybody on the machine may listen: ipc and the loopback need no key.
        case publishing
        /// Who connects can change what the daemon does: only ipc, whose file mode says who may, needs no key.
        case control
    }

    /// - Parameters:
    ///   - address: as ZeroMQ writes it: `ipc://PATH` or `tcp://HOST:PORT`.
    ///   - purpose: what it is for: control needs a key on the loopback, too.
    ///   - hasKey: a CURVE key and an allow-list are configured.
    public init(
        _ address: String, for purpose: Purpose = .publishing, hasKey: Bool = false
    ) throws(PublishingError) {
        var needsKey = false
        if address.hasPrefix("ipc://") {
            try Self.checkPath(String(address.dropFirst(6)), of: address)
        } else if address.hasPrefix("tcp://") {
            let host = try Self.checkedHost(address.dropFirst(6), of: address)
            needsKey = purpose == .control || !Self.isLoopback(host)
            guard !needsKey || hasKey else {
                throw .invalidEndpoint(
                    address,
                    purpose == .control
                        ? "control over tcp needs security.secret_key and security.allow; without them, use ipc://"
                        : "beyond ipc:// and the loopback (127.0.0.1), "
                            + "security.secret_key and security.allow are needed"
                )
            }
        } else {
            throw .invalidEndpoint(address, "allowed: ipc:///PATH/TO/SOCKET, or tcp://HOST:PORT")
        }
        self.address = address
        isEncrypted = needsKey
    }

    /// An address of the context itself, `inproc://NAME`: for tests. Nobody else can connect, so it needs no key.
    package init(inProcess address: String) {
        self.address = address
        isEncrypted = false
    }

    /// Why this address cannot be bound, or nil.
    public static func problem(_ address: String, for purpose: Purpose, hasKey: Bool) -> String? {
        do throws(PublishingError) {
            _ = try Endpoint(address, for: purpose, hasKey: hasKey)
            return nil
        } catch {
            if case .invalidEndpoint(_, let reason) = error { return reason }
            return error.description
        }
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

    private static func checkedHost(
        _ hostAndPort: Substring, of address: String
    ) throws(PublishingError) -> Substring {
        guard let colon = hostAndPort.lastIndex(of: ":"),
            let port = UInt16(hostAndPort[hostAndPort.index(after: colon)...]), port > 0,
            colon > hostAndPort.startIndex
        else {
            throw .invalidEndpoint(address, "a port of 1 to 65535 must follow the host, as in tcp://127.0.0.1:5556")
        }
        return hostAndPort[..<colon]
    }

    private static func isLoopback(_ host: Substring) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        let isIPv4 = parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
        return isIPv4 || host == "[::1]" || host == "localhost" || host == "lo"
    }

    /// To be asked right before each bind. ZeroMQ would unlink whatever is at the path, another daemon's socket or a
    /// file, and take its place without a word; and abort where it may not use the network.
    public func checkFree() throws(PublishingError) {
        guard let path else { return try checkNetwork() }
        guard path.hasPrefix("/") else { return }
        let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        guard unsafe access(directory.isEmpty ? "/" : directory, F_OK) == 0 else {
            throw .noDirectory(address, directory)
        }
        guard unsafe access(directory.isEmpty ? "/" : directory, W_OK | X_OK) == 0 else {
            throw .notWritable(address, directory)
        }
        if let what = Self.occupant(path) { throw .occupied(address, what) }
        let listener = unsafe hf_unix_socket_listener(path)
        guard listener <= 0 else { throw .inUse(address) }
        guard listener == 0 else {
            let reason = unsafe String(cString: strerror(-listener))
            throw .failed(
                address,
                "whether somebody listens at the socket that is there cannot be asked (\(reason)); remove it, or "
                    + "configure another endpoint")
        }
    }

    /// Why nothing may be bound at an address of this machine's files, or nil: there is something that is no socket.
    /// Looks at the path, and connects to nothing.
    public static func placeProblem(_ address: String) -> String? {
        guard address.hasPrefix("ipc:///") else { return nil }
        return occupant(String(address.dropFirst(6))).map {
            "there is \($0), and only a socket is replaced; give another path"
        }
    }

    /// What is at the path, if it is no socket. A link is what it is, wherever it leads.
    private static func occupant(_ path: String) -> String? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFSOCK: return nil
        case S_IFREG: return "a file"
        case S_IFDIR: return "a folder"
        case S_IFLNK: return "a link"
        case S_IFIFO: return "a pipe"
        default: return "a device"
        }
    }

    /// A sandbox refuses whole families of sockets. ZeroMQ binds one of AF_INET, and lists the machine's interfaces
    /// through AF_NETLINK.
    private func checkNetwork() throws(PublishingError) {
        for (family, kind) in [(AF_INET, SOCK_STREAM), (AF_NETLINK, SOCK_RAW)] {
            let descriptor = socket(family, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            guard descriptor < 0 else {
                close(descriptor)
                continue
            }
            guard errno == EAFNOSUPPORT else { continue }
            throw .invalidEndpoint(
                address,
                "the service's sandbox allows no network (RestrictAddressFamilies= in the unit); "
                    + "install the drop-in network.conf, "
                    + "see Operations.md, or use ipc://")
        }
    }
}
