internal import ArgumentParser
internal import Capture
internal import Configuration
internal import Errors
internal import Features
internal import Geometry
internal import Inference
internal import Localizer
internal import ReferenceMap

/// The options that every localizing command has.
struct LocalizationArguments: ParsableArguments {
    @Option(help: "The map file, as `hfloc map build` wrote it.")
    var map: String
    @Option(help: "The model file. Default: $HFLOC_MODEL, then the installed one.")
    var model: String?
    @Option(help: "Most keypoints of a query image (the daemon, which has less time, takes 1000).")
    var keypoints = 2000
    @Option(help: "Prior frames that retrieval proposes.")
    var priors = LocalizerOptions().priors
    @Option(help: "Largest reprojection error of an inlier, pixels of the network's input.")
    var threshold = LocalizerOptions().inlierThreshold

    func validate() throws {
        guard (16...8192).contains(keypoints) else { throw ValidationError("--keypoints: 16...8192") }
        guard (1...200).contains(priors) else { throw ValidationError("--priors: 1...200") }
        guard threshold > 0, threshold <= 100 else { throw ValidationError("--threshold: above 0, at most 100 pixels") }
    }
}

/// Model and map, opened, with a localizer for each camera that the images have.
final class Session {
    let model: Model
    let map: ReferenceMap
    private let options: LocalizerOptions
    private var localizers: [(camera: Camera, localizer: Localizer)] = []
    private var image = GreyImage(width: 1, height: 1)

    init(_ arguments: LocalizationArguments) throws {
        model = try Model(opening: InstalledModel.resolve(arguments.model))
        map = try ReferenceMap(opening: arguments.map)
        var options = LocalizerOptions()
        options.maximumKeypoints = arguments.keypoints
        options.priors = arguments.priors
        options.inlierThreshold = arguments.threshold
        options.longSide = map.longSide
        self.options = options
    }

    /// The localizer for frames of `camera`, made on first use.
    func localizer(for camera: Camera) throws -> Localizer {
        if let known = localizers.first(where: { $0.camera == camera }) { return known.localizer }
        let localizer = try Localizer(model: model, map: map, camera: camera, options: options)
        localizers.append((camera, localizer))
        return localizer
    }

    /// Reads an image and makes sure that it is what the camera's intrinsics were given for.
    func read(_ path: String, for camera: Camera) throws -> GreyImage {
        try ImageFile.readGrey(path, into: &image)
        guard image.width == camera.width, image.height == camera.height else {
            throw Failure(
                .badData,
                "\(path): size \(image.width)x\(image.height), but its camera is for \(camera.width)x\(camera.height); "
                    + "give intrinsics of this size")
        }
        return image
    }
}
