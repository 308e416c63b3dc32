internal import Capture
internal import Errors
package import Features
package import Geometry
internal import Inference
package import Integrity
package import LocalizationOptions
package import Localizer
internal import ReferenceMap

/// A model and a map, opened, with a localizer for each of the cameras that images had lately.
package final class OfflineLocalizer {
    /// Cameras whose localizers are kept: those of a rig, not the thousands of a collection in which each image has its
    /// own. A localizer holds about 5 MB, and is made in some milliseconds.
    package static let mostLocalizers = 8

    private let model: Model
    private let map: ReferenceMap
    private let options: LocalizerOptions
    private let networkDelay: Int
    /// How sure the focal length and principal point of every camera are: the covariance of log f, cx, cy, in pixels of
    /// the images.
    package var calibration = Matrix3.zero
    /// The one that was used last comes last.
    private var localizers: [(camera: Camera, localizer: Localizer)] = []
    private var image = GreyImage(width: 1, height: 1)

    /// - Parameters:
    ///   - model: path of the model file.
    ///   - map: path of the map file.
    ///   - options: of every localizer; the long side is the map's.
    ///   - networkDelay: with cheap frames, how many frames the network takes behind them; 0: frames wait for it.
    /// - Throws: `ModelError` or `MapError` of a file that is missing or damaged, or of a map that another model made.
    package init(model: String, map: String, options: LocalizerOptions, networkDelay: Int = 0) throws {
        self.networkDelay = networkDelay
        self.model = try Model(opening: model)
        self.map = try ReferenceMap(opening: map)
        try self.map.require(modelID: self.model.modelID, orWeights: self.model.weightsID)
        var options = options
        options.longSide = self.map.longSide
        self.options = options
    }

    /// Where the map is on the Earth; nil where it does not know.
    package var origin: GeodeticPosition? { map.origin }

    /// How many localizers are kept; at most ``mostLocalizers``.
    package var localizerCount: Int { localizers.count }

    /// What the images so far say of each camera that is kept, in pixels of the images.
    package var calibrations: [CalibrationVerdict] { localizers.compactMap(\.localizer.calibration) }

    /// Reads an image and localizes it.
    ///
    /// - Parameters:
    ///   - path: of the image.
    ///   - camera: that took it.
    ///   - captureTime: of the image in its drive, nanoseconds.
    ///   - follows: whether the image goes on where the one before it of the same camera ended; else it is localized on
    ///     its own, through retrieval.
    /// - Throws: what is wrong with this image alone: `ImageError`, `LocalizerError` if it is too small for the
    ///   network, or `Failure` for an image of another size than its camera's.
    package func localize(
        _ path: String, camera: Camera, captureTime: UInt64, follows: Bool
    ) throws -> LocalizedImage {
        try read(path, for: camera)
        /// Which keeps its keypoints and correspondences until the next image.
        let localizer = try localizer(for: camera)
        localizer.isDrive = follows
        if !follows { localizer.forget() }
        let turn = networkDelay > 0 ? localizer.turn(ofDelay: networkDelay) : .atOnce
        return LocalizedImage(
            grey: image, result: localizer.localize(image, captureTime: captureTime, told: turn), localizer: localizer)
    }

    /// The localizer for frames of `camera`, made on first use, and anew if it was dropped for others since.
    private func localizer(for camera: Camera) throws(LocalizerError) -> Localizer {
        if let index = localizers.firstIndex(where: { $0.camera == camera }) {
            localizers.append(localizers.remove(at: index))
        } else {
            if localizers.count == Self.mostLocalizers { localizers.removeFirst() }
            let localizer = try Localizer(
                model: model, map: map, camera: camera, calibration: calibration, options: options,
                runner: networkDelay > 0 ? .adopter : .none)
            localizers.append((camera, localizer))
        }
        return localizers[localizers.count - 1].localizer
    }

    /// Reads an image and makes sure that it is what the camera's intrinsics were given for.
    private func read(_ path: String, for camera: Camera) throws {
        try ImageFile.readGrey(path, into: &image)
        guard image.width == camera.width, image.height == camera.height else {
            throw Failure(
                .badData,
                "\(path): size \(image.width)x\(image.height), but its camera is for \(camera.width)x\(camera.height); "
                    + "give intrinsics of this size")
        }
    }
}

/// An image, what localizing it gave, and the localizer, which knows the keypoints and correspondences until it is
/// given another image.
package struct LocalizedImage {
    /// The image as it was read.
    package let grey: GreyImage
    /// What the localizer said of it.
    package let result: Localization
    package let localizer: Localizer
}
