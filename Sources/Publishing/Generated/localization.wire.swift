// Written by tools/generate/generate-wire from hfloc/v1/localization.proto. Not to be changed by hand.
// swift-format-ignore-file

extension Wire {
    /// Whether a frame gave a pose, and if not, why.
    public enum State: UInt8, Sendable, CaseIterable {
        /// Of a version that is not known: take it as "not localized".
        case unspecified = 0
        /// The daemon is ready, and no frame came yet.
        case initializing = 1
        /// Every gate passed: the pose may be used.
        case localized = 2
        /// The pose passed its gates on weaker evidence than LOCALIZED asks for: use it with its covariance, or not at
        /// all.
        case degraded = 3
        /// No pose passed its gates. `evidence.failed_gate` says why.
        case lost = 4
        /// No frames arrive: the camera is unplugged, silent or not there yet.
        case noCamera = 5
        /// The frame could not be read, or its size does not fit the calibration.
        case badFrame = 6
        /// The map cannot be used. This and the two below come at the start, just before hflocd ends; Status.reason
        /// says which file, and why.
        case badMap = 7
        /// The model cannot be used.
        case badModel = 8
        /// The camera file cannot be used, or is of another resolution than the frames.
        case badCalibration = 9
        /// hflocd cannot do its work for another reason, and is about to end: Status.reason says why.
        case fault = 10
    }
}

extension Wire {
    /// What a pose must pass, in the order in which it is asked.
    public enum Gate: UInt8, Sendable, CaseIterable {
        /// Every gate was passed.
        case none = 0
        /// The picture itself: nothing is in it, it is the one before again with a new stamp, or the other way round.
        case input = 1
        /// No prior frame of the map resembles the query enough.
        case retrieval = 2
        /// Too few correspondences for any pose.
        case matches = 3
        /// Too few of them agree on one pose.
        case inliers = 4
        /// Not in use: it could not fail. The number stays reserved.
        case inlierRatio = 5
        /// The inliers lie too close together in the image.
        case spread = 6
        /// Not in use: it could not fail. The number stays reserved.
        case reprojection = 7
        /// The pose is too uncertain, or rests on few inliers: it is degraded.
        case covariance = 8
        /// Another pose, elsewhere, explains the frame nearly as well.
        case ambiguity = 9
        /// The pose contradicts the predicted one.
        case prediction = 10
        /// Too few consecutive frames agree yet: the pose is degraded.
        case agreement = 11
        /// Too few of the landmarks that the pose expects in the image were matched: one object of the place may be
        /// there, the place is not. Asked after SPREAD. The pose is degraded where one side of the picture shows
        /// nothing of the place, until the whole of it was seen.
        case recognition = 12
        /// Matches of a wide search agree with the pose less cleanly than the place gives: the pose is degraded.
        case purity = 13
        /// The frame contradicts the camera file, or the map: with the camera that it speaks for, the pose would be
        /// elsewhere.
        case calibration = 14
        /// The camera is beyond what the map has seen: only far landmarks are left.
        case extrapolation = 15
        /// The pose contradicts what the odometry makes of those before it: it is degraded. Asked last.
        case odometry = 16
    }
}

extension Wire {
    /// Where a pose was looked for.
    public enum Source: UInt8, Sendable, CaseIterable {
        /// There is no pose.
        case unspecified = 0
        /// The cached place around the last pose: a tracked frame.
        case cachedPlace = 1
        /// Retrieval over the whole map: a cold localization.
        case retrieval = 2
        /// In the picture itself: landmarks of the last frame that the network has seen were followed. The network did
        /// not run; see localizer.cheap_frames.
        case followed = 3
    }
}

