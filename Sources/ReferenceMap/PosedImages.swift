import Files
public import Geometry

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

    /// An image of known pose; whether its file exists is not looked at.
    public init(name: String, path: String, camera: Int, cameraFromMap: RigidTransform, role: String = "map") {
        self.name = name
        self.path = path
        self.camera = camera
        self.cameraFromMap = cameraFromMap
        self.role = role
    }
}

/// A folder of images with poses and cameras. Two layouts are read:
///
/// - cameras.txt, poses.txt, images/ and, if there are such, split.txt and priors.txt (Formats.md), pixels in this
///   project's convention;
/// - a COLMAP model (text or binary) in the folder, in `sparse/0`, `sparse` or `model`, the images in `images/` or the
///   folder itself, pixels in COLMAP's convention. A split.txt and a priors.txt beside it are read too.
public struct PosedImages: Sendable {
    /// The folder or COLMAP model as the caller named it, for messages.
    public let folder: String
    /// Of the images as they are in their files; pixels in this project's convention.
    public private(set) var cameras: [Camera] = []
    /// In the order of the pose file.
    public private(set) var images: [PosedImage] = []
    /// Names in priors.txt that no image has.
    public private(set) var priorsOfNoImage: [String] = []

    /// Reads the folder; the image files themselves are not opened.
    public init(folder: String) throws(MapError) {
        self.folder = folder
        guard FileStatus.exists(folder) else {
            throw MapError(.missing, file: folder, field: "folder", problem: "does not exist", cure: "check the path")
        }
        let split = try Self.readSplit("\(folder)/split.txt")
        let imageFolder = FileStatus.exists("\(folder)/images") ? "\(folder)/images" : folder
        if FileStatus.exists("\(folder)/poses.txt") {
            try readPoses(folder, imageFolder, split)
        } else if let model = Self.colmapFolder(in: folder) {
            try readColmap(model, imageFolder, split)
        } else {
            throw MapError(
                .missing, file: folder, field: "folder", problem: "has neither poses.txt nor a COLMAP model",
                cure: "give a folder with cameras.txt, poses.txt and images/, or with a COLMAP model")
        }
        try requireImages()
        try readPriors("\(folder)/priors.txt")
    }

    private mutating func readPriors(_ path: String) throws(MapError) {
        var priors = try PoseUncertainty.read(path)
        for index in images.indices { images[index].uncertainty = priors.removeValue(forKey: images[index].name) }
        priorsOfNoImage = priors.keys.sorted()
    }

    /// The images of the COLMAP model in `colmapModel`, all with the role `map`; their names are relative to
    /// `imageFolder`.
    public init(colmapModel: String, imageFolder: String) throws(MapError) {
        folder = colmapModel
        guard FileStatus.exists(imageFolder) else {
            throw MapError(
                .missing, file: imageFolder, field: "folder", problem: "does not exist", cure: "check the path")
        }
        try readColmap(colmapModel, imageFolder, nil)
        try requireImages()
    }

    private func requireImages() throws(MapError) {
        guard !images.isEmpty else {
            throw MapError(
                .input, file: folder, field: "poses", problem: "there is no image with a pose", cure: "add poses")
        }
    }

    /// The images whose role is `role`, in order.
    public func images(role: String) -> [PosedImage] { images.filter { $0.role == role } }

    private static func colmapFolder(in folder: String) -> String? {
        ["", "/sparse/0", "/sparse", "/model"].map { folder + $0 }.first(where: ColmapModel.isPresent)
    }

    /// NAME ROLE lines; nil where there is no such file.
    private static func readSplit(_ path: String) throws(MapError) -> [String: String]? {
        guard FileStatus.exists(path) else { return nil }
        var lines = try TextLines(reading: path, atMost: 1 << 30)
        var roles: [String: String] = [:]
        while let fields = lines.next() {
            guard fields.count == 2 else { throw lines.error("split", "needs NAME and a role (map, query, off-map)") }
            guard roles.updateValue(String(fields[1]), forKey: String(fields[0])) == nil else {
                throw lines.error("NAME", "'\(fields[0])' occurs twice")
            }
        }
        return roles
    }

