internal import Capture
internal import Errors
package import Features
package import Geometry
internal import Inference
package import LocalizationOptions
package import Localizer
internal import ReferenceMap

/// A model and a map, opened, with a localizer for each camera that the images have.
package final class OfflineLocalizer {
    private let model: Model
    private let map: ReferenceMap
    private let options: LocalizerOptions
    private var localizers: [(camera: Camera, localizer: Localizer)] = []
    private var image = GreyImage(width: 1, height: 1)

    /// - Parameters:
    ///   - model: path of the model file.
    ///   - map: path of the map file.
    ///   - options: of every localizer; the long side is the map's.
    /// - Throws: ``ModelError`` or ``MapError`` of a file that is missing or damaged.
    package init(model: String, map: String, options: LocalizerOptions) throws {
        self.model = try Model(opening: model)
        self.map = try ReferenceMap(opening: map)
        var options = options
        options.longSide = self.map.longSide
        self.options = options
    }

    /// Reads an image and localizes it.
    ///
    /// - Parameters:
    ///   - captureTime: of the image in its drive, nanoseconds.
    ///   - follows: whether the image goes on where the one before it of the same camera ended; else it is localized on
    ///     its own, through retrieval.
    /// - Throws: ``ImageError``, ``LocalizerError`` if map, model and camera do not fit, or ``Failure`` for an image of
    ///   another size than its camera's.
    package func localize(
        _ path: String, camera: Camera, captureTime: UInt64, follows: Bool
    ) throws -> LocalizedImage {
        let localizer = try localizer(for: camera)
        try read(path, for: camera)
        if !follows { localizer.forget() }
        return LocalizedImage(
            grey: image, result: localizer.localize(image, captureTime: captureTime), localizer: localizer)
    }

    /// The localizer for frames of `camera`, made on first use.
    private func localizer(for camera: Camera) throws(LocalizerError) -> Localizer {
        if let known = localizers.first(where: { $0.camera == camera }) { return known.localizer }
        let localizer = try Localizer(model: model, map: map, camera: camera, options: options)
        localizers.append((camera, localizer))
        return localizer
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
    package let grey: GreyImage
    package let result: Localization
    package let localizer: Localizer
}