extension Wire {
    /// The numbers of the fields of `hfloc.v1.Localization`.
    enum LocalizationField {
        /// Counts the messages of this session from 1. A gap means that the subscriber missed messages.
        static let sequence = 1
        /// Random at each start of the daemon.
        static let sessionID = 2
        /// The kernel's boot id: monotonic stamps compare only within one boot.
        static let bootID = 3
        /// The camera's own number of the frame: the driver's sequence, or the image's index in its folder.
        static let frameSequence = 4
        /// What the camera delivered so far, and what of it was lost.
        static let frames = 5
        /// When the frame was captured, CLOCK_MONOTONIC. 0 when the state is NO_CAMERA.
        static let captureMonotonicNs = 6
        /// The same instant since the Unix epoch. The offset between the clocks is sampled for each frame: a step of
        /// the wall clock changes this field and nothing else.
        static let captureWallNs = 7
        /// Half the width of the bracket in which the offset was sampled.
        static let wallClockUncertaintyNs = 8
        /// When the message was handed to ZeroMQ, CLOCK_MONOTONIC.
        static let publishMonotonicNs = 9
        /// Whether there is a pose, and if not, why.
        static let state = 10
        /// Present only if the state is LOCALIZED or DEGRADED.
        static let pose = 11
        /// Absent if no frame was processed.
        static let evidence = 12
        /// Increments when the pose may have jumped: at each localization that did not continue the one before.
        static let resetCounter = 13
        /// Absent without a frame.
        static let latencies = 14
        /// Name of the frame of reference of the map, such as "map".
        static let mapFrame = 15
        /// Name of the camera's, such as "camera".
        static let cameraFrame = 16
        /// What the pose was computed with: a hash of the map, hexadecimal, as the two below.
        static let mapID = 17
        /// A hash of the model.
        static let modelID = 18
        /// A hash of the intrinsics as they were used: BLAKE2b-256 of "MODEL WIDTH HEIGHT", a line feed, and the
        /// parameters as little-endian doubles, of the part and size that is localized.
        static let calibrationID = 19
        /// The vehicle in the map, if the configuration says where the camera sits on it (vehicle.base_from_camera);
        /// present as `pose` is. x_map = R(orientation) * x_base + position; the covariance is that of this pose, in
        /// the order and axes of `pose`'s.
        static let basePose = 20
        /// Its frame of reference, such as "base_link". Empty without extrinsics.
        static let baseFrame = 21
        /// The odometry's frame in the map (REP-105): base_pose * inverse(odometry at the capture time). Present with
        /// base_pose, if odometry arrives. It jumps when the pose does; the vehicle in the odometry's frame never does.
        static let mapFromOdom = 22
        /// The odometry's frame of reference, such as "odom". Empty without odometry.
        static let odomFrame = 23
        /// This message was sent before, and again because a subscriber came while no frames do: the same sequence and
        /// stamps.
        static let retained = 24
        /// Is capture_wall_ns to be believed? False also if the kernel could not be asked. Everything else does not
        /// depend on it.
        static let wallClockSynchronized = 25
        /// Largest error of the wall clock, as the kernel estimates it (adjtimex).
        static let wallClockMaxErrorNs = 26
        /// How far the position may be off, metres, but for one frame in a thousand, as measured and not certified.
        /// Present as `pose` is.
        static let protectionLevelPosition = 27
        /// The same of the rotation, radians.
        static let protectionLevelRotation = 28
        /// One sentence for people: why the pose is withheld or degraded. Empty for a localized frame.
        static let reason = 29
        /// Where the camera is on the Earth. Present as `pose` is, if the map knows where it is (hfloc map info says).
        static let earth = 32
        /// The same of the vehicle: of base_pose's origin. Present as `base_pose` is.
        static let baseEarth = 33
        /// Of this package, as in Status: 1. A larger one means that a field no longer says what this file says, so
        /// that no pose of it may be used; 0 is another program's message.
        static let protocolVersion = 34
    }
}

extension Wire {
    /// The numbers of the fields of `hfloc.v1.Pose`.
    enum PoseField {
        /// The camera's centre in the map frame, metres.
        static let position = 1
        /// Rotates camera axes into map axes. Unit norm.
        static let orientation = 2
        /// 6x6, row by row, always 36 values. Order: x, y, z, rotation about x, y, z, all in the axes of the map frame
        /// (as in ROS's PoseWithCovariance): position_true = position + d[0..2], R_true = Exp(d[3..5]) * R. Metres and
        /// radians, squared.
        static let covariance = 3
    }
}

