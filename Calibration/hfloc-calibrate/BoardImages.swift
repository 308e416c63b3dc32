internal import CameraCalibration
internal import Capture
internal import Errors
internal import Features
internal import Files

/// The boards in a command's images.
struct BoardImages {
    /// What became of one image.
    struct SearchedImage {
        var path: String
        var detection: BoardDetection
    }

    var images: [SearchedImage] = []
    var views: [BoardView] { images.compactMap(\.detection.view) }

    /// Looks for the board in all images; folders stand for the images in them.
    /// - Throws: `Failure`, `ImageError`, `CalibrationError` for images of several sizes.
    init(_ arguments: [String], board: Board, showsProgress: Bool) throws {
        let paths = try Self.expanded(arguments)
        let detector = BoardDetector(board: board)
        let found = Self.examine(paths, detector, showsProgress)
        var groups: [CalibrationError.ImageGroup] = []
        for (path, result) in zip(paths, found) {
            guard let image = try result?.get() else { continue }
            if let i = groups.firstIndex(where: { $0.width == image.width && $0.height == image.height }) {
                groups[i].count += 1
            } else {
                groups.append(.init(width: image.width, height: image.height, count: 1, example: path))
            }
            images.append(SearchedImage(path: path, detection: image.detection))
        }
        if showsProgress { StandardError.write("\r\u{1B}[K") }
        if groups.count > 1 { throw CalibrationError.mixedSizes(groups.sorted { $0.count > $1.count }) }
    }

    private typealias Found = (width: Int, height: Int, detection: BoardDetection)

    /// Several images at a time. After one that cannot be read no other is begun.
    private static func examine(
        _ paths: [String], _ detector: BoardDetector, _ showsProgress: Bool
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
                if showsProgress {
                    StandardError.write("\rlooked for the board in \(count) of \(paths.count) images")
                }
            }
            return .success((image.width, image.height, detection))
        }
    }

    /// The reasons why images show no board, the most frequent first.
    var absences: [(reason: String, names: [String])] {
        var result: [(reason: String, names: [String])] = []
        for image in images {
            guard case .absent(let why) = image.detection else { continue }
            if let i = result.firstIndex(where: { $0.reason == why.description }) {
                result[i].names.append(image.path)
            } else {
                result.append((why.description, [image.path]))
            }
        }
        return result.sorted { $0.names.count > $1.names.count }
    }

    static func expanded(_ arguments: [String]) throws -> [String] {
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
