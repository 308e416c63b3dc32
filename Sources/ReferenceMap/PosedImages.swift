import Features
import Files
public import Geometry
public import Reporting

/// An image whose camera pose is known.
public struct PosedImage: Sendable, Equatable {
    /// As the pose file names it; relative to the folder of the images.
    public var name: String
    /// Where the image file is.
    public var path: String
    /// Index into ``PosedImages/cameras``.
    public var camera: Int
    /// From the map frame into the camera's (x right, y down, z forward), metres.
    public var cameraFromMap: RigidTransform
    /// The word of split.txt: `map`, `query`, `off-map` or any other; `map` where there is no split.txt, empty where it
    /// does not name the image.
    public var role: String
    /// How far the pose may be off, of priors.txt; nil where that does not say.
    public var uncertainty: PoseUncertainty?
    /// Where satellites saw the camera, of gnss.txt; nil where that does not say.
    public var fix: SatelliteFix?

    /// An image of known pose; whether its file exists is not looked at.
    public init(name: String, path: String, camera: Int, cameraFromMap: RigidTransform, role: String = "map") {
        self.name = name
        self.path = path
        self.camera = camera
        self.cameraFromMap = cameraFromMap
        self.role = role
    }
}

/// A folder of images with poses and cameras. These layouts are read, the first that is there:
///
/// - cameras.txt, poses.txt, images/ and, if there are such, split.txt and priors.txt (Formats.md), pixels in this
///   project's convention;
/// - a COLMAP model (text or binary) in the folder, in `sparse/N` (the largest), `sparse` or `model`;
/// - OpenSfM's reconstruction.json;
/// - a transforms.json of nerfstudio or instant-ngp, or transforms_train.json with transforms_val.json and
///   transforms_test.json.
///
/// The images are in `images/` or the folder itself. A split.txt and a priors.txt beside any of them are read too, and
/// a gnss.txt.
public struct PosedImages: Sendable {
    /// The folder or COLMAP model as the caller named it, for messages.
    public let folder: String
    /// Those that images have, as the images are in their files; pixels in this project's convention.
    public private(set) var cameras: [Camera] = []
    /// In the order of the pose file.
    public package(set) var images: [PosedImage] = []
    /// How poses stand in the file, where that is not as they stand here: what ``PosedImage/cameraFromMap`` means has
    /// been made of them.
    public private(set) var poseConvention: String?
    /// What the folder holds that is in no list.
    public private(set) var unused: [UnusedInput] = []

    /// Reads the folder; the image files themselves are not opened.
    public init(folder: String) throws(MapError) {
        self.folder = folder
        guard FileStatus.exists(folder) else {
            throw MapError(.missing, file: folder, field: "folder", problem: "does not exist", cure: "check the path")
        }
        let split = try Split(folder: folder)
        let imageFolder = FileStatus.exists("\(folder)/images") ? "\(folder)/images" : folder
        guard let table = try PoseTable(folder: folder, imageFolder: imageFolder) else {
            throw MapError(
                .missing, file: folder, field: "folder",
                problem: "has neither poses.txt nor a COLMAP model, reconstruction.json or transforms.json",
                cure: "give a folder with cameras.txt, poses.txt and images/, or with one of the others")
        }
        try assemble(table, imageFolder, split)
        try readPriors("\(folder)/priors.txt")
        try readFixes("\(folder)/gnss.txt")
    }

    private mutating func readFixes(_ path: String) throws(MapError) {
        var fixes = try SatelliteFix.read(path)
        for index in images.indices { images[index].fix = fixes.removeValue(forKey: images[index].name) }
        note("names in gnss.txt", "match no image with a pose", fixes.keys.sorted())
    }

    private mutating func readPriors(_ path: String) throws(MapError) {
        var priors = try PoseUncertainty.read(path)
        for index in images.indices { images[index].uncertainty = priors.removeValue(forKey: images[index].name) }
        note("names in priors.txt", "match no image with a pose", priors.keys.sorted())
    }

    /// The images of a reconstruction whose files are in `model` (a folder with a COLMAP model, or with OpenSfM's
    /// reconstruction.json or a transforms.json), all with the role `map`; their names are relative to `imageFolder`.
    public init(model: String, imageFolder: String) throws(MapError) {
        folder = model
        guard FileStatus.exists(imageFolder) else {
            throw MapError(
                .missing, file: imageFolder, field: "folder", problem: "does not exist", cure: "check the path")
        }
        let isColmap = ColmapModel.isPresent(in: model)
        if !isColmap, let table = try PoseTable(jsonIn: model, imageFolder: imageFolder) {
            try assemble(table, imageFolder, nil)
        } else {
            try assemble(try PoseTable(colmapModel: model), imageFolder, nil)
            note("files with poses", "are not used, since there is a COLMAP model", PoseTable.jsonFiles(in: model))
        }
    }

    /// Images that came about otherwise; `folder` names them in messages.
    package init(folder: String, cameras: [Camera], images: [PosedImage]) {
        (self.folder, self.cameras, self.images) = (folder, cameras, images)
    }

    /// The images whose role is `role`, in order.
    public func images(role: String) -> [PosedImage] { images.filter { $0.role == role } }

    /// Joins what is stated with the files that are there, and notes what has no counterpart.
    private mutating func assemble(_ table: PoseTable, _ imageFolder: String, _ split: Split?) throws(MapError) {
        guard !table.rows.isEmpty else {
            throw MapError(
                .input, file: folder, field: "poses", problem: "there is no image with a pose", cure: "add poses")
        }
        let used = Set(table.rows.map(\.camera))
        var indices: [Int: Int] = [:]
        for (number, stated) in table.cameras.enumerated() where used.contains(number) {
            indices[number] = cameras.count
            cameras.append(try stated.camera.get())
        }
        var files = FileNames(in: imageFolder, where: ImageFileName.isImage)
        for row in table.rows {
            images.append(
                PosedImage(
                    name: row.name, path: files.path(of: row.name), camera: indices[row.camera] ?? 0,
                    cameraFromMap: row.cameraFromMap, role: split?.role(of: row.name) ?? row.role))
        }
        unused = table.unused
        poseConvention = table.poseConvention
        note(
            "cameras", "are used by no image",
            table.cameras.indices.filter { !used.contains($0) }.map {
                table.cameras[$0].name
            })
        noteLeftOver(files.all(), split)
    }

    /// Files without a pose, names of split.txt that have neither or only a file, and poses that it does not name.
    private mutating func noteLeftOver(_ files: [String], _ split: Split?) {
        let posed = Set(images.map(\.name))
        let present = Set(files)
        // What must not be localized needs no pose.
        let poseless = split?.names.filter { !posed.contains($0.name) } ?? []
        note(
            "names in split.txt", "match no image",
            poseless.filter { !present.contains($0.name) }.map(\.name))
        note(
            "names in split.txt", "have no pose",
            poseless.filter { present.contains($0.name) && $0.role != "off-map" }.map(\.name))
        if let split {
            note(
                "images with a pose", "are not named in split.txt, and so are in no list",
                images.map(\.name).filter { split.role(of: $0).isEmpty })
        }
        let named = Set(poseless.map(\.name))
        note("images", "have no pose", files.filter { !posed.contains($0) && !named.contains($0) })
    }

    private mutating func note(_ what: String, _ reason: String, _ names: [String]) {
        if let unused = UnusedInput(what, reason, names) { self.unused.append(unused) }
    }
}