extension Wire {
    /// The numbers of the fields of `hfloc.v1.EarthPosition`.
    enum EarthPositionField {
        /// Degrees, north is positive.
        static let latitudeDeg = 1
        /// Degrees, east is positive.
        static let longitudeDeg = 2
        /// Metres above the ellipsoid, not above the sea.
        static let heightM = 3
        /// 3x3, row by row, always 9 values: along east, north, up at this position, metres squared. Of the pose in the
        /// map: how well the map itself lies on the Earth is not in it.
        static let covariance = 4
    }
}

extension Wire {
    /// x_a = R(rotation) * x_b + translation, for a field named a_from_b.
    public struct Transform: Sendable, Equatable {
        /// Metres.
        public var translation: Wire.Vector3? = nil
        /// Unit norm.
        public var rotation: Wire.Quaternion? = nil

        public init() {}

        public init(
            translation: Wire.Vector3? = nil,
            rotation: Wire.Quaternion? = nil
        ) {
            self.translation = translation
            self.rotation = rotation
        }
    }
}

extension Wire.Transform: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        if let translation { wire.message(1) { translation.encode(into: &$0) } }
        if let rotation { wire.message(2) { rotation.encode(into: &$0) } }
    }
}

extension Wire.Transform: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .bytes(let range)): translation = try .merging(translation, bytes, range)
        case (2, .bytes(let range)): rotation = try .merging(rotation, bytes, range)
        default: break
        }
    }
}

extension Wire {
    /// A point or a direction.
    public struct Vector3: Sendable, Equatable {
        public var x: Double = 0
        public var y: Double = 0
        public var z: Double = 0

        public init() {}

        public init(
            x: Double = 0,
            y: Double = 0,
            z: Double = 0
        ) {
            self.x = x
            self.y = y
            self.z = z
        }
    }
}

extension Wire.Vector3: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.double(1, x)
        wire.double(2, y)
        wire.double(3, z)
    }
}

extension Wire.Vector3: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .fixed64(let bits)): x = Double(bitPattern: bits)
        case (2, .fixed64(let bits)): y = Double(bitPattern: bits)
        case (3, .fixed64(let bits)): z = Double(bitPattern: bits)
        default: break
        }
    }
}

extension Wire {
    /// A rotation: Hamilton's, w is the real part.
    public struct Quaternion: Sendable, Equatable {
        public var w: Double = 0
        public var x: Double = 0
        public var y: Double = 0
        public var z: Double = 0

        public init() {}

        public init(
            w: Double = 0,
            x: Double = 0,
            y: Double = 0,
            z: Double = 0
        ) {
            self.w = w
            self.x = x
            self.y = y
            self.z = z
        }
    }
}

extension Wire.Quaternion: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.double(1, w)
        wire.double(2, x)
        wire.double(3, y)
        wire.double(4, z)
    }
}

extension Wire.Quaternion: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .fixed64(let bits)): w = Double(bitPattern: bits)
        case (2, .fixed64(let bits)): x = Double(bitPattern: bits)
        case (3, .fixed64(let bits)): y = Double(bitPattern: bits)
        case (4, .fixed64(let bits)): z = Double(bitPattern: bits)
        default: break
        }
    }
}

