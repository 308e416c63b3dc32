package import Features

/// A network for images of any size: made at the first image, planned anew when the size changes.
package struct FittingNetwork {
    private let model: Model
    private let longSide: Int?
    private let maximumKeypoints: Int
    private let detectionThreshold: Float?
    private let clusters: VladClusters?
    private var network: Network?

    /// - Parameters:
    ///   - model: the network.
    ///   - longSide: larger images are reduced to this many pixels; the model's own if nil.
    ///   - maximumKeypoints: most keypoints of an image.
    ///   - detectionThreshold: the model's own if nil.
    ///   - clusters: of a map; the model's own if nil.
    package init(
        model: Model, longSide: Int? = nil, maximumKeypoints: Int, detectionThreshold: Float? = nil,
        clusters: VladClusters? = nil
    ) {
        self.model = model
        self.longSide = longSide
        self.maximumKeypoints = maximumKeypoints
        self.detectionThreshold = detectionThreshold
        self.clusters = clusters
    }

    /// The network, ready for images of this size. Always the same object, so that an earlier answer is of this size
    /// too.
    ///
    /// - Throws: ``ModelError`` for a size that the network cannot take.
    package mutating func network(for image: GreyImage) throws(ModelError) -> Network {
        if let network {
            try network.reconfigure(imageWidth: image.width, imageHeight: image.height, longSide: longSide)
            return network
        }
        let network = try Network(
            model: model, imageWidth: image.width, imageHeight: image.height, longSide: longSide,
            maximumKeypoints: maximumKeypoints, detectionThreshold: detectionThreshold, clusters: clusters)
        self.network = network
        return network
    }
}
