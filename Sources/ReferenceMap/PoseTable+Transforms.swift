import Container
import Features
import Files
import Geometry

extension PoseTable {
    /// Of a transforms.json of nerfstudio or instant-ngp. Its cameras look along -z with y up (OpenGL), its poses are
    /// world from camera, its pixels have the centre of the top-left pixel at (0.5, 0.5). Intrinsics stand at the top,
    /// for all frames, or in a frame; paths are relative to the file's folder, and may lack the image's suffix.
    ///
    /// Without `w` and `h`, as in the synthetic sets of NeRF, the first image of a camera says its size. The lists
    /// `train_filenames`, `val_filenames` and `test_filenames`, where the file has any, say what images are for.
    ///
    /// Source: https://docs.nerf.studio/quickstart/data_conventions.html
    ///
    /// - Parameters:
    ///   - files: each transforms.json, and the role of its images where its name says it.
    ///   - imageFolder: where the images are. Paths that begin with its last component are relative to the folder
    ///     above it, where the file usually lies.
    init(transforms files: [(file: String, role: String?)], imageFolder: String) throws(MapError) {
        poseConvention = "transform_matrix takes a camera's x right, y up, z backward into the world"
        var names: Set<String> = []
        for (file, role) in files {
            let document = try JSONDocument(reading: file)
            guard let frames = document.root["frames"]?.array else {
                throw document.error("frames", "is missing", cure: "give nerfstudio's or instant-ngp's transforms.json")
            }
            let roles = try Self.roles(document, imageFolder)
            var indices: [[String]: Int] = [:]
            for (number, frame) in frames.enumerated() {
                let place = "frame \(number + 1)"
                let name = try Self.name(of: frame, document, place, imageFolder)
                guard names.insert(name).inserted else {
                    throw document.error("\(place), file_path", "'\(name)' occurs twice")
                }
                let intrinsics = TransformsIntrinsics(frame: frame, document: document)
                let index = indices[intrinsics.key] ?? cameras.count
                if index == cameras.count {
                    indices[intrinsics.key] = index
                    let field = intrinsics.isOwn ? place : "top"
                    add(
                        "camera of \(intrinsics.isOwn ? place : "all frames")",
                        intrinsics.camera(field, firstImage: "\(imageFolder)/\(name)"))
                }
                let pose = try Self.pose(of: frame, document, place)
                rows.append(
                    Row(
                        name: name, camera: index, cameraFromMap: pose,
                        role: role ?? (roles.isEmpty ? "map" : roles[name] ?? "")))
            }
            let named = Set(rows.map(\.name))
            note("names in \(file)'s lists", "have no frame", roles.keys.filter { !named.contains($0) }.sorted())
            note(
                "images with a pose", "are in none of its lists of training and test images",
                rows.filter(\.role.isEmpty).map(\.name))
        }
    }

    /// What nerfstudio calls the lists of images, and what they are for here.
    static let transformsRoles = [
        (list: "train", role: "map"), (list: "val", role: "query"), (list: "test", role: "query"),
    ]

    private static func roles(_ document: JSONDocument, _ folder: String) throws(MapError) -> [String: String] {
        var roles: [String: String] = [:]
        for (list, role) in transformsRoles {
            for value in document.root["\(list)_filenames"]?.array ?? [] {
                let frame = JSON.object([JSON.Member("file_path", value)])
                let name = try name(of: frame, document, "\(list)_filenames", folder)
                // An image in both lists makes the map: nerfstudio's example lists do that.
                if roles[name] == nil { roles[name] = role }
            }
        }
        return roles
    }

    private static func name(
        of frame: JSON, _ document: JSONDocument, _ place: String, _ folder: String
    ) throws(MapError) -> String {
        guard var name = frame["file_path"]?.string else { throw document.error("\(place), file_path", "is missing") }
        while name.hasPrefix("./") { name.removeFirst(2) }
        let last = folder.split(separator: "/").last.map { "\($0)/" } ?? ""
        if !last.isEmpty, name.hasPrefix(last) { name.removeFirst(last.count) }
        guard ImageName.isSafe(name) else {
            throw document.error(
                "\(place), file_path", "'\(name)': \(ImageName.rule)",
                cure: "put \(document.file) into the folder that its paths begin at")
        }
        if ImageFileName.isImage(String(name.split(separator: "/").last ?? "")) { return name }
        let suffix = [".png", ".jpg", ".jpeg", ".pgm", ".PNG", ".JPG", ".JPEG"].first {
            FileStatus.exists("\(folder)/\(name)\($0)")
        }
        return name + (suffix ?? "")
    }

