package import Container

/// By what an entry of the cache is found: a hash of all that its content depends on.
package struct CacheKey: Hashable, Sendable {
    package let hash: Hash256
    /// Of the entries' format, and of what the network and the matcher compute: raised where either changes.
    static let version = 2
    private static let suffix = ".safetensors"

    private init(_ parts: [String]) {
        hash = Hash256(of: Array((["hfloc", "\(Self.version)"] + parts).joined(separator: "\n").utf8))
    }

    /// From 32 bytes, as entries name others.
    init(bytes: [UInt8]) { hash = Hash256(bytes: bytes) }

    /// From 64 hex digits; nil for anything else.
    package init?(hex: String) {
        guard let hash = Hash256(hex: hex) else { return nil }
        self.hash = hash
    }

    /// Of an image's features.
    ///
    /// - Parameters:
    ///   - image: bytes of the image's file.
    ///   - modelID: of the network.
    ///   - longSide: to which larger images are reduced, pixels.
    ///   - keypoints: most of them.
    package static func features(image: [UInt8], modelID: String, longSide: Int, keypoints: Int) -> CacheKey {
        CacheKey(["features", modelID, "\(longSide)", "\(keypoints)", "\(Hash256(of: image))"])
    }

    /// Of an image's matches with its partners.
    ///
    /// - Parameters:
    ///   - features: of the image.
    ///   - leastSimilarity: of a match.
    ///   - largestRatio: of a match.
    static func matches(of features: CacheKey, leastSimilarity: Float, largestRatio: Float) -> CacheKey {
        CacheKey(["matches", "\(leastSimilarity)", "\(largestRatio)", "\(features.hash)"])
    }

    /// Of the entry's file.
    var name: String { "\(hash)\(Self.suffix)" }

    /// Whether a file of this name is an entry.
    static func isName(_ name: String) -> Bool {
        name.hasSuffix(suffix) && Hash256(hex: String(name.dropLast(suffix.count))) != nil
    }
}
