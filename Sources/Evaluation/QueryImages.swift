internal import Configuration
internal import Errors
internal import Features
internal import Files
package import Geometry
internal import ReferenceMap
package import Reporting

/// An image to localize and the camera that took it.
package struct QueryImage: Equatable, Sendable {
    /// As it was given, or as the list or the folder names it.
    package var name: String
    /// Where the file is.
    package var path: String
    /// Pixels of the image as it is in its file.
    package var camera: Camera
}

/// The images that `hfloc localize` is asked about.
package struct QueryImages {
    /// In the order given; of a folder in that of its file of poses, or of their names.
    package private(set) var images: [QueryImage]
    /// The one folder that they are of, for what else it says of them; nil for files and lists.
    package private(set) var folder: String?
    /// How sure the one camera's file is of focal length and principal point: the covariance of log f, cx, cy. Zero
    /// where nothing says so.
    package private(set) var calibration = Matrix3.zero
    /// What the folder holds that is in no list.
    package private(set) var unused: [UnusedInput] = []

    /// Images of one camera: files, and folders that stand for the images below them. Without a camera one folder in a
    /// layout with cameras and poses, of which the images marked 'query' are taken, or all if none is marked.
    ///
    /// - Parameters:
    ///   - paths: of the image files, or of folders.
    ///   - camera: as ``camera(_:)`` reads it; nil for a folder.
    /// - Throws: `Failure`, `ConfigurationError` of a camera file, `MapError` of a folder.
    package static func named(_ paths: [String], camera: String?) throws -> QueryImages {
        if let camera {
            let (intrinsics, record) = try self.recordedCamera(camera)
            var images = try of(intrinsics, paths)
            if let record {
                images.calibration = record.intrinsicCovariance(of: intrinsics, focalLength: intrinsics.focalLength)
            }
            return images
        }
        guard paths.count == 1, let folder = paths.first else {
            throw Failure(
                .usage, "--camera: is missing; give the camera of the images (a file, or 'MODEL WIDTH HEIGHT PARAMS')")
        }
        let set = try PosedImages(folder: folder)
        let queries = set.images(role: "query")
        let images = (queries.isEmpty ? set.images : queries).map {
            QueryImage(name: $0.name, path: $0.path, camera: set.cameras[$0.camera])
        }
        return QueryImages(images: images, folder: folder, unused: set.unused)
    }

    /// Of a folder its images are named relative to it if it stands alone, else with it.
    private static func of(_ camera: Camera, _ paths: [String]) throws -> QueryImages {
        var images: [QueryImage] = []
        for path in paths {
            guard (try? Folder.names(path)) != nil else {
                images.append(QueryImage(name: path, path: path, camera: camera))
                continue
            }
            var files = FileNames(in: path, where: ImageFileName.isImage)
            let names = files.all()
            guard !names.isEmpty else {
                throw Failure(.missingInput, "\(path): the folder has no images (.jpg, .jpeg, .png, .pgm)")
            }
            images += names.map {
                QueryImage(name: paths.count == 1 ? $0 : "\(path)/\($0)", path: "\(path)/\($0)", camera: camera)
            }
        }
        let isFolder = paths.count == 1 && images.first?.path != paths.first
        return QueryImages(images: images, folder: isFolder ? paths.first : nil)
    }

    /// A query list of the long-term visual localization benchmark: `NAME MODEL WIDTH HEIGHT PARAMS...` a line, in
    /// COLMAP's pixel convention. `#` begins a comment. A name may hold blanks.
    ///
    /// - Parameters:
    ///   - text: the list.
    ///   - path: where it comes from, for messages.
    ///   - root: the folder that the names are relative to.
    /// - Throws: `Failure` with the line, or because the list names no image.
    package static func listed(_ text: String, path: String, root: String) throws -> QueryImages {
        var queries: [QueryImage] = []
        var files = FileNames(in: root, where: ImageFileName.isImage)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let fields = line.split(whereSeparator: \.isWhitespace)
            guard let first = fields.first, !first.hasPrefix("#") else { continue }
            let model = fields.indices.dropFirst().first { ColmapCameraModel(name: String(fields[$0])) != nil } ?? 1
            let name = String(line[first.startIndex..<fields[model - 1].endIndex])
            do {
                let camera = try self.camera(fields: fields[model...].map(String.init), isColmap: true)
                queries.append(QueryImage(name: name, path: files.path(of: name), camera: camera))
            } catch {
                throw Failure(
                    .badData, "\(path):\(index + 1): \(error); lines are NAME MODEL WIDTH HEIGHT PARAMS...")
            }
        }
        guard !queries.isEmpty else { throw Failure(.badData, "\(path): names no image") }
        return QueryImages(images: queries, folder: nil)
    }

    /// A camera file, or `MODEL WIDTH HEIGHT PARAMS...` with the centre of the top-left pixel at (0, 0).
    ///
    /// - Throws: `Failure` for the values, `ConfigurationError` for a file.
    package static func camera(_ text: String) throws -> Camera { try recordedCamera(text).camera }

    /// The same, with what a file says beside it.
    private static func recordedCamera(_ text: String) throws -> (camera: Camera, record: CalibrationRecord?) {
        let fields = text.split(whereSeparator: \.isWhitespace).map(String.init)
        if fields.count > 3 {
            do {
                return (try camera(fields: fields, isColmap: false), nil)
            } catch {
                throw Failure(.usage, "--camera: \(error)")
            }
        }
        let file = try CameraFile(reading: text)
        return (file.camera, file.record)
    }

    private static func camera(fields: [String], isColmap: Bool) throws -> Camera {
        let name = fields.first ?? ""
        guard let model = CameraModel(rawValue: name) else {
            let known = CameraModel.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(.badData, "'\(name)' is not a camera model that is read; known are \(known)")
        }
        guard fields.count > 3 else { throw Failure(.badData, "\(name) lacks width, height and parameters") }
        let numbers = fields[3...].map(Double.init)
        guard let width = Int(fields[1]), let height = Int(fields[2]), !numbers.contains(nil) else {
            throw Failure(.badData, "width, height and parameters must be numbers")
        }
        let parameters = numbers.compactMap { $0 }
        return isColmap
            ? try Camera(colmapModel: model, parameters: parameters, width: width, height: height)
            : try Camera(model: model, parameters: parameters, width: width, height: height)
    }
}
