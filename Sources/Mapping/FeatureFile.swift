internal import Container
package import Files
package import Features
package import Inference

/// The features of images as a safetensors file (Formats.md, "The feature file").
package struct FeatureFile {
    private var writer = TensorFileWriter(kind: "hfloc-features", version: 1)
    private var names: [String] = []
    private var sizes: [Int32] = []
    private var globals: [Float] = []
    private var blurs: [Float] = []
    private let model: Model
    /// Keypoints over all images.
    package private(set) var keypointCount = 0

    /// - Parameters:
    ///   - model: the network.
    ///   - longSide: that larger images are reduced to.
    package init(model: Model, longSide: Int) {
        self.model = model
        writer.setMetadata("model_id", "\(model.modelID)")
        writer.setMetadata("input_long_side", "\(longSide)")
        writer.setMetadata("descriptor_scale", "256")
        writer.setMetadata("pixel_convention", "centre-integer")
        writer.setMetadata("blurred", "\(BlurMeasure.blurred)")
        writer.setMetadata("too_blurred", "\(BlurMeasure.tooBlurred)")
    }

    /// Runs the network, configured for the image's size, and adds what it finds.
    ///
    /// - Parameters:
    ///   - name: of the image; it may occur twice.
    ///   - network: that extracted the features.
    ///   - image: size of the image as it was given.
    package mutating func add(_ name: String, _ network: Network, _ image: GreyImage) {
        var features = LocalFeatures(dimension: model.descriptorDimension, capacity: network.maximumKeypoints)
        var global = GlobalDescriptor(dimension: model.globalDimension)
        network.extractLocal(from: image, into: &features)
        network.extractGlobal(of: features, into: &global)
        let prefix = "\(names.count)"
        let points = features.keypoints.flatMap {
            [
                Self.unreduced($0.x, network.input.acrossScale),
                Self.unreduced($0.y, network.input.downScale),
            ]
        }
        writer.add("\(prefix).keypoints", points, shape: [features.count, 2])
        writer.add("\(prefix).scores", features.keypoints.map(\.score))
        writer.add("\(prefix).descriptors", features.descriptors, shape: [features.count, features.dimension])
        globals += global.values.map { Float($0) * global.scale }
        sizes += [Int32(image.width), Int32(image.height)]
        blurs.append(Float(BlurMeasure.blur(of: image)))
        names.append(name)
        keypointCount += features.count
    }

    /// A coordinate of the reduced image in the image as it was given.
    private static func unreduced(_ value: Float, _ scale: Double) -> Float {
        scale == 1 ? value : Float((Double(value) + 0.5) * scale - 0.5)
    }

    /// Writes the file, all or nothing. Once.
    ///
    /// - Throws: `FileError`: it cannot be created.
    package mutating func write(to path: String) throws(FileError) {
        writer.setMetadata("images", JSON.array(names.map { JSON.string($0) }).text)
        writer.add("global", globals, shape: [names.count, model.globalDimension])
        writer.add("sizes", sizes, shape: [names.count, 2])
        writer.add("blur", blurs)
        try writer.write(to: path)
    }
}

extension InputSize {
    /// Pixels of the image per pixel of the network's input.
    fileprivate var acrossScale: Double { Double(imageWidth) / Double(reducedWidth) }
    fileprivate var downScale: Double { Double(imageHeight) / Double(reducedHeight) }
}
