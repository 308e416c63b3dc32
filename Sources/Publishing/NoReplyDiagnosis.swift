internal import CLinux
internal import Glibc

/// Nobody answers at an endpoint: what may be the reason, and where to look.
package struct NoReplyDiagnosis {
    private let endpoint: String
    private let waited: String

    /// - Parameters:
    ///   - endpoint: the control endpoint that was asked.
    ///   - waited: for how long, as in `5.0 s`.
    package init(endpoint: String, waited: String) {
        self.endpoint = endpoint
        self.waited = waited
    }

    /// One line: what was found, and what to do.
    package var explanation: String {
        let found = "\(endpoint): no answer within \(waited)"
        guard let path = socket else {
            return "\(found); is hflocd running, does it listen there, and is the key right?"
        }
        if unsafe hf_unix_socket_listener(path) == 1 { return "\(found): hflocd is busy, or hangs; \(whereToLook)" }
        // A folder that may not be entered, or a socket that may not be written to.
        if unsafe access(path, W_OK) != 0, errno == EACCES {
            return "\(found): this user may not connect; usermod --append --groups hfloc USER, and log in again"
        }
        return "\(found): hflocd does not run, or its configuration has another 'control'; \(whereToLook)"
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
