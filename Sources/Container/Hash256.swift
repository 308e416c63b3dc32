internal import CSodium

/// A BLAKE2b-256 hash (RFC 7693), written as 64 hexadecimal digits.
public struct Hash256: Sendable, Hashable, CustomStringConvertible {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// From the 32 bytes that are a hash.
    package init(bytes: [UInt8]) {
        precondition(bytes.count == 32, "Hash256: 32 bytes")
        self.bytes = bytes
    }

    /// The hash of `content`.
    public init(of content: [UInt8]) {
        var hasher = Hasher256()
        unsafe content.withUnsafeBytes { unsafe hasher.update($0) }
        self = hasher.finish()
    }

    /// From 64 hexadecimal digits of either case; `nil` for anything else.
    public init?(hex: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        var high: UInt8?
        for unit in hex.utf8 {
            guard let digit = Character(Unicode.Scalar(unit)).hexDigitValue else { return nil }
            if let first = high {
                bytes.append(first << 4 | UInt8(digit))
                high = nil
            } else {
                high = UInt8(digit)
            }
        }
        guard bytes.count == 32, high == nil else { return nil }
        self.bytes = bytes
    }

    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Computes a `Hash256` piece by piece, at about 1 GB/s.
@safe public struct Hasher256: ~Copyable {
    private let memory: UnsafeMutableRawPointer
    private let state: OpaquePointer

    /// Picks the fastest implementation once.
    private static let ready: Bool = sodium_init() >= 0

    /// A hash of nothing yet. Allocates the library's state, some hundred bytes.
    public init() {
        precondition(Self.ready, "libsodium cannot start")
        // The library's state must be 64-byte aligned, which Swift does not promise of a stored struct.
        unsafe memory = UnsafeMutableRawPointer.allocate(byteCount: crypto_generichash_statebytes(), alignment: 64)
        unsafe state = OpaquePointer(memory)
        unsafe crypto_generichash_init(state, nil, 0, 32)
    }

    /// Adds bytes behind those before; how they are cut into pieces does not matter.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        unsafe crypto_generichash_update(
            state, base.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }

    /// The hash of all bytes added; it takes no more.
    public consuming func finish() -> Hash256 {
        var bytes = [UInt8](repeating: 0, count: 32)
        unsafe crypto_generichash_final(state, &bytes, 32)
        return Hash256(bytes: bytes)
    }

    deinit { unsafe memory.deallocate() }
}
