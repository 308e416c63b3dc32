import Container
import Features
import Inference
import Parallelism
import ReferenceMap

/// Gives a map clusters of its own images, and its keyframes the global descriptors that these make.
struct OwnClusters {
    let model: Model
    let longSide: Int
    /// Of the features that the cache has.
    let keypoints: Int
    let cache: BuildCache?
    let threads: Int

    /// An image whose cells are nowhere any more.
    struct Missing: Error {
        let image: String
    }

    /// Changes the contents' keyframes, which are of `images` in this order; false where the images show too little.
    func apply(to contents: inout MapContents, images: [ExtractedImage]) throws(Missing) -> Bool {
        guard let clusters = try fitted(to: images) else { return false }
        let descriptors = try descriptors(of: images, by: clusters)
        for (index, descriptor) in descriptors.enumerated() { contents.keyframes[index].globalDescriptor = descriptor }
        contents.clusters = clusters
        contents.globalDimension = clusters.dimension
        return true
    }

    private func fitted(to images: [ExtractedImage]) throws(Missing) -> VladClusters? {
        var cells = ClusterFit(model.cellRows, images: images.count)
        var descriptors = ClusterFit(model.keypointRows, images: images.count)
        for image in images {
            guard let found = self.cells(of: image) else { throw Missing(image: image.name) }
            cells.add(found[...])
            let count = min(image.features.count, HFNet.placeKeypoints)
            descriptors.add(image.features.descriptors[..<(count * image.features.dimension)])
        }
        guard let first = cells.clusters(threads: threads), let second = descriptors.clusters(threads: threads) else {
            return nil
        }
        return VladClusters(cells: first, keypoints: second)
    }

    private func descriptors(
        of images: [ExtractedImage], by clusters: VladClusters
    ) throws(Missing) -> [GlobalDescriptor] {
        let model = model
        let results = Parallel.map(
            images.count, threads: threads,
            state: { try? VladDescriber(model: model, clusters: clusters) },
            transform: { describer, number in
                let image = images[number]
                return cells(of: image).flatMap { describer?.describe(cells: $0, features: image.features) }
            })
        var found: [GlobalDescriptor] = []
        for (image, result) in zip(images, results) {
            guard let result else { throw Missing(image: image.name) }
            found.append(result)
        }
        return found
    }

    /// Of layer 14: those that the image carries, or those in the cache.
    private func cells(of image: ExtractedImage) -> [Int8]? {
        if let cells = image.cells { return cells }
        return image.key.flatMap { key in
            cache?.features(key, model: model, longSide: longSide, limit: keypoints)?.cells
        }
    }
}
