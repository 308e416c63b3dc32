import Files
import Geometry

extension PoseTable {
    /// Of the COLMAP model in a folder.
    init(colmapModel folder: String) throws(MapError) {
        self.init(try ColmapModel.read(folder: folder, parts: .poses), folder)
    }

    /// Of the COLMAP model in `folder` or where COLMAP puts it below; nil if there is none. Of several the first kind
    /// of place counts, and of the models in `sparse/` the one with the most images; the others are noted.
    init?(colmapBelow folder: String) throws(MapError) {
        let present = Self.places(below: folder)
        guard let places = present.first else { return nil }
        var models: [(place: String, model: ColmapModel)] = []
        for place in places { models.append((place, try ColmapModel.read(folder: folder + place, parts: .poses))) }
        let most = models.map(\.model.images.count).max() ?? 0
        guard let chosen = models.first(where: { $0.model.images.count == most }) else { return nil }
        self.init(chosen.model, folder + chosen.place)
        let smaller = models.filter { $0.place != chosen.place }
        let taken = "\(chosen.place.dropFirst()), which is taken, has \(most) images"
        note(
            "COLMAP models", "are not used, since \(taken)",
            smaller.map { "\($0.place.dropFirst()) with \($0.model.images.count)" })
        note(
            "COLMAP models", "are not used, since there is one in \(folder + chosen.place)",
            present.dropFirst().flatMap { $0 }.map { String($0.dropFirst()) })
    }

    /// Where COLMAP models are, of each kind of place those with one.
    private static func places(below folder: String) -> [[String]] {
        let parts = ((try? Folder.names("\(folder)/sparse")) ?? []).map { "/sparse/\($0)" }
        return [[""], parts, ["/sparse"], ["/model"]]
            .map { $0.filter { ColmapModel.isPresent(in: folder + $0) } }.filter { !$0.isEmpty }
    }

    /// The places with COLMAP models, for a folder that has other poses: its own cameras.txt is no model's.
    static func colmapPlaces(below folder: String) -> [String] {
        places(below: folder).flatMap { $0 }.map { $0.isEmpty ? "images.txt or images.bin" : String($0.dropFirst()) }
    }

    private init(_ model: ColmapModel, _ folder: String) {
        var indices: [UInt32: Int] = [:]
        for raw in model.cameras {
            indices[raw.id] = cameras.count
            add(raw, file: "\(folder)/cameras", isColmap: true)
        }
        for image in model.images {
            guard let camera = indices[image.camera] else { continue }  // Checked by `ColmapModel.read`.
            rows.append(Row(name: image.name, camera: camera, cameraFromMap: image.cameraFromWorld))
        }
        note(
            "poses of images", "differ from those of their rigs and frames, which COLMAP goes by, and so does hfloc",
            model.composedImages)
        let (read, beside) = ColmapModel.isBinary(in: folder) ? ("binary", "txt") : ("text", "bin")
        note(
            "\(read == "text" ? "binary" : "text") files", "lie beside \(read) ones, which are read instead",
            ["cameras", "images", "rigs", "frames"].map { "\($0).\(beside)" }
                .filter { FileStatus.exists("\(folder)/\($0)") })
    }
}