extension Wire {
    /// What the answer rests on. Present whenever a frame was processed, also if it was lost (then of the best
    /// attempt).
    public struct Evidence: Sendable, Equatable {
        /// Points of interest of the frame.
        public var keypoints: UInt32 = 0
        /// 2D-3D correspondences.
        public var matches: UInt32 = 0
        /// Those of them within the reprojection threshold of the pose.
        public var inliers: UInt32 = 0
        /// Inliers by matches.
        public var inlierRatio: Double = 0
        /// How much of the image the inliers cover, 0 to 1: the share of the cells of a grid of 8x8 that have one.
        public var spread: Double = 0
        /// Root mean square of the inliers' reprojection errors, pixels.
        public var reprojectionRmsPx: Double = 0
        /// The gate that withholds the pose, or for which it is degraded; of several the last that was asked. NONE for
        /// a localized frame.
        public var failedGate: Wire.Gate = .none
        /// Where the pose was looked for.
        public var source: Wire.Source = .unspecified
        /// Landmarks of the place that the pose expects in the image; 0 if there was no pose to ask.
        public var landmarksInView: UInt32 = 0
        /// Of the matches that a search of 24 px round their projections finds, the share within 3 px, 0 to 1:
        /// residuals before they are cut. 0 if it was not measured.
        public var purity: Double = 0
        /// Inliers of the best pose that is elsewhere over those of the pose, 0 to 1; 0 if none was looked for, or
        /// found.
        public var rivalShare: Double = 0
        /// The keyframe that the pose is at, as the map numbers it from 1; 0 if there is none.
        public var keyframe: UInt32 = 0
        /// The same of that best pose elsewhere.
        public var rivalKeyframe: UInt32 = 0

        public init() {}
    }
}

extension Wire.Evidence: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(keypoints))
        wire.varint(2, UInt64(matches))
        wire.varint(3, UInt64(inliers))
        wire.double(4, inlierRatio)
        wire.double(5, spread)
        wire.double(6, reprojectionRmsPx)
        wire.varint(7, UInt64(failedGate.rawValue))
        wire.varint(8, UInt64(source.rawValue))
        wire.varint(9, UInt64(landmarksInView))
        wire.double(10, purity)
        wire.double(11, rivalShare)
        wire.varint(12, UInt64(keyframe))
        wire.varint(13, UInt64(rivalKeyframe))
    }
}

extension Wire {
    /// Frames of the camera since the daemon started.
    public struct FrameCounters: Sendable, Equatable {
        /// Frames that were taken for localization, this one included.
        public var captured: UInt64 = 0
        /// Good frames that a newer one replaced before they were taken.
        public var skipped: UInt64 = 0
        /// Frames that the driver lost: gaps in its sequence.
        public var dropped: UInt64 = 0
        /// Frames that were broken: flagged by the driver, short, or undecodable.
        public var corrupt: UInt64 = 0
        /// How often the camera was lost and opened again.
        public var reopened: UInt64 = 0
        /// Frames that were taken although their bytes are not as their format wants them, such as a webcam's JPEG with
        /// a few bytes too many: every pixel is right.
        public var recovered: UInt64 = 0

        public init() {}

        public init(
            captured: UInt64 = 0,
            skipped: UInt64 = 0,
            dropped: UInt64 = 0,
            corrupt: UInt64 = 0,
            reopened: UInt64 = 0,
            recovered: UInt64 = 0
        ) {
            self.captured = captured
            self.skipped = skipped
            self.dropped = dropped
            self.corrupt = corrupt
            self.reopened = reopened
            self.recovered = recovered
        }
    }
}

extension Wire.FrameCounters: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, captured)
        wire.varint(2, skipped)
        wire.varint(3, dropped)
        wire.varint(4, corrupt)
        wire.varint(5, reopened)
        wire.varint(6, recovered)
    }
}

extension Wire.FrameCounters: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .varint(let number)): captured = number
        case (2, .varint(let number)): skipped = number
        case (3, .varint(let number)): dropped = number
        case (4, .varint(let number)): corrupt = number
        case (5, .varint(let number)): reopened = number
        case (6, .varint(let number)): recovered = number
        default: break
        }
    }
}

extension Wire {
    /// What the stages of a frame took, nanoseconds. A stage that a frame did not need is absent.
    public struct Latencies: Sendable, Equatable {
        /// From the capture stamp until the frame was in memory as grey pixels.
        public var captureNs: UInt64 = 0
        /// Reduction to the network's input, and the network's local branch with its keypoints and descriptors.
        public var localFeaturesNs: UInt64 = 0
        /// The network's global branch.
        public var globalDescriptorNs: UInt64 = 0
        /// The search for prior frames of the map.
        public var retrievalNs: UInt64 = 0
        /// Keypoints against landmarks.
        public var matchingNs: UInt64 = 0
        /// RANSAC and refinement.
        public var poseNs: UInt64 = 0
        /// Everything between the capture stamp and the publish stamp.
        public var totalNs: UInt64 = 0
        /// Encoding and sending the message before this one, which cannot contain its own.
        public var previousPublishNs: UInt64 = 0

