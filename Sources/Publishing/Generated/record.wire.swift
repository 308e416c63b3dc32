// Written by tools/generate/generate-wire from hfloc/v1/record.proto. Not to be changed by hand.
// swift-format-ignore-file

extension Wire {
    /// The second frame: what the third is.
    public struct RecordHeader: Sendable, Equatable {
        /// The payload's message, such as "hfloc.v1.Localization".
        public var schema: String = ""
        /// "protobuf" or "json".
        public var encoding: String = ""
        /// As in Localization.
        public var bootID: String = ""
        /// As in Localization.
        public var sessionID: UInt64 = 0
        /// Counts the messages of this topic, on this endpoint, in this session, from 1. A gap means that the
        /// subscriber missed messages.
        public var sequence: UInt64 = 0
        /// When it was sent, CLOCK_MONOTONIC.
        public var monotonicNs: UInt64 = 0

        public init() {}

        public init(
            schema: String = "",
            encoding: String = "",
            bootID: String = "",
            sessionID: UInt64 = 0,
            sequence: UInt64 = 0,
            monotonicNs: UInt64 = 0
        ) {
            self.schema = schema
            self.encoding = encoding
            self.bootID = bootID
            self.sessionID = sessionID
            self.sequence = sequence
            self.monotonicNs = monotonicNs
        }
    }
}

extension Wire.RecordHeader: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.string(1, schema)
        wire.string(2, encoding)
        wire.string(3, bootID)
        wire.fixed64(4, sessionID)
        wire.varint(5, sequence)
        wire.fixed64(6, monotonicNs)
    }
}

extension Wire {
    /// The camera that the poses are of. Sent at the start, after each change, and to each new subscriber.
    public struct CameraInfo: Sendable, Equatable {
        /// As in Localization.
        public var cameraFrame: String = ""
        /// Such as "OPENCV": COLMAP's name.
        public var model: String = ""
        /// Pixels.
        public var width: UInt32 = 0
        /// Pixels.
        public var height: UInt32 = 0
        /// In COLMAP's order; the principal point counts from the centre of the top-left pixel.
        public var parameters: [Double] = []
        /// As in Localization.
        public var calibrationID: String = ""
        /// The camera on the vehicle: x_base = R(rotation) * x_camera + translation. Absent without extrinsics.
        public var baseFromCamera: Wire.Transform? = nil
        /// As in Localization.
        public var baseFrame: String = ""

        public init() {}

        public init(
            cameraFrame: String = "",
            model: String = "",
            width: UInt32 = 0,
            height: UInt32 = 0,
            parameters: [Double] = [],
            calibrationID: String = "",
            baseFromCamera: Wire.Transform? = nil,
            baseFrame: String = ""
        ) {
            self.cameraFrame = cameraFrame
            self.model = model
            self.width = width
            self.height = height
            self.parameters = parameters
            self.calibrationID = calibrationID
            self.baseFromCamera = baseFromCamera
            self.baseFrame = baseFrame
        }
    }
}

extension Wire.CameraInfo: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.string(1, cameraFrame)
        wire.string(2, model)
        wire.varint(3, UInt64(width))
        wire.varint(4, UInt64(height))
        wire.packedDoubles(5, count: parameters.count)
        for value in parameters { wire.element(value) }
        wire.string(6, calibrationID)
        if let baseFromCamera { wire.message(7) { baseFromCamera.encode(into: &$0) } }
        wire.string(8, baseFrame)
    }
}

extension Wire {
    /// Something that happened once.
    public struct Event: Sendable, Equatable {
        /// What happened.
        public var kind: Wire.Event.Kind = .unspecified
        /// When: CLOCK_MONOTONIC.
        public var monotonicNs: UInt64 = 0
        /// The same instant since the Unix epoch.
        public var wallNs: UInt64 = 0
        /// The state before. For STATE_CHANGED, and for STOPPING before the start was complete.
        public var from: Wire.State = .unspecified
        /// The state after; as `from`.
        public var to: Wire.State = .unspecified
        /// One line for people.
        public var text: String = ""

        public init() {}

