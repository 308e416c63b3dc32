import Files
import Reporting

/// What a build had of its cache, and what it left there.
package struct CacheReport: Sendable {
    package let folder: String
    package let counts: CacheCounts
    /// Of all entries, at the end.
    package let bytes: Int
    /// Entries that could not be used or written, a line each.
    package let problems: [String]

    /// - Parameters:
    ///   - cache: after the build's last look into it.
    ///   - removesUnused: whether what the build did not ask for goes.
    init(_ cache: BuildCache, removing removesUnused: Bool) {
        if removesUnused { cache.removeUnused() }
        (folder, counts, bytes, problems) = (cache.folder, cache.counts, cache.size, cache.problems)
    }

    /// What the person should know.
    var warnings: [String] {
        problems.map { "the cache is not right: \($0); what was in it is worked out anew" }
    }

    /// In one line.
    var text: String {
        let images = counts.cachedImages + counts.extractedImages
        let pairs = counts.cachedPairs + counts.matchedPairs
        return """
            \(folder), \((Double(bytes) / 1e6).text(1)) MB: \(counts.cachedImages) of \(images) images and \
            \(counts.cachedPairs) of \(pairs) pairs were in it; the next build begins there; `rm -r` drops it
            """
    }

    /// One object.
    var json: String {
        JSONText.object([
            ("folder", JSONText.string(folder)), ("bytes", "\(bytes)"),
            ("cached_images", "\(counts.cachedImages)"), ("extracted_images", "\(counts.extractedImages)"),
            ("cached_pairs", "\(counts.cachedPairs)"), ("matched_pairs", "\(counts.matchedPairs)"),
            ("problems", JSONText.array(problems.map { JSONText.string($0) })),
        ])
    }
}
