internal import CLinux
internal import Glibc

/// Nobody answers at an endpoint, or sends anything: what may be the reason, and where to look.
package struct NoReplyDiagnosis {
    private let endpoint: String
    private let expected: Expected
    private let waited: String

    /// What was waited for.
    package enum Expected: Sendable {
        /// Of the control endpoint.
        case answer
        /// Of an endpoint that publishes.
        case message
    }

    /// - Parameters:
    ///   - expected: what was waited for.
    ///   - endpoint: where.
    ///   - waited: for how long, as in `5.0 s`.
    package init(_ expected: Expected = .answer, endpoint: String, waited: String) {
        self.expected = expected
        self.endpoint = endpoint
        self.waited = waited
    }

    /// One line: what was found, and what to do.
    package var explanation: String {
        let found = "\(endpoint): no \(expected) within \(waited)"
        guard let path = socket else {
            return "\(found); is hflocd running, does it listen there, and is the key right?"
        }
        if unsafe hf_unix_socket_listener(path) == 1 { return "\(found): \(busy); \(whereToLook)" }
        // A folder that may not be entered, or a socket that may not be written to.
        if unsafe access(path, W_OK) != 0, errno == EACCES {
            return "\(found): this user may not connect; usermod --append --groups hfloc USER, and log in again"
        }
        return "\(found): hflocd does not run, or its configuration has \(another); \(whereToLook)"
    }

    private var busy: String {
        switch expected {
        case .answer: "hflocd is busy, or hangs"
        case .message:
            "hflocd is there, and sends nothing: it begins, is busy, hangs, or has no room for a listener more"
        }
    }

    private var another: String {
        switch expected {
        case .answer: "another 'control'"
        case .message: "another 'publish', 'record' or 'json'"
        }
    }

    /// The file of a socket of this machine.
    private var socket: String? {
        let scheme = "ipc://"
        return endpoint.hasPrefix(scheme) ? String(endpoint.dropFirst(scheme.count)) : nil
    }

    private var whereToLook: String {
        guard let unit else { return "systemctl list-units 'hflocd@*' shows the services that do, and their names" }
        return "systemctl status \(unit) shows whether it runs, journalctl --unit \(unit) --lines 20 its last words"
    }

    /// The service whose runtime folder the socket is in.
    private var unit: String? {
        let parts = socket?.split(separator: "/") ?? []
        guard parts.count == 4, parts[0] == "run", parts[1] == "hfloc" else { return nil }
        return "hflocd@\(parts[2])"
    }
}
