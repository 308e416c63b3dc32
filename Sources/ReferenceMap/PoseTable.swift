import Files
import Geometry
import Reporting

/// What a folder says of its images, whatever its layout, before it is joined with the image files and with split.txt.
struct PoseTable {
    /// A camera as it is stated. What is wrong with it is an error only where an image has it.
    struct StatedCamera {
        /// As messages name it, such as `camera 3`.
        let name: String
        let camera: Result<Camera, MapError>
    }

    struct Row {
        /// Relative to the folder of the images.
        let name: String
        /// Index into ``PoseTable/cameras``.
        let camera: Int
        let cameraFromMap: RigidTransform
        /// What the layout's own files say the image is for; where there is a split.txt, that counts.
        var role = "map"
    }

    /// In the order of the file.
    var cameras: [StatedCamera] = []
    /// In the order of the file; each name once.
    var rows: [Row] = []
    /// How poses stand in the file, if not as camera from map with x right, y down, z forward.
    var poseConvention: String?
    /// What the layout's own files hold that is not used.
    var unused: [UnusedInput] = []
}

extension PoseTable {
    /// Of the first layout that a folder has; nil if it has none. The others that are there are noted.
    init?(folder: String, imageFolder: String) throws(MapError) {
        let json = Self.jsonFiles(in: folder)
        if FileStatus.exists("\(folder)/poses.txt") {
            try self.init(textFolder: folder)
            note("files with poses", "are not used, since there is a poses.txt", json)
            note("COLMAP models", "are not used, since there is a poses.txt", Self.colmapPlaces(below: folder))
        } else if let table = try PoseTable(colmapBelow: folder) {
            self = table
            note("files with poses", "are not used, since there is a COLMAP model", json)
        } else if let table = try PoseTable(jsonIn: folder, imageFolder: imageFolder) {
            self = table
            note("files with poses", "are not used, since there is a \(json.first ?? "")", Self.leftOver(json))
        } else {
            return nil
        }
    }

    /// The files that ``init(jsonIn:imageFolder:)`` looks for, those that are there, in the order of their precedence.
    static func jsonFiles(in folder: String) -> [String] {
        (["reconstruction.json", "transforms.json"] + transformsRoles.map { "transforms_\($0.list).json" })
            .filter { FileStatus.exists("\(folder)/\($0)") }
    }

    /// Of those, what is not read: the lists transforms_train.json and its like are read together.
    private static func leftOver(_ files: [String]) -> [String] {
        files.first?.hasPrefix("transforms_") == true ? [] : Array(files.dropFirst())
    }

    /// Of OpenSfM's reconstruction.json in a folder, else of its transforms.json, else of transforms_train.json and its
    /// like; nil if it has none.
    init?(jsonIn folder: String, imageFolder: String) throws(MapError) {
        if FileStatus.exists("\(folder)/reconstruction.json") {
            try self.init(openSfM: "\(folder)/reconstruction.json")
        } else if FileStatus.exists("\(folder)/transforms.json") {
            try self.init(transforms: [("\(folder)/transforms.json", nil)], imageFolder: imageFolder)
        } else {
            let files = Self.transformsRoles.map { (file: "\(folder)/transforms_\($0.list).json", role: $0.role) }
                .filter { FileStatus.exists($0.file) }
            guard !files.isEmpty else { return nil }
            try self.init(transforms: files, imageFolder: imageFolder)
        }
    }

    mutating func note(_ what: String, _ reason: String, _ names: [String]) {
        if let item = UnusedInput(what, reason, names) { unused.append(item) }
    }
}