        public init(
            kind: Wire.Event.Kind = .unspecified,
            monotonicNs: UInt64 = 0,
            wallNs: UInt64 = 0,
            from: Wire.State = .unspecified,
            to: Wire.State = .unspecified,
            text: String = ""
        ) {
            self.kind = kind
            self.monotonicNs = monotonicNs
            self.wallNs = wallNs
            self.from = from
            self.to = to
            self.text = text
        }

        /// What happened.
        public enum Kind: UInt8, Sendable, CaseIterable {
            /// Of a version that is not known.
            case unspecified = 0
            /// The daemon is ready.
            case started = 1
            /// `from` one state `to` another.
            case stateChanged = 2
            /// No frames arrive any more.
            case cameraLost = 3
            /// Frames arrive again.
            case cameraFound = 4
            /// Another map is in use.
            case mapLoaded = 5
            /// Another map cannot be used: the one before stays.
            case mapRefused = 6
            /// Another configuration is in use.
            case configurationReloaded = 7
            /// Another configuration cannot be used: the one before stays.
            case configurationRefused = 8
            /// Somebody asked to forget the cached place.
            case relocalizationAsked = 9
            /// Somebody said where the camera is.
            case priorSet = 10
            /// The wall clock was set.
            case clockStepped = 11
            /// The daemon began at the place that the run before had saved, and a frame confirmed it. Once in a run, at
            /// most.
            case placeRestored = 12
            /// The daemon ends.
            case stopping = 13
            /// A recording has begun.
            case recordingStarted = 20
            /// A recording has ended: as asked, or with the reason.
            case recordingStopped = 21
        }
    }
}

extension Wire.Event: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(kind.rawValue))
        wire.fixed64(2, monotonicNs)
        wire.fixed64(3, wallNs)
        wire.varint(4, UInt64(from.rawValue))
        wire.varint(5, UInt64(to.rawValue))
        wire.string(6, text)
    }
}

extension JSONSchema {
    /// `hfloc.v1.RecordHeader`.
    package static let recordHeader = JSONSchema(
        "hfloc.v1.RecordHeader",
        [
            1: Field("schema", .text),
            2: Field("encoding", .text),
            3: Field("boot_id", .text),
            4: Field("session_id", .unsigned),
            5: Field("sequence", .unsigned),
            6: Field("monotonic_ns", .unsigned),
        ])

    /// `hfloc.v1.CameraInfo`.
    package static let cameraInfo = JSONSchema(
        "hfloc.v1.CameraInfo",
        [
            1: Field("camera_frame", .text),
            2: Field("model", .text),
            3: Field("width", .number),
            4: Field("height", .number),
            5: Field("parameters", .double, isRepeated: true),
            6: Field("calibration_id", .text),
            7: Field("base_from_camera", .message(.transform)),
            8: Field("base_frame", .text),
        ])

    /// `hfloc.v1.Event`.
    package static let event = JSONSchema(
        "hfloc.v1.Event",
        [
            1: Field("kind", .names(Wire.Event.Kind.names)),
            2: Field("monotonic_ns", .unsigned),
            3: Field("wall_ns", .unsigned),
            4: Field("from", .names(Wire.State.names)),
            5: Field("to", .names(Wire.State.names)),
            6: Field("text", .text),
        ])
}

extension Wire.Event.Kind {
    /// The names of the .proto file, by number.
    static let names: [UInt64: String] = [
        0: "KIND_UNSPECIFIED",
        1: "KIND_STARTED",
        2: "KIND_STATE_CHANGED",
        3: "KIND_CAMERA_LOST",
        4: "KIND_CAMERA_FOUND",
        5: "KIND_MAP_LOADED",
        6: "KIND_MAP_REFUSED",
        7: "KIND_CONFIGURATION_RELOADED",
        8: "KIND_CONFIGURATION_REFUSED",
        9: "KIND_RELOCALIZATION_ASKED",
        10: "KIND_PRIOR_SET",
        11: "KIND_CLOCK_STEPPED",
        12: "KIND_PLACE_RESTORED",
        13: "KIND_STOPPING",
        20: "KIND_RECORDING_STARTED",
        21: "KIND_RECORDING_STOPPED",
    ]
}
