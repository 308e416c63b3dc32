/// Names and limits of the map file (Formats.md): what the reader and the writer must agree on.
enum MapFormat {
    static let kind = "hfloc-map"
    /// Written, of a map without clusters of its own: older programs read it.
    static let version = 2
    /// Written, of a map with clusters: programs that do not know them refuse it.
    static let clusteredVersion = 3
    /// Read: of version 1, `map_id` covers no metadata.
    static let versions = 1...clusteredVersion
    /// Scale of stored local descriptors (Model.md).
    static let descriptorScale = 256
    static let pixelConvention = "centre-integer"
    /// Parameters stored per camera; unused ones are zero.
    static let cameraParameters = 12
    static let largestCount = 1 << 31

    enum Key {
        static let mapID = "map_id"
        static let modelID = "model_id"
        static let longSide = "input_long_side"
        static let descriptorDimension = "descriptor_dimension"
        static let descriptorScale = "descriptor_scale"
        static let globalDimension = "global_dimension"
        static let pixelConvention = "pixel_convention"
        static let cameras = "cameras"
        static let keyframes = "keyframes"
        static let landmarks = "landmarks"
        static let observations = "observations"
        static let minimumShared = "covisibility_minimum_shared"
        static let boundingBox = "bounding_box"
        /// All three, or none.
        static let originLatitude = "origin_latitude_deg"
        static let originLongitude = "origin_longitude_deg"
        static let originHeight = "origin_height_m"
    }

    enum Tensor {
        static let cameraModel = "cameras.model"
        static let cameraSize = "cameras.size"
        static let cameraParameters = "cameras.parameters"
        static let nameOffsets = "keyframes.name_offsets"
        static let names = "keyframes.names"
        static let keyframeCamera = "keyframes.camera"
        static let pose = "keyframes.pose"
        static let detected = "keyframes.detected_keypoints"
        static let global = "keyframes.global"
        static let globalSigns = "keyframes.global_signs"
        static let globalScale = "keyframes.global_scale"
        static let cellCentres = "vlad.cells.centres"
        static let keypointCentres = "vlad.keypoints.centres"
        /// Sharpness and largest logit of the cells, then of the keypoints.
        static let memberships = "vlad.memberships"
        static let position = "landmarks.position"
        static let direction = "landmarks.direction"
        static let distance = "landmarks.distance"
        static let landmarkOffsets = "landmarks.observation_offsets"
        static let landmarkObservations = "landmarks.observations"
        static let observationOffsets = "observations.offsets"
        static let observationLandmark = "observations.landmark"
        static let pixel = "observations.pixel"
        static let descriptor = "observations.descriptor"
        static let covisibilityOffsets = "covisibility.offsets"
        static let neighbour = "covisibility.neighbour"
        static let shared = "covisibility.shared"
        static let checkFlags = "check.keyframe_flags"
        static let checkValues = "check.keyframe_values"
    }
}
