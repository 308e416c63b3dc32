import Files
public import Geometry

/// A COLMAP reconstruction as its files state it: pixels have the centre of the top-left pixel at (0.5, 0.5), poses are
/// camera from world. `Camera.init(colmap...)` of Geometry makes the shift to this project's convention.
///
/// Source: COLMAP documentation, "Output Format". Of rigs and frames (COLMAP 3.12 and later) only the poses are taken
/// that they give to images.
public struct ColmapModel: Equatable, Sendable {
    /// Largest image side that is believed, pixels.
    static let largestSide = 100_000

    /// A line of cameras.txt: a model's name with its parameters, not yet a `Camera` of Geometry.
    public struct Camera: Equatable, Sendable {
        /// CAMERA_ID, by which images name their camera; any number, each once.
        public var id: UInt32
        /// COLMAP's name, as `PINHOLE`.
        public var model: String
        /// Pixels across the image.
        public var width: Int
        /// Pixels down the image.
        public var height: Int
        /// In the order of COLMAP's model, in COLMAP's pixel convention.
        public var parameters: [Double]

        /// A camera as it is given: what makes no sense is found where a `Camera` of Geometry is made of it.
        public init(id: UInt32, model: String, width: Int, height: Int, parameters: [Double]) {
            self.id = id
            self.model = model
            self.width = width
            self.height = height
            self.parameters = parameters
        }
    }

    /// A keypoint of an image, and the point that it observes, if any.
    public struct Keypoint: Equatable, Sendable {
        /// Pixels from the image's left edge.
        public var x: Double
        /// Pixels from the image's top edge.
        public var y: Double
        /// ``ColmapModel/Point/id``; nil for a keypoint that observes none (POINT3D_ID -1).
        public var point: UInt64?

        /// A keypoint, and the id of the point that it observes.
        public init(x: Double, y: Double, point: UInt64?) {
            self.x = x
            self.y = y
            self.point = point
        }
    }

    /// An image with its pose, and its keypoints if they were read.
    public struct Image: Equatable, Sendable {
        /// IMAGE_ID, by which tracks name images; any number, each once.
        public var id: UInt32
        /// The file's path, relative to the folder of the images; each once.
        public var name: String
        /// ``ColmapModel/Camera/id`` of its camera.
        public var camera: UInt32
        /// From the model's frame, whose scale is arbitrary unless it was fixed, into the camera's (x right, y down, z
        /// forward).
        public var cameraFromWorld: RigidTransform
        /// In the order of the file, so that tracks can name them by number; empty with ``ColmapModel/Parts/poses``.
        public var keypoints: [Keypoint]

        /// An image with its pose; by default without keypoints.
        public init(
            id: UInt32, name: String, camera: UInt32, cameraFromWorld: RigidTransform, keypoints: [Keypoint] = []
        ) {
            self.id = id
            self.name = name
            self.camera = camera
            self.cameraFromWorld = cameraFromWorld
            self.keypoints = keypoints
        }
    }

    /// Keypoint number `keypoint` of the image with this id.
    public struct TrackElement: Equatable, Sendable {
        /// ``ColmapModel/Image/id`` of its image.
        public var image: UInt32
        /// Index into ``ColmapModel/Image/keypoints``.
        public var keypoint: UInt32

        /// The keypoint with this number, of the image with this id.
        public init(image: UInt32, keypoint: UInt32) {
            self.image = image
            self.keypoint = keypoint
        }
    }

    /// A triangulated point with the keypoints that observe it.
    public struct Point: Equatable, Sendable {
        /// POINT3D_ID, by which keypoints name their point.
        public var id: UInt64
        /// In the model's frame and unit.
        public var position: Vector3
        /// Red, green, blue.
        public var colour: [UInt8]
        /// Mean reprojection error, pixels.
        public var error: Double
        /// Its observations.
        public var track: [TrackElement]

        /// A point with its observations; that they exist is checked by ``ColmapModel/read(folder:parts:)`` alone.
        public init(id: UInt64, position: Vector3, colour: [UInt8], error: Double, track: [TrackElement]) {
            self.id = id
            self.position = position
            self.colour = colour
            self.error = error
            self.track = track
        }
    }

    /// In the order of the file, as are images and points.
    public var cameras: [Camera]
    /// In the order of the file, each name once.
    public var images: [Image]
    /// In the order of the file; empty with ``ColmapModel/Parts/poses``.
    public var points: [Point]
    /// Names of the images whose pose is that of their rig and frame, which the images file contradicts.
    public internal(set) var composedImages: [String] = []

    /// A model as it is given, by default an empty one; only what is read from files is checked.
    public init(cameras: [Camera] = [], images: [Image] = [], points: [Point] = []) {
        self.cameras = cameras
        self.images = images
        self.points = points
    }

    /// What is read of a model.
    public enum Parts: Sendable {
        /// Cameras and poses; keypoints and points are skipped unread.
        case poses
        /// Keypoints and points too.
        case everything
    }

    /// Reads the model in `folder`: the binary files if both are there, else the text files.
    public static func read(folder: String, parts: Parts = .everything) throws(MapError) -> ColmapModel {
        let binary = isBinary(in: folder)
        guard binary || FileStatus.exists("\(folder)/cameras.txt") else {
            throw MapError(
                .missing, file: folder, field: "folder", problem: "has neither cameras.bin nor cameras.txt",
                cure: "give the folder of a COLMAP model")
        }
        var model = ColmapModel()
        if binary {
            try model.readBinary(folder, parts)
        } else {
            try model.readText(folder, parts)
        }
        try model.takeFramePoses(folder, isBinary: binary)
        try model.checkReferences(folder, parts)
        return model
    }

    /// Whether `folder` holds a COLMAP model's cameras and images.
    static func isPresent(in folder: String) -> Bool {
        ["bin", "txt"].contains { isPresent(in: folder, kind: $0) }
    }

    /// Whether the binary files are those to be read: of half a model, that may be all there is.
    static func isBinary(in folder: String) -> Bool {
        isPresent(in: folder, kind: "bin")
            || !isPresent(in: folder, kind: "txt") && FileStatus.exists("\(folder)/cameras.bin")
    }

    private static func isPresent(in folder: String, kind: String) -> Bool {
        FileStatus.exists("\(folder)/cameras.\(kind)") && FileStatus.exists("\(folder)/images.\(kind)")
    }

    /// Every id that is used must exist, once.
    private func checkReferences(_ folder: String, _ parts: Parts) throws(MapError) {
        func damaged(_ field: String, _ problem: String) -> MapError {
            MapError(.damaged, file: folder, field: field, problem: problem, cure: "export the model again")
        }
        let cameraIDs = Set(cameras.map(\.id))
        guard cameraIDs.count == cameras.count else { throw damaged("CAMERA_ID", "a camera id occurs twice") }
        guard Set(images.map(\.name)).count == images.count else { throw damaged("NAME", "an image name occurs twice") }
        var keypointCounts: [UInt32: Int] = [:]
        for image in images {
            guard cameraIDs.contains(image.camera) else {
                throw damaged("image \(image.name), CAMERA_ID", "there is no camera \(image.camera)")
            }
            guard keypointCounts.updateValue(image.keypoints.count, forKey: image.id) == nil else {
                throw damaged("image \(image.name), IMAGE_ID", "image id \(image.id) occurs twice")
            }
        }
        guard parts == .everything else { return }
        for point in points {
            for element in point.track where Int(element.keypoint) >= keypointCounts[element.image] ?? 0 {
                throw damaged(
                    "point \(point.id), TRACK",
                    "image \(element.image) has no keypoint \(element.keypoint)")
            }
        }
    }
}
