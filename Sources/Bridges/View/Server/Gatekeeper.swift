internal import Foundation
internal import Glibc
package import FlyingFox

/// Who may ask. A page of elsewhere that runs in a browser of this machine must not: neither by a name of its own that
/// leads here (Host), nor across origins (Origin). Beyond this machine, and for whatever commands the daemon, a token
/// is needed.
public struct Gatekeeper: Sendable {
    /// Of this run.
    public let token: String
    /// Names besides those of this machine by which it may be asked for.
    let names: Set<String>
    /// Everything but `/healthz` needs the token.
    let guardsAll: Bool

    /// - Parameters:
    ///   - token: nil for a random one.
    ///   - names: further names in the Host header, such as a proxy's.
    ///   - guardsAll: it can be reached from beyond this machine.
    public init(token: String? = nil, names: [String] = [], guardsAll: Bool) {
        self.token = token ?? Self.random()
        var name = [CChar](repeating: 0, count: 256)
        unsafe gethostname(&name, name.count - 1)
        let own = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).lowercased()
        self.names = Set(["localhost", own, own + ".local"] + names.map { $0.lowercased() })
        self.guardsAll = guardsAll
    }

    /// 128 bits.
    private static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// What a request wants.
    package enum Right {
        /// Nothing that matters: whether the program runs.
        case health
        case look
        /// To command the daemon.
        case command
    }

    /// Why a request is refused; nil if it is not.
    package func refusal(of request: HTTPRequest, wanting right: Right) -> HTTPResponse? {
        guard let host = request.headers[.host], isOwn(host) else {
            return .refusal(
                .misdirectedRequest, "This is not the host that you ask for; allow its name with --host.")
        }
        if let origin = request.headers[HTTPHeader("Origin")], !isSame(origin, host) {
            return .refusal(.forbidden, "Another page asks (Origin).")
        }
        if let site = request.headers[HTTPHeader("Sec-Fetch-Site")], site != "same-origin", site != "none" {
            // A link that leads here may be followed; nothing else.
            guard right == .look, request.headers[HTTPHeader("Sec-Fetch-Mode")] == "navigate" else {
                return .refusal(.forbidden, "Another page asks (Sec-Fetch-Site).")
            }
        }
        if request.method != .GET, request.headers[HTTPHeader("Origin")] == nil {
            return .refusal(.forbidden, "The request does not say which page asks (Origin).")
        }
        guard right == .command || (right == .look && guardsAll), !hasToken(request) else { return nil }
        return .refusal(.unauthorized, "Open the address that hfloc-view printed: it has the token.")
    }

    /// Whether a request brings the token, in its cookie or as a bearer.
    package func hasToken(_ request: HTTPRequest) -> Bool {
        if let header = request.headers[.authorization], header.hasPrefix("Bearer ") {
            return isToken(header.dropFirst(7))
        }
        let cookie = cookie(of: request)
        for header in request.headers.values(for: .cookie) {
            for part in header.split(separator: ";") {
                let pair = part.split(separator: "=", maxSplits: 1)
                guard pair.count == 2, pair[0].trimmingCharacters(in: .whitespaces) == cookie else { continue }
                return isToken(pair[1])
            }
        }
        return false
    }

    /// Its name, with the port as the browser has it: cookies themselves do not know ports.
    private func cookie(of request: HTTPRequest) -> String {
        let host = request.headers[.host] ?? ""
        return "hfloc_view_" + host.dropFirst(Self.name(of: host).count).filter(\.isNumber)
    }

    /// For the answer to whoever brought the token in the address.
    func cookieText(for request: HTTPRequest) -> String {
        "\(cookie(of: request))=\(token); Path=/; HttpOnly; SameSite=Strict"
    }

    /// In a time that does not depend on where they differ.
    func isToken(_ text: some StringProtocol) -> Bool {
        let (given, own) = (Array(text.utf8), Array(token.utf8))
        guard given.count == own.count else { return false }
        return zip(given, own).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// A name of this machine, or a number: a page of elsewhere has a name.
    private func isOwn(_ host: String) -> Bool {
        let name = Self.name(of: host).lowercased()
        let port = host.dropFirst(name.count)
        guard port.isEmpty || (port.hasPrefix(":") && port.dropFirst().allSatisfy(\.isNumber)) else { return false }
        if names.contains(name) { return true }
        if name.hasPrefix("["), name.hasSuffix("]") { return name.dropFirst().dropLast().allSatisfy(Self.isAddress) }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func isAddress(_ letter: Character) -> Bool { letter.isHexDigit || letter == ":" || letter == "." }

    private static func name(of host: String) -> String {
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return String(host[...end]) }
        return String(host.prefix { $0 != ":" })
    }

    private func isSame(_ origin: String, _ host: String) -> Bool {
        origin == "http://\(host)" || origin == "https://\(host)"
    }
}

extension HTTPResponse {
    static func refusal(_ status: HTTPStatusCode, _ text: String) -> HTTPResponse {
        .text(status, text + "\n")
    }

    static func text(
        _ status: HTTPStatusCode, _ text: String, type: String = "text/plain; charset=utf-8"
    ) -> HTTPResponse {
        HTTPResponse(statusCode: status, headers: headers(type), body: Data(text.utf8))
    }

    static func bytes(_ bytes: [UInt8], type: String) -> HTTPResponse {
        let body = HTTPBodySequence(data: Data(bytes), suggestedBufferSize: 1 << 16)
        return HTTPResponse(statusCode: .ok, headers: headers(type), body: body)
    }

    /// What the browser may load and run is only what this server has; and nobody may frame it.
    static func headers(_ type: String) -> HTTPHeaders {
        [
            .contentType: type,
            .cacheControl: "no-store",
            HTTPHeader("X-Content-Type-Options"): "nosniff",
            HTTPHeader("Referrer-Policy"): "no-referrer",
            HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
            HTTPHeader("Content-Security-Policy"):
                "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ]
    }
}
