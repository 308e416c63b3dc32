internal import Configuration
internal import Errors
package import Geometry
internal import ReferenceMap

/// An image to localize and the camera that took it.
package struct QueryImage: Equatable, Sendable {
    /// As it was given, or as the list or the folder names it.
    package var name: String
    /// Where the file is.
    package var path: String
    /// Pixels of the image as it is in its file.
    package var camera: Camera
}

/// Where `hfloc localize` and `hfloc retrieve` take their images from.
package enum QueryImages {
    /// Image files of one camera, or one folder in a layout with cameras and poses, of which the images marked 'query'
    /// are taken, or all if none is marked.
    ///
    /// - Parameter camera: as ``camera(_:)`` reads it; nil for a folder.
    /// - Throws: ``Failure``, ``ConfigurationError`` of a camera file, ``MapError`` of a folder.
    package static func named(_ paths: [String], camera: String?) throws -> [QueryImage] {
        if let camera {
            let camera = try self.camera(camera)
            return paths.map { QueryImage(name: $0, path: $0, camera: camera) }
        }
        guard paths.count == 1, let folder = paths.first else {
            throw Failure(
                .usage, "--camera: is missing; give the camera of the images (a file, or 'MODEL WIDTH HEIGHT PARAMS')")
        }
        let set = try PosedImages(folder: folder)
        let queries = set.images(role: "query")
        return (queries.isEmpty ? set.images : queries).map {
            QueryImage(name: $0.name, path: $0.path, camera: set.cameras[$0.camera])
        }
    }

    /// A query list of the long-term visual localization benchmark: `NAME MODEL WIDTH HEIGHT PARAMS...` a line, in
    /// COLMAP's pixel convention. `#` begins a comment.
    ///
    /// - Parameters:
    ///   - text: the list.
    ///   - path: where it comes from, for messages.
    ///   - root: the folder that the names are relative to.
    /// - Throws: ``Failure`` with the line, or because the list names no image.
    package static func listed(_ text: String, path: String, root: String) throws -> [QueryImage] {
        var queries: [QueryImage] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let fields = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard let name = fields.first, !name.hasPrefix("#") else { continue }
            do {
                let camera = try self.camera(fields: Array(fields.dropFirst()), isColmap: true)
                queries.append(QueryImage(name: name, path: "\(root)/\(name)", camera: camera))
            } catch {
                throw Failure(
                    .badData, "\(path):\(index + 1): \(error); lines are NAME MODEL WIDTH HEIGHT PARAMS...")
            }
        }
        guard !queries.isEmpty else { throw Failure(.badData, "\(path): names no image") }
        return queries
    }

    /// A camera file, or `MODEL WIDTH HEIGHT PARAMS...` with the centre of the top-left pixel at (0, 0).
    ///
    /// - Throws: ``Failure`` for the values, ``ConfigurationError`` for a file.
    package static func camera(_ text: String) throws -> Camera {
        let fields = text.split(whereSeparator: \.isWhitespace).map(String.init)
        if fields.count > 3 {
            do {
                return try camera(fields: fields, isColmap: false)
            } catch {
                throw Failure(.usage, "--camera: \(error)")
            }
        }
        return try CameraFile(reading: text).camera
    }

    private static func camera(fields: [String], isColmap: Bool) throws -> Camera {
        guard fields.count > 3, let model = CameraModel(rawValue: fields[0]) else {
            let known = CameraModel.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(.badData, "not a camera model; known are \(known)")
        }
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