    /// The matrix, three or four rows of four, takes a camera's point (x right, y up, z back) into the world.
    private static func pose(
        of frame: JSON, _ document: JSONDocument, _ place: String
    ) throws(MapError) -> RigidTransform {
        let field = "\(place), transform_matrix"
        let rows = frame["transform_matrix"]?.array?.map { $0.array?.compactMap(\.double) ?? [] } ?? []
        guard rows.count == 4 || rows.count == 3, rows.allSatisfy({ $0.count == 4 }) else {
            throw document.error(field, "is no matrix of four rows of four numbers")
        }
        // Our cameras have y down and z forward.
        let m = Matrix3(
            rows: Vector3(rows[0][0], -rows[0][1], -rows[0][2]), Vector3(rows[1][0], -rows[1][1], -rows[1][2]),
            Vector3(rows[2][0], -rows[2][1], -rows[2][2]))
        let product = m.transpose * m
        let error = (0..<3).flatMap { i in (0..<3).map { abs(product[i, $0] - (i == $0 ? 1 : 0)) } }.max() ?? 1
        guard error < 1e-3, m.determinant > 0 else {
            throw document.error(field, "its first three columns are no rotation (a scale, or a reflection)")
        }
        let worldFromCamera = RigidTransform(
            rotation: Rotation(matrix: m), translation: Vector3(rows[0][3], rows[1][3], rows[2][3]))
        return worldFromCamera.inverse
    }
}

/// The intrinsics of a frame of transforms.json: its own, and for what it leaves out those at the file's top.
private struct TransformsIntrinsics {
    private static let names = [
        "w", "h", "fl_x", "fl_y", "cx", "cy", "k1", "k2", "k3", "k4", "p1", "p2", "camera_angle_x", "camera_angle_y",
        "camera_model", "is_fisheye",
    ]

    let document: JSONDocument
    /// Whether the frame says anything itself.
    let isOwn: Bool
    private let values: JSON
    /// Equal for frames of the same camera.
    let key: [String]

    init(frame: JSON, document: JSONDocument) {
        self.document = document
        isOwn = Self.names.contains { frame[$0] != nil }
        let members = Self.names.compactMap { name in
            (frame[name] ?? document.root[name]).map { JSON.Member(name, $0) }
        }
        values = .object(members)
        key = members.map { "\($0.name) \($0.value.text)" }
    }

    /// - Parameters:
    ///   - place: of the intrinsics, for messages.
    ///   - firstImage: a file that says its size where the intrinsics do not.
    func camera(_ place: String, firstImage: String) -> Result<Camera, MapError> {
        do throws(MapError) { return try read(place, firstImage) } catch { return .failure(error) }
    }

    private func size(_ place: String, _ firstImage: String) throws(MapError) -> (width: Int, height: Int) {
        if values["w"] == nil, values["h"] == nil, let size = ImageHeader.size(of: firstImage) { return size }
        return (try document.side("w", of: values, place), try document.side("h", of: values, place))
    }

    private func read(_ place: String, _ firstImage: String) throws(MapError) -> Result<Camera, MapError> {
        func value(_ name: String) throws(MapError) -> Double { try document.number(name, of: values, place) ?? 0 }
        let size = try size(place, firstImage)
        let angles = (try value("camera_angle_x"), try value("camera_angle_y"))
        let fromAngle = angles.0 > 0 ? Double(size.width) / (2 * tangent(angles.0 / 2)) : nil
        guard let fx = try document.number("fl_x", of: values, place) ?? fromAngle else {
            throw document.error("\(place), fl_x", "is missing, and so is camera_angle_x")
        }
        let upright = angles.1 > 0 ? Double(size.height) / (2 * tangent(angles.1 / 2)) : fx
        let fy = try document.number("fl_y", of: values, place) ?? upright
        let cx = try document.number("cx", of: values, place) ?? Double(size.width) / 2
        let cy = try document.number("cy", of: values, place) ?? Double(size.height) / 2
        let (k1, k2, k3, k4) = (try value("k1"), try value("k2"), try value("k3"), try value("k4"))
        let (p1, p2) = (try value("p1"), try value("p2"))
        let name = values["camera_model"]?.string ?? (values["is_fisheye"] == .bool(true) ? "OPENCV_FISHEYE" : "OPENCV")
        let common = [fx, fy, cx, cy]
        switch name {
        case "OPENCV", "PINHOLE", "SIMPLE_PINHOLE", "SIMPLE_RADIAL", "RADIAL":
            guard k4 == 0 else {
                throw document.error("\(place), k4", "a lens of \(name) with a fourth coefficient is not supported")
            }
            return make(.fullOpenCV, common + [k1, k2, p1, p2, k3, 0, 0, 0], size, place)
        case "OPENCV_FISHEYE", "SIMPLE_RADIAL_FISHEYE", "RADIAL_FISHEYE":
            return make(.openCVFisheye, common + [k1, k2, k3, k4], size, place)
        default:
            throw MapError(
                .input, file: document.file, field: "\(place), camera_model", problem: "\(name) is not supported",
                cure: "use OPENCV or OPENCV_FISHEYE")
        }
    }

    private func make(
        _ model: CameraModel, _ parameters: [Double], _ size: (width: Int, height: Int), _ place: String
    ) -> Result<Camera, MapError> {
        PoseTable.camera(model, parameters, size, isColmap: true, file: document.file, field: place)
    }
}
