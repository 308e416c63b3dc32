package import Container
package import Features
package import Inference

/// What the network found in one image, as the cache keeps it: all that depends on the image alone.
package struct CachedFeatures: Sendable {
    /// Of the image's file, pixels.
    package var width: Int
    package var height: Int
    /// Keypoints in pixels of the network's input image.
    package var features: LocalFeatures
    /// By the model's clusters.
    package var globalDescriptor: GlobalDescriptor
    /// Of layer 14, for clusters of the map's own (`Network.copyCells(into:)`); nil where nobody will ask.
    package var cells: [Int8]?

    init(
        width: Int, height: Int, features: LocalFeatures, globalDescriptor: GlobalDescriptor, cells: [Int8]? = nil
    ) {
        (self.width, self.height) = (width, height)
        (self.features, self.globalDescriptor, self.cells) = (features, globalDescriptor, cells)
    }

    /// What is in an entry whose hashes are right.
    ///
    /// - Parameters:
    ///   - file: the entry.
    ///   - model: that made it.
    ///   - longSide: to which larger images are reduced, pixels.
    ///   - limit: most keypoints.
    package init(reading file: TensorFile, model: Model, longSide: Int, limit: Int) throws(ContainerError) {
        width = try file.int("image_width", in: 1...InputSize.maximumSide)
        height = try file.int("image_height", in: 1...InputSize.maximumSide)
        let dimension = model.descriptorDimension
        let points = try file.tensor("keypoints", of: Float.self, shape: [nil, 3])
        let count = points.shape[0]
        let descriptors = try file.tensor("descriptors", of: Int8.self, shape: [count, dimension])
        let global = try file.tensor("global", of: Int8.self, shape: [model.globalDimension])
        let scale = try file.tensor("global_scale", of: Float.self, shape: [1])
        cells = Array(try file.tensor("cells", of: Int8.self, shape: [nil, model.cellRows.channels]))
        let isInput = InputSize(imageWidth: width, imageHeight: height, longSide: longSide) != nil
        guard isInput, count <= limit, points.allSatisfy(\.isFinite), scale[0].isFinite else {
            throw ContainerError(
                .unsuitable, file: file.path, field: "tensor 'keypoints'", reason: "holds what no network gives",
                cure: "remove the file")
        }
        features = LocalFeatures(dimension: dimension)
        features.keypoints = (0..<count).map {
            Keypoint(x: points[3 * $0], y: points[3 * $0 + 1], score: points[3 * $0 + 2])
        }
        features.descriptors = Array(descriptors)
        globalDescriptor = GlobalDescriptor(dimension: 0)
        globalDescriptor.values = Array(global)
        globalDescriptor.scale = scale[0]
    }

    /// The network's input for the image.
    func input(longSide: Int) -> InputSize {
        guard let input = InputSize(imageWidth: width, imageHeight: height, longSide: longSide) else {
            preconditionFailure("CachedFeatures: an image that the network has taken")
        }
        return input
    }

    /// Fills an entry.
    ///
    /// - Parameters:
    ///   - writer: of the entry's file.
    ///   - cellChannels: of layer 14.
    func write(to writer: inout TensorFileWriter, cellChannels: Int) {
        writer.setMetadata("image_width", "\(width)")
        writer.setMetadata("image_height", "\(height)")
        writer.add("keypoints", features.keypoints.flatMap { [$0.x, $0.y, $0.score] }, shape: [features.count, 3])
        writer.add("descriptors", features.descriptors, shape: [features.count, features.dimension])
        writer.add("global", globalDescriptor.values)
        writer.add("global_scale", [globalDescriptor.scale])
        let cells = cells ?? []
        writer.add("cells", cells, shape: [cells.count / cellChannels, cellChannels])
    }
}
