/// The fields of one message of hfloc.v1, for its JSON. The tests compare every table with the .proto files.
package struct JSONSchema: Sendable {
    /// By field number.
    let fields: [UInt64: Field]

    struct Field: Sendable {
        let name: String
        let kind: Kind
        var isRepeated = false
    }

    indirect enum Kind: Sendable {
        /// 32 bits: a number in JSON.
        case number
        /// 64 bits: a string in JSON, as JavaScript's numbers lose digits.
        case unsigned
        case signed
        case double
        case bool
        case text
        /// Names by value; an unknown value stays a number.
        case names([String])
        case message(JSONSchema)
    }

    init(_ fields: [(UInt64, String, Kind)], repeated: Set<UInt64> = []) {
        self.fields = Dictionary(
            uniqueKeysWithValues: fields.map {
                ($0.0, Field(name: $0.1, kind: $0.2, isRepeated: repeated.contains($0.0)))
            })
    }
}

extension JSONSchema {
    package static let localization = JSONSchema([
        (1, "sequence", .unsigned), (2, "session_id", .unsigned), (3, "boot_id", .text),
        (4, "frame_sequence", .unsigned), (5, "frames", .message(frameCounters)),
        (6, "capture_monotonic_ns", .unsigned), (7, "capture_wall_ns", .unsigned),
        (8, "wall_clock_uncertainty_ns", .number), (9, "publish_monotonic_ns", .unsigned),
        (10, "state", .names(states)),
        (11, "pose", .message(pose)), (12, "evidence", .message(evidence)), (13, "reset_counter", .number),
        (14, "latencies", .message(latencies)), (15, "map_frame", .text), (16, "camera_frame", .text),
        (17, "map_id", .text), (18, "model_id", .text), (19, "calibration_id", .text),
        (20, "base_pose", .message(pose)), (21, "base_frame", .text), (22, "map_from_odom", .message(transform)),
        (23, "odom_frame", .text), (24, "retained", .bool), (25, "wall_clock_synchronized", .bool),
        (26, "wall_clock_max_error_ns", .unsigned),
    ])

    package static let status = JSONSchema(
        [
            (1, "daemon_version", .text), (2, "protocol_version", .number), (3, "session_id", .unsigned),
            (4, "boot_id", .text), (5, "sequence", .unsigned), (6, "monotonic_ns", .unsigned),
            (7, "wall_ns", .unsigned), (8, "uptime_ns", .unsigned), (9, "state", .names(states)), (10, "reason", .text),
            (11, "problems", .message(problem)), (12, "map", .message(file)), (13, "model", .message(file)),
            (14, "calibration", .message(file)), (15, "camera", .message(camera)),
            (16, "frames", .message(frameCounters)), (17, "messages", .unsigned), (18, "poses", .unsigned),
            (19, "latencies", .message(stageLatency)), (20, "interval_ns", .unsigned),
            (21, "frames_per_second", .double), (22, "resident_bytes", .unsigned), (23, "cpu_share", .double),
            (24, "cpu_share_since_start", .double), (25, "clock", .message(clock)), (26, "place", .message(place)),
            (27, "subscriptions", .message(subscriptions)), (28, "configuration_generation", .unsigned),
            (29, "publish_failures", .unsigned), (30, "real_time", .message(realTime)),
        ], repeated: [11, 19])

    package static let recordHeader = JSONSchema([
        (1, "schema", .text), (2, "encoding", .text), (3, "boot_id", .text), (4, "session_id", .unsigned),
        (5, "sequence", .unsigned), (6, "monotonic_ns", .unsigned),
    ])

    package static let cameraInfo = JSONSchema(
        [
            (1, "camera_frame", .text), (2, "model", .text), (3, "width", .number), (4, "height", .number),
            (5, "parameters", .double), (6, "calibration_id", .text), (7, "base_from_camera", .message(transform)),
            (8, "base_frame", .text),
        ], repeated: [5])

    package static let event = JSONSchema([
        (1, "kind", .names(eventKinds)), (2, "monotonic_ns", .unsigned), (3, "wall_ns", .unsigned),
        (4, "from", .names(states)), (5, "to", .names(states)), (6, "text", .text),
    ])
}

