import Container
import Features

/// Features, and by which the cache has them; nil without a cache.
struct KeyedFeatures: Sendable {
    var key: CacheKey?
    var features: LocalFeatures

    init(_ image: ExtractedImage) { (key, features) = (image.key, image.features) }

    init(_ key: CacheKey, _ features: LocalFeatures) { (self.key, self.features) = (key, features) }
}

/// Matches one image with its partners, by way of the cache: an entry holds them all.
struct PartnerMatching {
    let image: KeyedFeatures
    let partners: [KeyedFeatures]

    /// The matches with each partner.
    func match(
        _ matcher: inout DescriptorMatcher, options: MappingOptions, cache: BuildCache?
    ) -> [[DescriptorMatch]] {
        guard !partners.isEmpty else { return [] }
        guard let cache, let key = entryKey(options) else { return partners.map { match($0, &matcher) } }
        let cached = cached(in: cache, key)
        let known = partners.map { cached?.matches(of: image, with: $0) }
        let matches = zip(partners, known).map { $1 ?? match($0, &matcher) }
        let missing = known.count { $0 == nil }
        cache.count {
            $0.cachedPairs += partners.count - missing
            $0.matchedPairs += missing
        }
        if missing > 0 {
            var found: [CacheKey: [DescriptorMatch]] = [:]
            for (partner, matches) in zip(partners, matches) { partner.key.map { found[$0] = matches } }
            cache.store(.matches, key, CachedMatches(found).write)
        }
        return matches
    }

    /// Whether the cache has the matches with all partners.
    func isCached(options: MappingOptions, in cache: BuildCache) -> Bool {
        guard let key = entryKey(options), !partners.isEmpty else { return partners.isEmpty }
        let cached = cached(in: cache, key)
        return partners.allSatisfy { cached?.matches(of: image, with: $0) != nil }
    }

    private func entryKey(_ options: MappingOptions) -> CacheKey? {
        image.key.map {
            .matches(of: $0, leastSimilarity: options.leastSimilarity, largestRatio: options.largestRatio)
        }
    }

    private func cached(in cache: BuildCache, _ key: CacheKey) -> CachedMatches? {
        cache.entry(.matches, key) { file throws(ContainerError) in try CachedMatches(reading: file) }
    }

    private func match(_ partner: KeyedFeatures, _ matcher: inout DescriptorMatcher) -> [DescriptorMatch] {
        var matches: [DescriptorMatch] = []
        matcher.match(image.features, partner.features, into: &matches)
        return matches
    }
}
