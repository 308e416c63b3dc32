import Capture
import Features
import Inference

/// One thread's network and the memory of one image: from an image file to what is in it, by way of the cache.
struct ImageExtraction {
    private let model: Model
    private let longSide: Int
    private let keypoints: Int
    private let cache: BuildCache?
    private var network: FittingNetwork
    private var image = GreyImage(width: 1, height: 1)

    /// Why an image cannot be used, with the cure.
    struct SkipReason: Error {
        let text: String
    }

    /// What is in an image.
    struct Found {
        /// By which the cache has it; nil without a cache.
        var key: CacheKey?
        var content: CachedFeatures
        /// Whether the cache has the content.
        var isKept: Bool
        /// EXIF orientation, 1 to 8.
        var orientation: Int
    }

    init(model: Model, longSide: Int, keypoints: Int, cache: BuildCache?) {
        (self.model, self.longSide, self.keypoints, self.cache) = (model, longSide, keypoints, cache)
        network = FittingNetwork(model: model, longSide: longSide, maximumKeypoints: keypoints)
    }

    /// What is in the image at `path`; `size` refuses images of a wrong one before the network runs.
    mutating func find(
        at path: String, size: (_ width: Int, _ height: Int) throws(SkipReason) -> Void
    ) throws(SkipReason) -> Found {
        let bytes: [UInt8]
        do { bytes = try ImageFile.content(of: path) } catch {
            throw SkipReason(text: "\(error.problem); \(error.cure)")
        }
        let orientation = Orientations.orientation(of: bytes)
        guard let cache else {
            let content = try extract(bytes, path, size)
            return Found(key: nil, content: content, isKept: false, orientation: orientation)
        }
        let key = CacheKey.features(
            image: bytes, modelID: model.modelID, longSide: longSide, keypoints: keypoints)
        if let cached = cache.features(key, model: model, longSide: longSide, limit: keypoints) {
            try size(cached.width, cached.height)
            cache.count { $0.cachedImages += 1 }
            return Found(key: key, content: cached, isKept: true, orientation: orientation)
        }
        let content = try extract(bytes, path, size)
        let channels = model.cellRows.channels
        let isKept = cache.store(.features, key) { content.write(to: &$0, cellChannels: channels) }
        cache.count { $0.extractedImages += 1 }
        return Found(key: key, content: content, isKept: isKept, orientation: orientation)
    }

    private mutating func extract(
        _ bytes: [UInt8], _ path: String, _ size: (_ width: Int, _ height: Int) throws(SkipReason) -> Void
    ) throws(SkipReason) -> CachedFeatures {
        do { _ = try ImageFile.decode(bytes, path, into: &image) } catch {
            throw SkipReason(text: "\(error.problem); \(error.cure)")
        }
        try size(image.width, image.height)
        let network: Network
        do { network = try self.network.network(for: image) } catch {
            throw SkipReason(text: "\(error.field): \(error.reason); \(error.cure)")
        }
        var features = LocalFeatures(dimension: model.descriptorDimension, capacity: keypoints)
        var global = GlobalDescriptor(dimension: model.globalDimension)
        network.extractLocal(from: image, into: &features)
        network.extractGlobal(of: features, into: &global)
        var cells: [Int8] = []
        network.copyCells(into: &cells)
        return CachedFeatures(
            width: image.width, height: image.height, features: features, globalDescriptor: global, cells: cells)
    }
}
