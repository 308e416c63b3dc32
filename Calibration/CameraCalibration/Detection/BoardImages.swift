internal import Capture
internal import Errors
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

    /// In the order given.
    package private(set) var images: [SearchedImage] = []

    /// What was found elsewhere.
    package init(_ images: [SearchedImage]) { self.images = images }

    /// Looks for the board in all images, several at a time.
    ///
    /// - Parameters:
    ///   - arguments: image files, and folders that stand for the images in them.
    ///   - board: what the corners lie on.
    ///   - progress: told after each image how many of how many have been looked at; on the thread that did.
    /// - Throws: `Failure` for a folder without images, `ImageError`, ``CalibrationError`` for images of several
    ///   sizes.
    package init(
        _ arguments: [String], board: Board, progress: @escaping @Sendable (_ done: Int, _ count: Int) -> Void
    ) throws {
        let paths = try Self.expanded(arguments)
        let found = Self.examine(paths, BoardDetector(board: board), progress)
        var groups: [CalibrationError.ImageGroup] = []
        for (path, result) in zip(paths, found) {
            guard let image = try result?.get() else { continue }
            if let i = groups.firstIndex(where: { $0.width == image.width && $0.height == image.height }) {
                groups[i].count += 1
            } else {
                groups.append(.init(width: image.width, height: image.height, count: 1, example: path))
            }
            images.append(SearchedImage(path: path, detection: image.detection, brightness: image.brightness))
        }
        if groups.count > 1 { throw CalibrationError.mixedSizes(groups.sorted { $0.count > $1.count }) }
    }

    /// Those that show the board.
    package var views: [BoardView] { images.compactMap(\.detection.view) }

    /// Where the lens lights the image, if that is a circle.
    package var circle: ImageCircle? {
        ImageBrightness.joined(images.compactMap(\.brightness))?
            .circle(around: views.flatMap { $0.corners.map(\.pixel) })
    }

    /// The reasons why images show no board, the most frequent first.
    package var absences: [Absence] {
        var result: [Absence] = []
        for image in images {
            guard case .absent(let why) = image.detection else { continue }
            if let i = result.firstIndex(where: { $0.reason == why.description }) {
                result[i].names.append(image.path)
            } else {
                result.append(Absence(reason: why.description, names: [image.path]))
            }
        }
        return result.sorted { $0.names.count > $1.names.count }
    }

    private typealias Found = (width: Int, height: Int, detection: BoardDetection, brightness: ImageBrightness)

    /// After an image that cannot be read no other is begun.
    private static func examine(
        _ paths: [String], _ detector: BoardDetector, _ progress: @escaping @Sendable (Int, Int) -> Void
    ) -> [Result<Found, ImageError>?] {
        let done = Latest(0)
        return concurrently(paths.count) { result in
            if case .failure = result { false } else { true }
        } _: { index in
            var image = GreyImage(width: 1, height: 1)
            do throws(ImageError) {
                try ImageFile.readGrey(paths[index], into: &image)
            } catch {
                return .failure(error)
            }
            let detection = detector.examine(image, name: paths[index])
            done.update { count in
                count += 1
                progress(count, paths.count)
            }
            return .success((image.width, image.height, detection, ImageBrightness(image)))
        }
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
            let images = names.filter(ImageFile.hasImageName)
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
