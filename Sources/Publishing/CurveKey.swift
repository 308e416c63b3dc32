internal import CZeroMQ

/// A CURVE key: 32 bytes, written as 40 characters of Z85.
///
/// Source: ZeroMQ RFC 32 (Z85) and RFC 26 (CurveZMQ).
public struct CurveKey: Sendable, Hashable {
    public let bytes: [UInt8]

    /// From its Z85 text, or nil if that is none.
    public init?(z85 text: some StringProtocol) {
        let alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
        guard text.utf8.count == 40, text.allSatisfy({ alphabet.contains($0) }) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 32)
        guard unsafe zmq_z85_decode(&bytes, String(text)) != nil else { return nil }
        self.bytes = bytes
    }

    init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    public var z85: String {
        var text = [CChar](repeating: 0, count: 41)
        unsafe zmq_z85_encode(&text, bytes, bytes.count)
        return String(decoding: text.prefix(40).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Of a secret key, the public one.
    public var publicKey: CurveKey? {
        var text = [CChar](repeating: 0, count: 41)
        guard unsafe zmq_curve_public(&text, z85) == 0 else { return nil }
        return CurveKey(z85: String(decoding: text.prefix(40).map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    /// A new pair; nil if libzmq was built without CURVE.
    public static func pair() -> (public: CurveKey, secret: CurveKey)? {
        var (shown, hidden) = ([CChar](repeating: 0, count: 41), [CChar](repeating: 0, count: 41))
        guard unsafe zmq_curve_keypair(&shown, &hidden) == 0 else { return nil }
        func key(_ text: [CChar]) -> CurveKey? {
            CurveKey(z85: String(decoding: text.prefix(40).map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        guard let shown = key(shown), let hidden = key(hidden) else { return nil }
        return (shown, hidden)
    }
}

/// Whose public keys may connect.
public struct AllowList: Sendable, Equatable {
    /// Names by key.
    public let clients: [CurveKey: String]

    public init(_ clients: [CurveKey: String]) { self.clients = clients }

    /// A line that cannot be understood.
    public struct Failure: Error, Equatable {
        /// From 1.
        public let line: Int
        public let reason: String
    }

    /// One client per line: its public key (40 characters of Z85), a blank, its name. Empty lines, and lines that begin
    /// with `;`, say nothing (`#` is a character of Z85).
    public init(parsing text: String) throws(Failure) {
        var clients: [CurveKey: String] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.split(maxSplits: 1, whereSeparator: \.isWhitespace)
            guard let first = words.first, !first.hasPrefix(";") else { continue }
            guard let key = CurveKey(z85: first) else {
                throw Failure(
                    line: index + 1, reason: "'\(first.prefix(48))' is not a public key: expected 40 characters of Z85")
            }
            clients[key] = words.count > 1 ? String(words[1]) : "client \(clients.count + 1)"
        }
        self.clients = clients
    }
}