        public init() {}

        public init(
            captureNs: UInt64 = 0,
            localFeaturesNs: UInt64 = 0,
            globalDescriptorNs: UInt64 = 0,
            retrievalNs: UInt64 = 0,
            matchingNs: UInt64 = 0,
            poseNs: UInt64 = 0,
            totalNs: UInt64 = 0,
            previousPublishNs: UInt64 = 0
        ) {
            self.captureNs = captureNs
            self.localFeaturesNs = localFeaturesNs
            self.globalDescriptorNs = globalDescriptorNs
            self.retrievalNs = retrievalNs
            self.matchingNs = matchingNs
            self.poseNs = poseNs
            self.totalNs = totalNs
            self.previousPublishNs = previousPublishNs
        }
    }
}

extension Wire.Latencies: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, captureNs)
        wire.varint(2, localFeaturesNs)
        wire.varint(3, globalDescriptorNs)
        wire.varint(4, retrievalNs)
        wire.varint(5, matchingNs)
        wire.varint(6, poseNs)
        wire.varint(7, totalNs)
        wire.varint(8, previousPublishNs)
    }
}

extension JSONSchema {
    /// `hfloc.v1.Localization`.
    package static let localization = JSONSchema(
        "hfloc.v1.Localization",
        [
            1: Field("sequence", .unsigned),
            2: Field("session_id", .unsigned),
            3: Field("boot_id", .text),
            4: Field("frame_sequence", .unsigned),
            5: Field("frames", .message(.frameCounters)),
            6: Field("capture_monotonic_ns", .unsigned),
            7: Field("capture_wall_ns", .unsigned),
            8: Field("wall_clock_uncertainty_ns", .number),
            9: Field("publish_monotonic_ns", .unsigned),
            10: Field("state", .names(Wire.State.names)),
            11: Field("pose", .message(.pose)),
            12: Field("evidence", .message(.evidence)),
            13: Field("reset_counter", .number),
            14: Field("latencies", .message(.latencies)),
            15: Field("map_frame", .text),
            16: Field("camera_frame", .text),
            17: Field("map_id", .text),
            18: Field("model_id", .text),
            19: Field("calibration_id", .text),
            20: Field("base_pose", .message(.pose)),
            21: Field("base_frame", .text),
            22: Field("map_from_odom", .message(.transform)),
            23: Field("odom_frame", .text),
            24: Field("retained", .bool),
            25: Field("wall_clock_synchronized", .bool),
            26: Field("wall_clock_max_error_ns", .unsigned),
            27: Field("protection_level_position", .double),
            28: Field("protection_level_rotation", .double),
            29: Field("reason", .text),
            32: Field("earth", .message(.earthPosition)),
            33: Field("base_earth", .message(.earthPosition)),
            34: Field("protocol_version", .number),
        ])

    /// `hfloc.v1.Pose`.
    static let pose = JSONSchema(
        "hfloc.v1.Pose",
        [
            1: Field("position", .message(.vector3)),
            2: Field("orientation", .message(.quaternion)),
            3: Field("covariance", .double, isRepeated: true),
        ])

    /// `hfloc.v1.EarthPosition`.
    static let earthPosition = JSONSchema(
        "hfloc.v1.EarthPosition",
        [
            1: Field("latitude_deg", .double),
            2: Field("longitude_deg", .double),
            3: Field("height_m", .double),
            4: Field("covariance", .double, isRepeated: true),
        ])

    /// `hfloc.v1.Transform`.
    static let transform = JSONSchema(
        "hfloc.v1.Transform",
        [
            1: Field("translation", .message(.vector3)),
            2: Field("rotation", .message(.quaternion)),
        ])

