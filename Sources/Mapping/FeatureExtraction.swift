import Capture
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
    /// Where features are looked for first, and kept; nil for neither.
    package var cache: BuildCache?
    /// Whether images carry their cells of layer 14 where the cache does not have them.
    var keepsCells = false

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
        let (model, longSide, keypoints, cache, keepsCells) = (model, longSide, keypoints, cache, keepsCells)
        let results = Parallel.map(
            images.count, threads: threads,
            state: { ImageExtraction(model: model, longSide: longSide, keypoints: keypoints, cache: cache) },
            progress: { progress(.extraction, $0, images.count) },
            transform: { extraction, number in
                extraction.find(images[number], camera: cameras[images[number].camera], keepsCells: keepsCells)
            })
        progress(.extraction, images.count, images.count)
        var extracted: [ExtractedImage] = []
        var orientations = Orientations()
        var inputCameras: [Camera] = []
        var indices: [Int: Int] = [:]
        for (posed, result) in zip(images, results) {
            switch result {
            case .success(let found):
                if indices[posed.camera] == nil {
                    indices[posed.camera] = inputCameras.count
                    inputCameras.append(Self.camera(cameras[posed.camera], found.content.input(longSide: longSide)))
                }
                extracted.append(ExtractedImage(posed, found, camera: indices[posed.camera] ?? 0))
                orientations.add(found.orientation, name: posed.name)
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

extension ImageExtraction {
    /// What is in an image of that camera.
    fileprivate mutating func find(
        _ posed: PosedImage, camera: Camera, keepsCells: Bool
    ) -> Result<Found, SkipReason> {
        do throws(SkipReason) {
            var found = try find(at: posed.path) { (width, height) throws(SkipReason) in
                guard width == camera.width && height == camera.height else {
                    throw SkipReason(
                        text: "is \(width) x \(height), its camera \(camera.width) x \(camera.height); "
                            + "give the camera of this size")
                }
            }
            if found.isKept || !keepsCells { found.content.cells = nil }
            return .success(found)
        } catch { return .failure(error) }
    }
}

extension ExtractedImage {
    fileprivate init(_ posed: PosedImage, _ found: ImageExtraction.Found, camera: Int) {
        self.init(
            name: posed.name, camera: camera, cameraFromMap: posed.cameraFromMap, features: found.content.features,
            globalDescriptor: found.content.globalDescriptor)
        uncertainty = posed.uncertainty
        key = found.key
        cells = found.content.cells
    }
}
