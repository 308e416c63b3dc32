public import Features
public import Parallelism

/// HF-Net on the CPU: an image in; keypoints, local descriptors and a global descriptor out.
///
///     image -> reduced, cropped [H, W] -> layers 1-7 [H/8, W/8, 96] -> detector -> keypoints
///                                              |                 \-> descriptor head, at the keypoints' cells
///                                              |                                \-> VLAD -\
///                                              \-> layers 8-14 [H/16, W/16, 72] -> VLAD ---> global descriptor
///
/// One object serves one thread at a time, which others may help: the same bytes come out for any number of them. Its
/// images have one size until `reconfigure`. Everything is allocated then: extraction itself allocates nothing once the
/// result's storage has its size.
public final class Network {
    /// The weights that run, and what their file says of them.
    public let model: Model
    /// The instruction set in use: one of ``availableKernels``.
    public let kernels: String
    /// Most keypoints of an image, 1...65536: the best ones.
    public let maximumKeypoints: Int
    /// Least score of a keypoint, 0...1. May change between frames.
    public var detectionThreshold: Float
    /// Sizes of the image, the reduced image and the network's input that memory is laid out for.
    public private(set) var input: InputSize
    /// How long the stages of the last extraction took.
    public internal(set) var times = StageTimes()

    let team: WorkerTeam
    let table: KernelTable
    let weights: PackedWeights
    let globalHead: GlobalHead
    private(set) var memory: FrameMemory
    private(set) var blocks: [BlockRunner]
    /// Whether layer 7 of an image is in memory.
    var hasLocalFeatures = false

    /// - Parameters:
    ///   - model: the network's layers and weights.
    ///   - imageWidth: of the images that will come, pixels.
    ///   - imageHeight: of the images that will come, pixels.
    ///   - longSide: Larger images are reduced to this many pixels; the model's own if `nil`.
    ///   - maximumKeypoints: of a frame; the strongest are kept.
    ///   - detectionThreshold: The model's own if `nil`.
    ///   - clusters: Of a map, whose descriptors the global one is to be compared with; the model's own if `nil`.
    ///   - team: Threads that share the work; the caller alone if `nil`.
    ///   - kernels: Name of a table of `availableKernels`; the machine's fastest if `nil` (or the one HFLOC_KERNELS
    ///     names).
    public init(
        model: Model, imageWidth: Int, imageHeight: Int, longSide: Int? = nil, maximumKeypoints: Int,
        detectionThreshold: Float? = nil, clusters: VladClusters? = nil, team: WorkerTeam? = nil,
        kernels: String? = nil
    ) throws(ModelError) {
        guard maximumKeypoints >= 1 && maximumKeypoints <= 1 << 16 else {
            throw Self.request(model, "maximum keypoints", "is \(maximumKeypoints)", "give a number in 1...65536")
        }
        guard let table = KernelTable(named: kernels) else {
            throw Self.request(
                model, "kernels", "'\(kernels ?? "")' do not run on this machine",
                "choose from \(Self.availableKernels.joined(separator: ", "))")
        }
        try Self.require(clusters, fit: model)
        let size = try Self.inputSize(model, width: imageWidth, height: imageHeight, longSide: longSide)
        self.model = model
        self.team = team ?? WorkerTeam(threads: 1)
        self.maximumKeypoints = maximumKeypoints
        self.detectionThreshold = detectionThreshold ?? model.detectionThreshold
        self.kernels = table.name
        self.table = table
        weights = PackedWeights(model, kernels: table)
        globalHead = GlobalHead(model, clusters: clusters, kernels: table)
        input = size
        memory = FrameMemory(
            Plan(
                model, size: size, maximumKeypoints: maximumKeypoints, clusters: globalHead.cells.clusters,
                workers: self.team.threads))
        blocks = Self.runners(model, weights: weights, table: table, memory: memory)
    }

    /// The same network with memory of its own, for another thread: it shares weights and team, and takes images of the
    /// size that the other one takes now.
    public init(beside other: Network) {
        (model, kernels, maximumKeypoints) = (other.model, other.kernels, other.maximumKeypoints)
        (detectionThreshold, input) = (other.detectionThreshold, other.input)
        (team, table, weights, globalHead) = (other.team, other.table, other.weights, other.globalHead)
        memory = FrameMemory(other.memory.plan)
        blocks = Self.runners(model, weights: weights, table: table, memory: memory)
    }

    /// Components of the global descriptor: the model's, or those of a map's clusters.
    public var globalDimension: Int { globalHead.dimension }

    /// Refuses clusters of other rows than the model's.
    static func require(_ clusters: VladClusters?, fit model: Model) throws(ModelError) {
        guard let clusters else { return }
        let isFitting =
            clusters.isValid && clusters.cells.channels == model.cellRows.channels
            && clusters.keypoints.channels == model.keypointRows.channels
        guard isFitting else {
            throw request(model, "clusters of the map", "are not of this network's rows", "build the map again")
        }
    }

    /// Names of the kernel tables this machine has, ascending in speed, as `scalar`, `avx2`.
    public static var availableKernels: [String] { KernelTable.available }

    /// Plans anew for another size of image. Allocates; the packed weights stay.
    public func reconfigure(imageWidth: Int, imageHeight: Int, longSide: Int? = nil) throws(ModelError) {
        let size = try Self.inputSize(model, width: imageWidth, height: imageHeight, longSide: longSide)
        guard size != input else { return }
        input = size
        memory = FrameMemory(
            Plan(
                model, size: size, maximumKeypoints: maximumKeypoints, clusters: globalHead.cells.clusters,
                workers: team.threads))
        blocks = Self.runners(model, weights: weights, table: table, memory: memory)
        hasLocalFeatures = false
    }

    private static func request(_ model: Model, _ field: String, _ reason: String, _ cure: String) -> ModelError {
        ModelError(.request, file: model.path, field: field, reason: reason, cure: cure)
    }

    private static func inputSize(
        _ model: Model, width: Int, height: Int, longSide: Int?
    ) throws(ModelError) -> InputSize {
        let longSide = longSide ?? model.inputLongSide
        guard let size = InputSize(imageWidth: width, imageHeight: height, longSide: longSide) else {
            let (problem, cure) = InputSize.problem(imageWidth: width, imageHeight: height, longSide: longSide)
            throw request(model, "image of \(width) x \(height) pixels", problem, cure)
        }
        return size
    }

    private static func runners(
        _ model: Model, weights: PackedWeights, table: KernelTable, memory: FrameMemory
    ) -> [BlockRunner] {
        memory.plan.blocks.map { plan in
            unsafe BlockRunner(
                plan, model: model, weights: weights, kernels: table, noOffset: memory.noOffset,
                map: { memory.activationMap($0, $1) })
        }
    }
}