    private mutating func readPoses(
        _ folder: String, _ imageFolder: String, _ split: [String: String]?
    ) throws(MapError) {
        let cameraFile = "\(folder)/cameras.txt"
        var indices: [UInt32: Int] = [:]
        for raw in try ColmapModel.readCamerasText(cameraFile) {
            let index = cameras.count
            guard indices.updateValue(index, forKey: raw.id) == nil else {
                throw MapError(
                    .damaged, file: cameraFile, field: "CAMERA_ID", problem: "camera \(raw.id) occurs twice",
                    cure: "give each camera its own id")
            }
            cameras.append(try Self.camera(raw, file: cameraFile, isColmap: false))
        }
        let poseFile = "\(folder)/poses.txt"
        var lines = try TextLines(reading: poseFile, atMost: 1 << 30)
        var names: Set<String> = []
        while let fields = lines.next() {
            guard fields.count == 9 else {
                throw lines.error("pose", "needs NAME CAMERA_ID QW QX QY QZ TX TY TZ (no blanks in NAME)")
            }
            let name = String(fields[0])
            guard ImageName.isSafe(name) else { throw lines.error("NAME", ImageName.rule) }
            guard names.insert(name).inserted else { throw lines.error("NAME", "'\(name)' occurs twice") }
            let id = try lines.integer(fields[1], "CAMERA_ID", in: UInt32.min...UInt32.max)
            guard let camera = indices[id] else {
                throw lines.error("CAMERA_ID", "there is no camera \(id) in cameras.txt")
            }
            let pose = try ColmapModel.readPose(fields[2...8], lines)
            append(name, imageFolder, camera, pose, split)
        }
    }

    private mutating func readColmap(
        _ modelFolder: String, _ imageFolder: String, _ split: [String: String]?
    ) throws(MapError) {
        let model = try ColmapModel.read(folder: modelFolder, parts: .poses)
        var indices: [UInt32: Int] = [:]
        for raw in model.cameras {
            indices[raw.id] = cameras.count
            cameras.append(try Self.camera(raw, file: "\(modelFolder)/cameras", isColmap: true))
        }
        for image in model.images {
            guard let camera = indices[image.camera] else { continue }  // Checked by `ColmapModel.read`.
            append(image.name, imageFolder, camera, image.cameraFromWorld, split)
        }
    }

    /// An image that split.txt does not name has no role and is in no list but ``images``.
    private mutating func append(
        _ name: String, _ imageFolder: String, _ camera: Int, _ pose: RigidTransform, _ split: [String: String]?
    ) {
        let role = split.map { $0[name] ?? "" } ?? "map"
        images.append(
            PosedImage(name: name, path: "\(imageFolder)/\(name)", camera: camera, cameraFromMap: pose, role: role))
    }

    private static func camera(_ raw: ColmapModel.Camera, file: String, isColmap: Bool) throws(MapError) -> Camera {
        let field = "camera \(raw.id)"
        guard let model = CameraModel(rawValue: raw.model) else {
            let known = CameraModel.allCases.map(\.rawValue).joined(separator: ", ")
            throw MapError(
                .input, file: file, field: "\(field), MODEL", problem: "\(raw.model) is not supported",
                cure: "use one of \(known); COLMAP's image_undistorter makes PINHOLE images")
        }
        do {
            if isColmap {
                return try Camera(
                    colmapModel: model, parameters: raw.parameters, width: raw.width, height: raw.height)
            }
            return try Camera(model: model, parameters: raw.parameters, width: raw.width, height: raw.height)
        } catch {
            throw MapError(.damaged, file: file, field: field, problem: "\(error)", cure: "correct the camera")
        }
    }
}

/// The name of an image in a folder: a relative path that stays inside it.
enum ImageName {
    static let rule = "an image's name is a relative path without blanks and without '..'"

    static func isSafe(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= 4096, !name.hasPrefix("/") else { return false }
        guard name.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }) else { return false }
        return name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty && $0 != "." && $0 != ".."
        }
    }
}
