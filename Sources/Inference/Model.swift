internal import Container

/// A model file, opened and checked: HF-Net's layers, their integer weights, and the two heads' constants (Model.md).
///
/// The weights stay in the mapped file; a `Network` packs its own copy for the machine's kernels.
public struct Model: Sendable {
    /// The file it was opened from, as it was given: for messages.
    public let path: String
    /// What its maker calls the model: for people; ``modelID`` tells models apart.
    public let name: String
    /// Identity of the whole file, metadata and all: 64 hex digits. Maps refuse descriptors of another model.
    public let modelID: String
    /// Components of a local descriptor, 8...512.
    public let descriptorDimension: Int
    /// Components of the global descriptor, 8...8192.
    public let globalDimension: Int
    /// Long side of the input, in pixels, that the network was trained for.
    public let inputLongSide: Int
    /// Keypoints of a lower score are dropped unless the caller says otherwise.
    public let detectionThreshold: Float

    let layers: [String: Layer]
    let vladScale: Float
    let file: TensorFile
    let photographsHash: Hash256?

    static let kind = "hfloc-model"
    static let formatVersions = 3...3
    /// Bytes of the largest model that is copied into memory, where nobody can change it; ours have 4 MB.
    private static let largestCopy = 64 << 20

    /// Opens and checks a model file, all tensors' hashes included: about 20 ms for the 4 MB of the released model.
    public init(opening path: String) throws(ModelError) {
        do throws(ContainerError) {
            let file = try TensorFile(
                opening: path, kind: Self.kind, versions: Self.formatVersions, copyingUpTo: Self.largestCopy)
            try file.verify(identity: "model_id", covering: .wholeFile)
            self.path = path
            self.file = file
            name = try file.string("name")
            modelID = try file.string("model_id")
            descriptorDimension = try file.int("descriptor_dimension", in: 8...512)
            globalDimension = try file.int("global_dimension", in: 8...8192)
            inputLongSide = try file.int("input_long_side", in: 64...8192)
            detectionThreshold = Float(try file.double("detection_threshold", in: 0...1))
            vladScale = Float(try file.double("vlad_scale", in: 1e-9...1))
        } catch {
            throw ModelError(error)
        }
        photographsHash = try Self.photographsHash(of: file)
        layers = try Self.layers(of: file, descriptorDimension: descriptorDimension)
        try checkConstants()
        try checkTensors()
    }

    /// The hash of the weights alone, by which maps of version 1 name a model. Reads them all: some milliseconds.
    public var weightsID: String { file.contentHash().description }

    /// A layer that `init` has found in the file.
    func layer(_ name: String) -> Layer {
        guard let layer = layers[name] else { preconditionFailure("HF-Net has no layer \(name)") }
        return layer
    }

    /// A tensor whose type and shape `init` has checked.
    func tensor<Element: TensorElement>(_ name: String, of type: Element.Type = Element.self) -> TensorView<Element> {
        do {
            return try file.tensor(name)
        } catch {
            preconditionFailure("an unchecked tensor: \(error)")
        }
    }
}