    /// `hfloc.v1.Vector3`.
    static let vector3 = JSONSchema(
        "hfloc.v1.Vector3",
        [
            1: Field("x", .double),
            2: Field("y", .double),
            3: Field("z", .double),
        ])

    /// `hfloc.v1.Quaternion`.
    static let quaternion = JSONSchema(
        "hfloc.v1.Quaternion",
        [
            1: Field("w", .double),
            2: Field("x", .double),
            3: Field("y", .double),
            4: Field("z", .double),
        ])

    /// `hfloc.v1.Evidence`.
    static let evidence = JSONSchema(
        "hfloc.v1.Evidence",
        [
            1: Field("keypoints", .number),
            2: Field("matches", .number),
            3: Field("inliers", .number),
            4: Field("inlier_ratio", .double),
            5: Field("spread", .double),
            6: Field("reprojection_rms_px", .double),
            7: Field("failed_gate", .names(Wire.Gate.names)),
            8: Field("source", .names(Wire.Source.names)),
            9: Field("landmarks_in_view", .number),
            10: Field("purity", .double),
            11: Field("rival_share", .double),
            12: Field("keyframe", .number),
            13: Field("rival_keyframe", .number),
        ])

    /// `hfloc.v1.FrameCounters`.
    static let frameCounters = JSONSchema(
        "hfloc.v1.FrameCounters",
        [
            1: Field("captured", .unsigned),
            2: Field("skipped", .unsigned),
            3: Field("dropped", .unsigned),
            4: Field("corrupt", .unsigned),
            5: Field("reopened", .unsigned),
            6: Field("recovered", .unsigned),
        ])

    /// `hfloc.v1.Latencies`.
    static let latencies = JSONSchema(
        "hfloc.v1.Latencies",
        [
            1: Field("capture_ns", .unsigned),
            2: Field("local_features_ns", .unsigned),
            3: Field("global_descriptor_ns", .unsigned),
            4: Field("retrieval_ns", .unsigned),
            5: Field("matching_ns", .unsigned),
            6: Field("pose_ns", .unsigned),
            7: Field("total_ns", .unsigned),
            8: Field("previous_publish_ns", .unsigned),
        ])
}

extension Wire.State {
    /// The names of the .proto file, by number.
    static let names: [UInt64: String] = [
        0: "STATE_UNSPECIFIED",
        1: "STATE_INITIALIZING",
        2: "STATE_LOCALIZED",
        3: "STATE_DEGRADED",
        4: "STATE_LOST",
        5: "STATE_NO_CAMERA",
        6: "STATE_BAD_FRAME",
        7: "STATE_BAD_MAP",
        8: "STATE_BAD_MODEL",
        9: "STATE_BAD_CALIBRATION",
        10: "STATE_FAULT",
    ]
}

extension Wire.Gate {
    /// The names of the .proto file, by number.
    static let names: [UInt64: String] = [
        0: "GATE_NONE",
        1: "GATE_INPUT",
        2: "GATE_RETRIEVAL",
        3: "GATE_MATCHES",
        4: "GATE_INLIERS",
        5: "GATE_INLIER_RATIO",
        6: "GATE_SPREAD",
        7: "GATE_REPROJECTION",
        8: "GATE_COVARIANCE",
        9: "GATE_AMBIGUITY",
        10: "GATE_PREDICTION",
        11: "GATE_AGREEMENT",
        12: "GATE_RECOGNITION",
        13: "GATE_PURITY",
        14: "GATE_CALIBRATION",
        15: "GATE_EXTRAPOLATION",
        16: "GATE_ODOMETRY",
    ]
}

extension Wire.Source {
    /// The names of the .proto file, by number.
    static let names: [UInt64: String] = [
        0: "SOURCE_UNSPECIFIED",
        1: "SOURCE_CACHED_PLACE",
        2: "SOURCE_RETRIEVAL",
        3: "SOURCE_FOLLOWED",
    ]
}
