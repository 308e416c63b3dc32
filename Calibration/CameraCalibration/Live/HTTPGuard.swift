/// Whom a server without passwords answers.
///
/// A page of another site can make a browser send requests here, also by giving its own name this machine's address
/// (DNS rebinding). Such requests bear that site's name as their Host or Origin: so the host must be an address,
/// `localhost` or this machine's own name, and what changes something must come from our own page.
public struct HTTPGuard: Sendable {
    private let names: Set<String>

    /// - Parameter hostName: this machine's name.
    public init(hostName: String) {
        let name = hostName.lowercased()
        names = name.isEmpty ? ["localhost"] : ["localhost", name, name + ".local"]
    }

    /// Why the request is refused, or nil.
    public func refusal(of request: HTTPRequest) -> HTTPResponse? {
        guard let host = request.headers["host"], isOurs(host) else {
            return .text("403 Forbidden", "Open this page by the machine's address, its own name, or localhost.")
        }
        if request.method == "GET" || request.method == "HEAD" { return nil }
        guard request.method == "POST" else { return .text("405 Method Not Allowed", "GET or POST") }
        guard request.headers["origin"] == "http://" + host else {
            return .text("403 Forbidden", "This must come from the page itself.")
        }
        return nil
    }

    private func isOurs(_ host: String) -> Bool {
        if host.hasPrefix("[") {  // IPv6, with or without a port
            guard let end = host.firstIndex(of: "]") else { return false }
            let address = host[host.index(after: host.startIndex)..<end]
            let isAddress = address.contains(":") && address.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
            return isAddress && Self.isPort(host[host.index(after: end)...])
        }
        let name = host.prefix { $0 != ":" }
        guard Self.isPort(host.dropFirst(name.count)) else { return false }
        return names.contains(name.lowercased()) || Self.isIPv4(name)
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || text.first == ":" && UInt16(text.dropFirst()) != nil
    }

    private static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { $0.count <= 3 && $0.allSatisfy(\.isASCII) && UInt8($0) != nil }
    }
}
