internal import Capture
package import Errors
internal import Features
internal import Files

/// The boards in image files.
package struct BoardImages: Sendable {
    /// What became of one image.
    package struct SearchedImage: Sendable {
        package var path: String
        package var detection: BoardDetection
        /// Nil where the image itself was not looked at.
        package var brightness: ImageBrightness?

        package init(path: String, detection: BoardDetection, brightness: ImageBrightness? = nil) {
            self.path = path
            self.detection = detection
            self.brightness = brightness
        }
    }

    /// Images that show no board for the same reason.
    package struct Absence: Sendable, Equatable {
        package var reason: String
        package var names: [String]

        package init(reason: String, names: [String]) {
            self.reason = reason
            self.names = names
        }
    }

    /// An image that cannot be used at all.
    package struct UnusableImage: Sendable {
        package var path: String
        /// Names the file and the cure.
        package var failure: Failure
        /// The same without the file.
        var reason: String {
            String(failure.description.replacing(path, with: "").drop { $0 == ":" || $0 == " " })
        }
    }

    /// In the order given; all of one size.
    package private(set) var images: [SearchedImage] = []
    /// Those that cannot be read, and those of another size than most: a batch goes on without them.
    package private(set) var unusable: [UnusableImage] = []
    /// What to say of the images' EXIF orientations, which are ignored; nil if all have the same.
    package private(set) var orientationWarning: String?

    /// What was found elsewhere.
    package init(_ images: [SearchedImage]) { self.images = images }

    /// Looks for the board in all images, several at a time.
    ///
    /// - Parameters:
    ///   - arguments: image files, and folders that stand for the images in them.
    ///   - board: what the corners lie on.
    ///   - progress: told after each image how many of how many have been looked at; on the thread that did.
    /// - Throws: `Failure` for a folder without images, `ImageError` if no image can be read, ``CalibrationError`` for
    ///   images of several sizes of which none has more than half of them.
    package init(
        _ arguments: [String], board: Board, progress: @escaping @Sendable (_ done: Int, _ count: Int) -> Void
    ) throws {
        let paths = try Self.expanded(arguments)
        let found = Self.examine(paths, BoardDetector(board: board), progress)
        let size = try Self.size(paths, found)
        var orientations = Orientations()
        for path in paths { orientations.add(path, name: path) }
        orientationWarning = orientations.warning
        for (path, result) in zip(paths, found) {
            switch result {
            case .failure(let error): unusable.append(UnusableImage(path: path, failure: Failure(describing: error)))
            case .success(let image) where (image.width, image.height) != size:
                let reason = """
                    \(path): is \(image.width) x \(image.height) pixels, most images are \(size.width) x \
                    \(size.height): a calibration holds for one size; give images of one camera mode only
                    """
                unusable.append(UnusableImage(path: path, failure: Failure(.badData, reason)))
            case .success(let image):
                images.append(
                    SearchedImage(path: path, detection: image.detection, brightness: image.brightness))
            }
        }
        if images.isEmpty, case .failure(let error)? = found.first { throw error }
    }

    /// The size that more than half of the images have.
    private static func size(
        _ paths: [String], _ found: [Result<Found, ImageError>]
    ) throws(CalibrationError) -> (width: Int, height: Int) {
        var groups: [CalibrationError.ImageGroup] = []
        for (path, result) in zip(paths, found) {
            guard case .success(let image) = result else { continue }
            if let i = groups.firstIndex(where: { $0.width == image.width && $0.height == image.height }) {
                groups[i].count += 1
            } else {
                groups.append(.init(width: image.width, height: image.height, count: 1, example: path))
            }
        }
        groups.sort { $0.count > $1.count }
        let count = groups.reduce(0) { $0 + $1.count }
        if groups.count > 1, 2 * groups[0].count <= count { throw .mixedSizes(groups) }
        return groups.first.map { ($0.width, $0.height) } ?? (0, 0)
    }

    /// Those that show the board.
    package var views: [BoardView] { images.compactMap(\.detection.view) }

    /// How many images were looked at, used or not.
    package var count: Int { images.count + unusable.count }

    /// Where the lens lights the image, if that is a circle.
    package var circle: ImageCircle? {
        ImageBrightness.joined(images.compactMap(\.brightness))?
            .circle(around: views.flatMap { $0.corners.map(\.pixel) })
    }

    /// The reasons why images show no board or cannot be used, the most frequent first.
    package var absences: [Absence] {
        var result: [Absence] = []
        func add(_ path: String, _ reason: String) {
            if let i = result.firstIndex(where: { $0.reason == reason }) {
                result[i].names.append(path)
            } else {
                result.append(Absence(reason: reason, names: [path]))
            }
        }
        for image in images {
            if case .absent(let why) = image.detection { add(image.path, why.description) }
        }
        for image in unusable { add(image.path, image.reason) }
        return result.sorted { $0.names.count > $1.names.count }
    }

    private typealias Found = (width: Int, height: Int, detection: BoardDetection, brightness: ImageBrightness)

    private static func examine(
        _ paths: [String], _ detector: BoardDetector, _ progress: @escaping @Sendable (Int, Int) -> Void
    ) -> [Result<Found, ImageError>] {
        let done = Latest(0)
        let found: [Result<Found, ImageError>?] = concurrently(paths.count) { index in
            var image = GreyImage(width: 1, height: 1)
            defer {
                done.update { count in
                    count += 1
                    progress(count, paths.count)
                }
            }
            do throws(ImageError) {
                try ImageFile.readGrey(paths[index], into: &image)
            } catch {
                return .failure(error)
            }
            let detection = detector.examine(image, name: paths[index])
            return .success((image.width, image.height, detection, ImageBrightness(image)))
        }
        return found.compactMap { $0 }
    }

    /// The image files that command line arguments stand for: of a folder its images, by name.
    ///
    /// - Throws: `Failure` for a folder without images.
    package static func expanded(_ arguments: [String]) throws -> [String] {
        var paths: [String] = []
        for argument in arguments {
            guard let names = try? Folder.names(argument) else {
                paths.append(argument)
                continue
            }
            let images = names.filter(ImageFileName.isImage)
            guard !images.isEmpty else {
                throw Failure(
                    .missingInput,
                    """
                    \(argument): the folder has no images (.jpg, .jpeg, .png, .pgm); \
                    give the folder with the views of the board
                    """
                )
            }
            let folder = argument.hasSuffix("/") ? String(argument.dropLast()) : argument
            paths += images.map { "\(folder)/\($0)" }
        }
        return paths
    }
}
