import Capture
public import Features
public import Geometry
public import Inference
public import Parallelism
public import ReferenceMap

/// Runs the network over images with poses, on all cores: each has a network of its own, planned anew whenever the
/// images' size changes.
public struct FeatureExtraction: Sendable {
    private let model: Model
    private let longSide: Int
    private let keypoints: Int
    private let threads: Int

    /// - Parameters:
    ///   - model: the network.
    ///   - longSide: larger images are reduced to this many pixels.
    ///   - keypoints: most keypoints of an image.
    ///   - threads: how many work; the features do not depend on it.
    public init(model: Model, longSide: Int, keypoints: Int, threads: Int = Parallel.processors) {
        self.model = model
        self.longSide = longSide
        self.keypoints = keypoints
        self.threads = threads
    }

    /// The features of all images that can be read, and the cameras of the network's input that they refer to. Images
    /// that cannot be used are named in `summary`, each with the reason.
    public func extract(
        _ images: [PosedImage], cameras: [Camera], summary: inout MappingSummary,
        progress: (MappingStage, Int, Int) -> Void
    ) -> (images: [ExtractedImage], cameras: [Camera]) {
        let clock = ContinuousClock()
        let start = clock.now
        let (model, longSide, keypoints) = (model, longSide, keypoints)
        let results = Parallel.map(
            images.count, threads: threads,
            state: { ImageExtraction(model: model, longSide: longSide, keypoints: keypoints) },
            progress: { progress(.extraction, $0, images.count) },
            transform: { extraction, number in
                extraction.extract(images[number], camera: cameras[images[number].camera])
            })
        progress(.extraction, images.count, images.count)
        var extracted: [ExtractedImage] = []
        var orientations = Orientations()
        var inputCameras: [Camera] = []
        var indices: [Int: Int] = [:]
        for (posed, result) in zip(images, results) {
            switch result {
            case .success(let (found, input)):
                var image = found
                if indices[posed.camera] == nil {
                    indices[posed.camera] = inputCameras.count
                    inputCameras.append(Self.camera(cameras[posed.camera], input))
                }
                image.camera = indices[posed.camera] ?? 0
                extracted.append(image)
                orientations.add(posed.path, name: posed.name)
            case .failure(let reason):
                summary.skipped.append(.init(name: posed.name, reason: reason.text))
            }
        }
        summary.orientationWarning = orientations.warning
        summary.seconds.append((.extraction, (clock.now - start).seconds))
        return (extracted, inputCameras)
    }

    /// The camera of the network's input: reduced like the image, then cropped like it.
    public static func camera(_ camera: Camera, _ input: InputSize) -> Camera {
        camera.resized(toWidth: input.reducedWidth, height: input.reducedHeight)
            .cropped(x: 0, y: 0, width: input.width, height: input.height)
    }
}

/// One thread's network and the memory of one image.
private struct ImageExtraction {
    private let model: Model
    private let keypoints: Int
    private var network: FittingNetwork
    private var image = GreyImage(width: 1, height: 1)

    /// Why an image cannot be used.
    struct SkipReason: Error {
        let text: String
    }

    init(model: Model, longSide: Int, keypoints: Int) {
        self.model = model
        self.keypoints = keypoints
        network = FittingNetwork(model: model, longSide: longSide, maximumKeypoints: keypoints)
    }

    mutating func extract(
        _ posed: PosedImage, camera: Camera
    ) -> Result<(image: ExtractedImage, input: InputSize), SkipReason> {
        do throws(SkipReason) { return .success(try extracted(posed, camera: camera)) } catch { return .failure(error) }
    }

    private mutating func extracted(
        _ posed: PosedImage, camera: Camera
    ) throws(SkipReason) -> (image: ExtractedImage, input: InputSize) {
        do {
            try ImageFile.readGrey(posed.path, into: &image)
        } catch {
            throw SkipReason(text: "\(error.problem); \(error.cure)")
        }
        guard image.width == camera.width && image.height == camera.height else {
            throw SkipReason(
                text: "is \(image.width) x \(image.height), its camera \(camera.width) x \(camera.height); "
                    + "give the camera of this size")
        }
        let network: Network
        do { network = try self.network.network(for: image) } catch {
            throw SkipReason(text: "\(error.field): \(error.reason); \(error.cure)")
        }
        var features = LocalFeatures(dimension: model.descriptorDimension, capacity: keypoints)
        var global = GlobalDescriptor(dimension: model.globalDimension)
        network.extractLocal(from: image, into: &features)
        network.extractGlobal(of: features, into: &global)
        var extracted = ExtractedImage(
            name: posed.name, camera: 0, cameraFromMap: posed.cameraFromMap, features: features,
            globalDescriptor: global)
        extracted.uncertainty = posed.uncertainty
        return (extracted, network.input)
    }
}

/// An image of known pose with what the network found in it.
public struct ExtractedImage: Sendable {
    /// As the pose file has it; the keyframe gets it.
    public var name: String
    /// Index into the cameras given to ``MapBuilder``.
    public var camera: Int
    /// From the map frame into the camera's (x right, y down, z forward), metres.
    public var cameraFromMap: RigidTransform
    /// How far the pose may be off; nil where only the build's options say.
    public var uncertainty: PoseUncertainty?
    /// Where the camera was measured to be in the map frame, apart from its pose; nil where it was not.
    public var measurement: PositionMeasurement?
    /// Where odometry had the camera; nil without odometry.
    public var deadReckoning: DeadReckoning?
    /// Keypoints in pixels of the network's input image.
    public var features: LocalFeatures
    /// Of the whole image, by which pairs of distant images are found and priors are retrieved.
    public var globalDescriptor: GlobalDescriptor

    /// An image with its pose and features; nothing is checked.
    public init(
        name: String, camera: Int, cameraFromMap: RigidTransform, features: LocalFeatures,
        globalDescriptor: GlobalDescriptor
    ) {
        self.name = name
        self.camera = camera
        self.cameraFromMap = cameraFromMap
        self.features = features
        self.globalDescriptor = globalDescriptor
    }
}
