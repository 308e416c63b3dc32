public import Errors

/// Why messages cannot be published or received; each names the endpoint and the cure.
public enum PublishingError: Error, Equatable, CustomStringConvertible {
    case invalidEndpoint(String, String)
    case noDirectory(String, String)
    case notWritable(String, String)
    case inUse(String)
    /// Something that is no socket is at its path: what it is.
    case occupied(String, String)
    case failed(String, String)
    /// File descriptors that can be had, and that are needed.
    case noDescriptors(free: Int, needed: Int)

    public var description: String {
        switch self {
        case .invalidEndpoint(let endpoint, let reason): "endpoint '\(endpoint)': \(reason)"
        case .noDirectory(let endpoint, let directory):
            "endpoint '\(endpoint)': the directory \(directory) does not exist; create it (systemd: RuntimeDirectory=)"
        case .notWritable(let endpoint, let directory):
            "endpoint '\(endpoint)': this user may not create a socket in \(directory)"
        case .inUse(let endpoint):
            "endpoint '\(endpoint)' is in use, perhaps by another hflocd; stop it, or configure another endpoint"
        case .occupied(let endpoint, let what):
            "endpoint '\(endpoint)': there is \(what), and only a socket is replaced; give another path"
        case .failed(let endpoint, let reason): "endpoint '\(endpoint)': \(reason)"
        case .noDescriptors(let free, let needed):
            """
            only \(free) file descriptors can be had, and \(needed) are needed; \
            raise LimitNOFILE= of the unit, or 'ulimit -n'
            """
        }
    }
}

extension PublishingError: ReportedError {
    public var exitStatus: ExitStatus {
        switch self {
        case .invalidEndpoint, .occupied: .configuration
        case .noDirectory, .notWritable, .inUse, .failed: .unavailable
        case .noDescriptors: .system
        }
    }
}
