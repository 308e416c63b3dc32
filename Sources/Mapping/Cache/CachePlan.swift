import Capture
import Container
import Features
package import Inference
import Parallelism
package import ReferenceMap

/// What a build's cache lacks, and the filling of it: so that other machines can do the work, each a part.
package struct CachePlan {
    private let cache: BuildCache
    private let model: Model
    private let longSide: Int
    private let options: MappingOptions
    private let threads: Int
    private let progress: (MappingStage, Int, Int) -> Void

    /// - Parameters:
    ///   - cache: that is to be filled.
    ///   - model: the network of the build.
    ///   - longSide: larger images are reduced to this many pixels.
    ///   - options: of the build.
    ///   - threads: that work; all processors if nil.
    ///   - progress: called on the thread that works: stage, done, of how many.
    package init(
        cache: BuildCache, model: Model, longSide: Int, options: MappingOptions, threads: Int? = nil,
        progress: @escaping (MappingStage, Int, Int) -> Void = { _, _, _ in }
    ) {
        (self.cache, self.model, self.longSide) = (cache, model, longSide)
        (self.options, self.progress) = (options, progress)
        self.threads = threads ?? Parallel.processors
    }

    /// Paths of the set's map images whose features are not in the cache; those that cannot be read are among them.
    package func missingImages(of set: PosedImages) -> [String] {
        let images = set.images(role: "map")
        let (cache, model, longSide, keypoints) = (cache, model, longSide, options.keypoints)
        let isMissing = Parallel.map(images.count, threads: threads) { number in
            guard let bytes = try? ImageFile.content(of: images[number].path) else { return true }
            let key = CacheKey.features(
                image: bytes, modelID: model.modelID, longSide: longSide, keypoints: keypoints)
            return !cache.has(.features, key)
        }
        return zip(images, isMissing).filter(\.1).map(\.0.path)
    }

    /// Puts the features of the images at `paths` into the cache.
    ///
    /// - Returns: of each that cannot be used, path and reason.
    package func fillFeatures(_ paths: [String]) -> [(path: String, reason: String)] {
        let (cache, model, longSide, keypoints) = (cache, model, longSide, options.keypoints)
        let reasons = Parallel.map(
            paths.count, threads: threads,
            state: { ImageExtraction(model: model, longSide: longSide, keypoints: keypoints, cache: cache) },
            progress: { progress(.extraction, $0, paths.count) },
            transform: { extraction, number in extraction.reason(at: paths[number]) })
        progress(.extraction, paths.count, paths.count)
        return zip(paths, reasons).compactMap { path, reason in reason.map { (path, $0) } }
    }

    /// Of the set's images whose matches are not all in the cache: the key of the image, then those of its partners.
    /// Features that are missing are made.
    package func missingMatches(of set: PosedImages) -> [[CacheKey]] {
        var extraction = FeatureExtraction(
            model: model, longSide: longSide, keypoints: options.keypoints, threads: threads)
        extraction.cache = cache
        var summary = MappingSummary()
        let images = extraction.extract(
            set.images(role: "map"), cameras: set.cameras, summary: &summary, progress: progress
        ).images
        guard !images.isEmpty else { return [] }
        let partners = PairSelection(options: options, threads: threads).partners(images)
        let (cache, options) = (cache, options)
        let lacking = Parallel.map(images.count, threads: threads) { image in
            let matching = PartnerMatching(
                image: KeyedFeatures(images[image]), partners: partners[image].map { KeyedFeatures(images[$0]) })
            return !matching.isCached(options: options, in: cache)
        }
        return images.indices.filter { lacking[$0] }.map { image in
            ([image] + partners[image]).compactMap { images[$0].key }
        }
    }

    /// Puts the matches of images with their partners into the cache, which must have the features of all.
    ///
    /// - Returns: the keys whose features it does not have.
    package func fillMatches(_ rows: [[CacheKey]]) -> [CacheKey] {
        let keys = Set(rows.flatMap { $0 }).sorted { $0.hash.bytes.lexicographicallyPrecedes($1.hash.bytes) }
        let (cache, model, longSide, options) = (cache, model, longSide, options)
        let loaded = Parallel.map(keys.count, threads: threads) { number in
            cache.features(keys[number], model: model, longSide: longSide, limit: options.keypoints)?.features
        }
        var features: [CacheKey: LocalFeatures] = [:]
        for (key, found) in zip(keys, loaded) { features[key] = found }
        let known = features
        _ = Parallel.map(
            rows.count, threads: threads,
            state: {
                DescriptorMatcher(
                    dimension: model.descriptorDimension, leastSimilarity: options.leastSimilarity,
                    largestRatio: options.largestRatio)
            },
            progress: { progress(.matching, $0, rows.count) },
            transform: { matcher, number in
                let row = rows[number].compactMap { key in known[key].map { KeyedFeatures(key, $0) } }
                guard row.count == rows[number].count, let image = row.first else { return }
                _ = PartnerMatching(image: image, partners: Array(row.dropFirst()))
                    .match(&matcher, options: options, cache: cache)
            })
        progress(.matching, rows.count, rows.count)
        return keys.filter { features[$0] == nil }
    }
}

extension ImageExtraction {
    /// Nil where the image's features are in the cache by now.
    fileprivate mutating func reason(at path: String) -> String? {
        do throws(SkipReason) {
            _ = try find(at: path) { (_, _) throws(SkipReason) in }
            return nil
        } catch { return error.text }
    }
}
