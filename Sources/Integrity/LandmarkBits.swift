/// Which landmarks have been seen, by the last bits of a hash of their numbers: two that share a place count as one.
/// A plain value of two kilobytes; nothing in it allocates.
public struct LandmarkBits: Sendable {
    /// Words of 32 places.
    public static let wordCount = 512
    /// The places, word by word.
    public var words = InlineArray<512, UInt32>(repeating: 0)

    private static let bits: UInt32 = 14

    /// No landmark was seen.
    public init() {}

    /// Whether it was seen.
    public func contains(_ landmark: UInt32) -> Bool {
        let (word, bit) = Self.place(of: landmark)
        return words[word] & bit != 0
    }

    /// Sees it. Returns whether it is seen for the first time.
    public mutating func insert(_ landmark: UInt32) -> Bool {
        let (word, bit) = Self.place(of: landmark)
        defer { words[word] |= bit }
        return words[word] & bit == 0
    }

    /// Fibonacci hashing: neighbours in the map lie apart.
    private static func place(of landmark: UInt32) -> (word: Int, bit: UInt32) {
        let hash = Int((landmark &* 2_654_435_769) >> (32 - bits))
        return (hash >> 5, 1 << UInt32(hash & 31))
    }
}