extension JSONSchema {
    private static let frameCounters = JSONSchema([
        (1, "captured", .unsigned), (2, "skipped", .unsigned), (3, "dropped", .unsigned), (4, "corrupt", .unsigned),
        (5, "reopened", .unsigned),
    ])
    private static let vector = JSONSchema([(1, "x", .double), (2, "y", .double), (3, "z", .double)])
    private static let quaternion = JSONSchema([
        (1, "w", .double), (2, "x", .double), (3, "y", .double), (4, "z", .double),
    ])
    private static let transform = JSONSchema([
        (1, "translation", .message(vector)), (2, "rotation", .message(quaternion)),
    ])
    private static let pose = JSONSchema(
        [(1, "position", .message(vector)), (2, "orientation", .message(quaternion)), (3, "covariance", .double)],
        repeated: [3])
    private static let evidence = JSONSchema([
        (1, "keypoints", .number), (2, "matches", .number), (3, "inliers", .number), (4, "inlier_ratio", .double),
        (5, "spread", .double), (6, "reprojection_rms_px", .double), (7, "failed_gate", .names(gates)),
        (8, "source", .names(sources)), (9, "landmarks_in_view", .number),
    ])
    private static let latencies = JSONSchema([
        (1, "capture_ns", .unsigned), (2, "local_features_ns", .unsigned), (3, "global_descriptor_ns", .unsigned),
        (4, "retrieval_ns", .unsigned), (5, "matching_ns", .unsigned), (6, "pose_ns", .unsigned),
        (7, "total_ns", .unsigned), (8, "previous_publish_ns", .unsigned),
    ])
    private static let problem = JSONSchema([(1, "kind", .names(problemKinds)), (2, "text", .text)])
    private static let file = JSONSchema([(1, "path", .text), (2, "id", .text)])
    private static let camera = JSONSchema([
        (1, "source", .text), (2, "connected", .bool), (3, "problem", .text), (4, "width", .number),
        (5, "height", .number), (6, "pixel_format", .text), (7, "nominal_rate", .double),
    ])
    private static let latencySummary = JSONSchema([
        (1, "count", .unsigned), (2, "p50_ns", .unsigned), (3, "p99_ns", .unsigned), (4, "max_ns", .unsigned),
    ])
    private static let stageLatency = JSONSchema([
        (1, "stage", .names(stages)), (2, "interval", .message(latencySummary)),
        (3, "since_start", .message(latencySummary)),
    ])
    private static let clock = JSONSchema([
        (1, "synchronization", .names(synchronizations)), (2, "max_error_ns", .unsigned),
        (3, "estimated_error_ns", .unsigned), (4, "offset_ns", .signed), (5, "steps", .unsigned),
    ])
    private static let realTime = JSONSchema([
        (1, "priority", .number), (2, "cpus", .text), (3, "memory_locked", .bool),
    ])
    private static let place = JSONSchema([
        (1, "cached", .bool), (2, "keyframe", .number), (3, "keyframe_name", .text), (4, "restored", .bool),
        (5, "restore_confirmed", .bool),
    ])
    private static let subscriptions = JSONSchema([
        (1, "localization", .number), (2, "record", .number), (3, "json", .number),
    ])
}

extension JSONSchema {
    private static let states = [
        "UNSPECIFIED", "INITIALIZING", "LOCALIZED", "DEGRADED", "LOST", "NO_CAMERA", "BAD_FRAME", "BAD_MAP",
        "BAD_MODEL", "BAD_CALIBRATION", "FAULT",
    ].map { "STATE_" + $0 }
    private static let gates = [
        "NONE", "INPUT", "RETRIEVAL", "MATCHES", "INLIERS", "INLIER_RATIO", "SPREAD", "REPROJECTION", "COVARIANCE",
        "AMBIGUITY", "PREDICTION", "AGREEMENT", "RECOGNITION",
    ].map { "GATE_" + $0 }
    private static let sources = ["UNSPECIFIED", "CACHED_PLACE", "RETRIEVAL"].map { "SOURCE_" + $0 }
    private static let problemKinds = [
        "UNSPECIFIED", "NO_CAMERA", "BAD_MAP", "BAD_MODEL", "BAD_CALIBRATION", "CLOCK_NOT_SYNCHRONIZED", "LOST",
        "BAD_FRAME", "BAD_CONFIGURATION", "TOO_SLOW",
    ].map { "KIND_" + $0 }
    private static let eventKinds = [
        "UNSPECIFIED", "STARTED", "STATE_CHANGED", "CAMERA_LOST", "CAMERA_FOUND", "MAP_LOADED", "MAP_REFUSED",
        "CONFIGURATION_RELOADED", "CONFIGURATION_REFUSED", "RELOCALIZATION_ASKED", "PRIOR_SET", "CLOCK_STEPPED",
        "PLACE_RESTORED", "STOPPING",
    ].map { "KIND_" + $0 }
    private static let stages = [
        "UNSPECIFIED", "CAPTURE", "LOCAL_FEATURES", "GLOBAL_DESCRIPTOR", "RETRIEVAL", "MATCHING", "POSE", "PUBLISH",
        "TOTAL",
    ].map { "STAGE_" + $0 }
    private static let synchronizations = ["UNSPECIFIED", "SYNCHRONIZED", "NOT_SYNCHRONIZED"]
        .map { "CLOCK_SYNCHRONIZATION_" + $0 }
}
