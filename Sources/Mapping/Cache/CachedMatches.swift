package import Container
import Features

/// The matches of one image with its partners, as the cache keeps them.
package struct CachedMatches: Sendable {
    /// By the partner's features.
    private(set) var partners: [CacheKey: [DescriptorMatch]] = [:]

    init(_ partners: [CacheKey: [DescriptorMatch]]) { self.partners = partners }

    /// What is in an entry whose hashes are right.
    package init(reading file: TensorFile) throws(ContainerError) {
        let keys = try file.tensor("partners", of: UInt8.self, shape: [nil, 32])
        let offsets = try file.tensor("offsets", of: UInt32.self, shape: [keys.shape[0] + 1])
        let keypoints = try file.tensor("keypoints", of: UInt16.self, shape: [nil, 2])
        let dots = try file.tensor("dots", of: Int32.self, shape: [keypoints.shape[0]])
        let isAscending = zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 }
        guard isAscending, offsets[0] == 0, Int(offsets[offsets.count - 1]) == dots.count else {
            throw ContainerError(
                .unsuitable, file: file.path, field: "tensor 'offsets'", reason: "does not part the matches",
                cure: "remove the file")
        }
        for number in 0..<keys.shape[0] {
            let key = CacheKey(bytes: Array(keys[32 * number..<32 * (number + 1)]))
            partners[key] = (Int(offsets[number])..<Int(offsets[number + 1])).map {
                DescriptorMatch(a: Int32(keypoints[2 * $0]), b: Int32(keypoints[2 * $0 + 1]), dot: dots[$0])
            }
        }
    }

    /// The matches with a partner; nil where they are not here, or name keypoints that the images do not have.
    func matches(of image: KeyedFeatures, with partner: KeyedFeatures) -> [DescriptorMatch]? {
        guard let key = partner.key, let matches = partners[key] else { return nil }
        let counts = (a: image.features.count, b: partner.features.count)
        return matches.allSatisfy { $0.a < counts.a && $0.b < counts.b } ? matches : nil
    }

    /// Fills an entry. Keypoints are numbered with 16 bits: `MappingOptions.allowedKeypoints` allows no more.
    func write(to writer: inout TensorFileWriter) {
        let ordered = partners.sorted { $0.key.hash.bytes.lexicographicallyPrecedes($1.key.hash.bytes) }
        var offsets: [UInt32] = [0]
        var keypoints: [UInt16] = []
        var dots: [Int32] = []
        for (_, matches) in ordered {
            for match in matches {
                keypoints.append(UInt16(match.a))
                keypoints.append(UInt16(match.b))
                dots.append(match.dot)
            }
            offsets.append(UInt32(dots.count))
        }
        writer.add("partners", ordered.flatMap(\.key.hash.bytes), shape: [ordered.count, 32])
        writer.add("offsets", offsets)
        writer.add("keypoints", keypoints, shape: [dots.count, 2])
        writer.add("dots", dots)
    }
}
