/// What a browser asks for.
public struct HTTPRequest: Sendable, Equatable {
    /// As the client sent it; ``HTTPGuard`` lets GET, HEAD and POST pass.
    public let method: String
    /// Without the query.
    public let path: String
    /// Names in lower case.
    public let headers: [String: String]
    /// Bytes of the body that is announced.
    public let bodyLength: Int

    /// The longest head that is read, bytes.
    static let largestHead = 8192
    /// The longest body that is passed over, bytes.
    static let largestBody = 4096

    /// Takes a request's head apart: everything up to the empty line, without it (RFC 9112). nil if it is none.
    public init?(head: [UInt8]) {
        guard let text = String(validating: head, as: UTF8.self), !text.utf8.contains(0) else { return nil }
        var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)[...]
        guard let first = lines.popFirst() else { return nil }
        let words = first.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0", words[1].hasPrefix("/") else {
            return nil
        }
        var headers: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { return nil }
            let name = line[..<colon].lowercased()
            guard !name.contains(where: \.isWhitespace), headers[name] == nil else { return nil }
            headers[name] = String(line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
        }
        let length = headers["content-length"].map { Int($0) ?? -1 } ?? 0
        guard length >= 0, headers["transfer-encoding"] == nil else { return nil }
        method = String(words[0])
        path = String(words[1].prefix { $0 != "?" })
        self.headers = headers
        bodyLength = length
    }
}

/// What it gets.
public struct HTTPResponse: Sendable {
    /// What follows the head.
    public enum Content: Sendable {
        /// All of it, with its length announced.
        case bytes([UInt8])
        /// Sent piece by piece until nil: each call waits for its piece.
        case stream(@Sendable () -> [UInt8]?)
    }

    /// The number and its words, as `404 Not Found`.
    public var status: String
    /// The media type, as `text/html; charset=utf-8`.
    public var type: String
    /// The body, or what makes it piece by piece.
    public var content: Content
    /// Further header lines.
    public var headers: [String] = []

    /// An answer; `headers` are whole lines, `NAME: VALUE`, beside those that every answer has.
    public init(_ status: String = "200 OK", type: String, _ content: Content, headers: [String] = []) {
        self.status = status
        self.type = type
        self.content = content
        self.headers = headers
    }

    /// A line of plain text for the person, with the status that it explains.
    public static func text(_ status: String, _ text: String) -> HTTPResponse {
        HTTPResponse(status, type: "text/plain; charset=utf-8", .bytes(Array((text + "\n").utf8)))
    }

    /// The bytes before the content.
    var head: [UInt8] {
        var lines = [
            "HTTP/1.1 \(status)", "Content-Type: \(type)", "Connection: close", "Cache-Control: no-store",
            "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY", "Referrer-Policy: no-referrer",
            "Cross-Origin-Resource-Policy: same-origin",
        ]
        if case .bytes(let bytes) = content { lines.append("Content-Length: \(bytes.count)") }
        return Array((lines + headers).joined(separator: "\r\n").utf8) + Array("\r\n\r\n".utf8)
    }
}
