// Written by tools/generate/generate-wire from hfloc/v1/status.proto. Not to be changed by hand.
// swift-format-ignore-file

extension Wire {
    /// A stage of a frame, in the order of the data: as in Latencies.
    public enum Stage: UInt8, Sendable, CaseIterable {
        /// Of a version that is not known.
        case unspecified = 0
        /// From the capture stamp until the frame was in memory.
        case capture = 1
        /// Reduction, and the network's local branch.
        case localFeatures = 2
        /// The network's global branch.
        case globalDescriptor = 3
        /// The search for prior frames of the map.
        case retrieval = 4
        /// Keypoints against landmarks.
        case matching = 5
        /// RANSAC and refinement.
        case pose = 6
        /// Encoding and sending.
        case publish = 7
        /// From the capture stamp to the publish stamp.
        case total = 8
    }
}

extension Wire {
    /// What the kernel says of the wall clock.
    public enum ClockSynchronization: UInt8, Sendable, CaseIterable {
        /// The kernel could not be asked (a sandbox without adjtimex).
        case unspecified = 0
        /// It follows a reference.
        case synchronized = 1
        /// It runs freely.
        case notSynchronized = 2
    }
}

extension Wire {
    /// How the daemon fares.
    public struct Status: Sendable, Equatable {
        /// Such as "0.1.0".
        public var daemonVersion: String = ""
        /// Of this package: 1. A larger number only ever adds fields and enum values.
        public var protocolVersion: UInt32 = 0
        /// As in Localization.
        public var sessionID: UInt64 = 0
        /// As in Localization.
        public var bootID: String = ""
        /// Counts the status messages of this session from 1.
        public var sequence: UInt64 = 0
        /// When this was written: CLOCK_MONOTONIC.
        public var monotonicNs: UInt64 = 0
        /// The same instant since the Unix epoch.
        public var wallNs: UInt64 = 0
        /// Since the daemon started.
        public var uptimeNs: UInt64 = 0
        /// Of the last Localization.
        public var state: Wire.State = .unspecified
        /// One sentence for people: why the state is what it is, and what cures it.
        public var reason: String = ""
        /// All that is wrong, also what does not keep the daemon from localizing; empty if nothing is.
        public var problems: [Wire.Problem] = []
        /// The map in use.
        public var map: Wire.FileIdentity? = nil
        /// The model in use.
        public var model: Wire.FileIdentity? = nil
        /// The camera file in use.
        public var calibration: Wire.FileIdentity? = nil
        /// Where the frames come from.
        public var camera: Wire.CameraStatus? = nil
        /// As in Localization.
        public var frames: Wire.FrameCounters? = nil
        /// Localization messages sent.
        public var messages: UInt64 = 0
        /// How many of them had a pose.
        public var poses: UInt64 = 0
        /// How many of those came from followed landmarks (SOURCE_FOLLOWED).
        public var followed: UInt64 = 0
        /// What the gates did since the daemon started; one that did nothing is absent.
        public var gates: [Wire.GateCount] = []
        /// From capture to publication, one entry per stage that ran.
        public var latencies: [Wire.StageLatency] = []
        /// What `StageLatency.interval`, `frames_per_second` and `cpu_share` span.
        public var intervalNs: UInt64 = 0
        /// Frames localized per second.
        public var framesPerSecond: Double = 0
        /// Memory of the process, mapped files included as far as they are in memory.
        public var residentBytes: UInt64 = 0
        /// CPU seconds per second; 1 is one CPU fully used.
        public var cpuShare: Double = 0
        /// The same since the daemon started.
        public var cpuShareSinceStart: Double = 0
        /// Whether wall-clock stamps are to be believed.
        public var clock: Wire.ClockStatus? = nil
        /// Where the next frame is looked for first.
        public var place: Wire.PlaceStatus? = nil
        /// Who listens.
        public var subscriptions: Wire.Subscriptions? = nil
        /// 1 at the start; counts each reload of the configuration that was taken over.
        public var configurationGeneration: UInt64 = 0
        /// Messages that ZeroMQ did not take, for lack of memory.
        public var publishFailures: UInt64 = 0
        /// Absent before the thread from camera to publisher runs.
        public var realTime: Wire.RealTimeStatus? = nil
        /// What the frames so far say of the camera file. Absent before the first that says anything.
        public var calibrationWatch: Wire.CalibrationWatch? = nil
        /// What is being recorded. Absent if nothing is, and has not been since the start.
        public var recording: Wire.RecordingStatus? = nil

        public init() {}
    }
}

extension Wire.Status: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.string(1, daemonVersion)
        wire.varint(2, UInt64(protocolVersion))
        wire.fixed64(3, sessionID)
        wire.string(4, bootID)
        wire.varint(5, sequence)
        wire.fixed64(6, monotonicNs)
        wire.fixed64(7, wallNs)
        wire.varint(8, uptimeNs)
        wire.varint(9, UInt64(state.rawValue))
        wire.string(10, reason)
        for value in problems { wire.message(11) { value.encode(into: &$0) } }
        if let map { wire.message(12) { map.encode(into: &$0) } }
        if let model { wire.message(13) { model.encode(into: &$0) } }
        if let calibration { wire.message(14) { calibration.encode(into: &$0) } }
        if let camera { wire.message(15) { camera.encode(into: &$0) } }
        if let frames { wire.message(16) { frames.encode(into: &$0) } }
        wire.varint(17, messages)
        wire.varint(18, poses)
        for value in latencies { wire.message(19) { value.encode(into: &$0) } }
        wire.varint(20, intervalNs)
        wire.double(21, framesPerSecond)
        wire.varint(22, residentBytes)
        wire.double(23, cpuShare)
        wire.double(24, cpuShareSinceStart)
        if let clock { wire.message(25) { clock.encode(into: &$0) } }
        if let place { wire.message(26) { place.encode(into: &$0) } }
        if let subscriptions { wire.message(27) { subscriptions.encode(into: &$0) } }
        wire.varint(28, configurationGeneration)
        wire.varint(29, publishFailures)
        if let realTime { wire.message(30) { realTime.encode(into: &$0) } }
        if let calibrationWatch { wire.message(31) { calibrationWatch.encode(into: &$0) } }
        for value in gates { wire.message(32) { value.encode(into: &$0) } }
        wire.varint(33, followed)
        if let recording { wire.message(40) { recording.encode(into: &$0) } }
    }
}

extension Wire {
    /// What a gate did.
    public struct GateCount: Sendable, Equatable {
        /// Which.
        public var gate: Wire.Gate = .none
        /// Frames that it left without a pose.
        public var withheld: UInt64 = 0
        /// Frames whose pose it degraded.
        public var degraded: UInt64 = 0

        public init() {}

        public init(
            gate: Wire.Gate = .none,
            withheld: UInt64 = 0,
            degraded: UInt64 = 0
        ) {
            self.gate = gate
            self.withheld = withheld
            self.degraded = degraded
        }
    }
}

extension Wire.GateCount: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(gate.rawValue))
        wire.varint(2, withheld)
        wire.varint(3, degraded)
    }
}

extension Wire {
    /// Something that is wrong.
    public struct Problem: Sendable, Equatable {
        /// What is wrong.
        public var kind: Wire.Problem.Kind = .unspecified
        /// One sentence that names the file or device, and the cure.
        public var text: String = ""

        public init() {}

        public init(
            kind: Wire.Problem.Kind = .unspecified,
            text: String = ""
        ) {
            self.kind = kind
            self.text = text
        }

        /// What is wrong.
        public enum Kind: UInt8, Sendable, CaseIterable {
            /// Of a version that is not known.
            case unspecified = 0
            /// No frames arrive.
            case noCamera = 1
            /// The map cannot be used; while another one is in use, this is about the one that was to replace it.
            case badMap = 2
            /// The model cannot be used.
            case badModel = 3
            /// The camera file is of another resolution than the frames, or damaged.
            case badCalibration = 4
            /// The wall clock is not synchronized: capture_wall_ns may be wrong, everything else is right.
            case clockNotSynchronized = 5
            /// No pose passes its gates.
            case lost = 6
            /// The frame could not be read.
            case badFrame = 7
            /// A reload was refused, and the configuration before it stays; or, with STATE_FAULT, what the daemon was
            /// started with cannot be used.
            case badConfiguration = 8
            /// Frames take longer than their period: some are skipped.
            case tooSlow = 9
            /// The odometry endpoint receives what cannot be used: no message of odometry, or with stamps of another
            /// clock.
            case badOdometry = 10
            /// An endpoint has as many connections as it may, and takes no more until some of them end.
            case tooManyConnections = 11
            /// The last place cannot be kept over a restart: the next start looks for the camera in the whole map.
            case placeNotKept = 12
            /// The frames contradict the camera file, or the map was built with a wrong camera: poses are withheld. The
            /// text says by how much; see Status.calibration_watch.
            case calibrationContradicted = 13
            /// The recording has ended by itself, or images are missing in it.
            case recording = 30
        }
    }
}

extension Wire.Problem: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(kind.rawValue))
        wire.string(2, text)
    }
}

extension Wire {
    /// A file in use.
    public struct FileIdentity: Sendable, Equatable {
        /// As the configuration or a request gave it.
        public var path: String = ""
        /// As in Localization: a hash, hexadecimal.
        public var id: String = ""

        public init() {}

        public init(
            path: String = "",
            id: String = ""
        ) {
            self.path = path
            self.id = id
        }
    }
}

extension Wire.FileIdentity: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.string(1, path)
        wire.string(2, id)
    }
}

extension Wire.FileIdentity: DecodableMessage {
    package mutating func take(
        _ field: UInt64, _ value: WireReader.Value, of bytes: Span<UInt8>
    ) throws(Wire.Malformed) {
        switch (field, value) {
        case (1, .bytes(let range)): path = try String(wire: bytes, range)
        case (2, .bytes(let range)): id = try String(wire: bytes, range)
        default: break
        }
    }
}

extension Wire {
    /// Where the frames come from.
    public struct CameraStatus: Sendable, Equatable {
        /// The device or the folder.
        public var source: String = ""
        /// Frames arrive.
        public var connected: Bool = false
        /// Why it delivers no frames, or broken ones.
        public var problem: String = ""
        /// Of the frames as they are localized, pixels.
        public var width: UInt32 = 0
        /// The same.
        public var height: UInt32 = 0
        /// Such as "YUYV"; empty for a folder.
        public var pixelFormat: String = ""
        /// As the driver states it, per second; 0 if it does not.
        public var nominalRate: Double = 0

        public init() {}

        public init(
            source: String = "",
            connected: Bool = false,
            problem: String = "",
            width: UInt32 = 0,
            height: UInt32 = 0,
            pixelFormat: String = "",
            nominalRate: Double = 0
        ) {
            self.source = source
            self.connected = connected
            self.problem = problem
            self.width = width
            self.height = height
            self.pixelFormat = pixelFormat
            self.nominalRate = nominalRate
        }
    }
}

extension Wire.CameraStatus: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.string(1, source)
        wire.bool(2, connected)
        wire.string(3, problem)
        wire.varint(4, UInt64(width))
        wire.varint(5, UInt64(height))
        wire.string(6, pixelFormat)
        wire.double(7, nominalRate)
    }
}

extension Wire {
    /// How long one stage took.
    public struct StageLatency: Sendable, Equatable {
        /// Which.
        public var stage: Wire.Stage = .unspecified
        /// In the last whole interval: see Status.interval_ns.
        public var interval: Wire.LatencySummary? = nil
        /// Since the daemon started.
        public var sinceStart: Wire.LatencySummary? = nil

        public init() {}

        public init(
            stage: Wire.Stage = .unspecified,
            interval: Wire.LatencySummary? = nil,
            sinceStart: Wire.LatencySummary? = nil
        ) {
            self.stage = stage
            self.interval = interval
            self.sinceStart = sinceStart
        }
    }
}

extension Wire.StageLatency: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(stage.rawValue))
        if let interval { wire.message(2) { interval.encode(into: &$0) } }
        if let sinceStart { wire.message(3) { sinceStart.encode(into: &$0) } }
    }
}

extension Wire {
    /// Durations of one stage.
    public struct LatencySummary: Sendable, Equatable {
        /// How many there were.
        public var count: UInt64 = 0
        /// Their median.
        public var p50Ns: UInt64 = 0
        /// 99 of 100 were at most this.
        public var p99Ns: UInt64 = 0
        /// The longest.
        public var maxNs: UInt64 = 0

        public init() {}

        public init(
            count: UInt64 = 0,
            p50Ns: UInt64 = 0,
            p99Ns: UInt64 = 0,
            maxNs: UInt64 = 0
        ) {
            self.count = count
            self.p50Ns = p50Ns
            self.p99Ns = p99Ns
            self.maxNs = maxNs
        }
    }
}

extension Wire.LatencySummary: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, count)
        wire.varint(2, p50Ns)
        wire.varint(3, p99Ns)
        wire.varint(4, maxNs)
    }
}

extension Wire {
    /// The wall clock, as adjtimex(2) tells.
    public struct ClockStatus: Sendable, Equatable {
        /// Whether it follows a reference.
        public var synchronization: Wire.ClockSynchronization = .unspecified
        /// Its largest error, as the kernel estimates it; 0 if unknown.
        public var maxErrorNs: UInt64 = 0
        /// Its likely error, as the kernel estimates it; 0 if unknown.
        public var estimatedErrorNs: UInt64 = 0
        /// Wall clock minus CLOCK_MONOTONIC.
        public var offsetNs: Int64 = 0
        /// How often the offset moved by more than 10 ms between two status messages.
        public var steps: UInt64 = 0

        public init() {}

        public init(
            synchronization: Wire.ClockSynchronization = .unspecified,
            maxErrorNs: UInt64 = 0,
            estimatedErrorNs: UInt64 = 0,
            offsetNs: Int64 = 0,
            steps: UInt64 = 0
        ) {
            self.synchronization = synchronization
            self.maxErrorNs = maxErrorNs
            self.estimatedErrorNs = estimatedErrorNs
            self.offsetNs = offsetNs
            self.steps = steps
        }
    }
}

extension Wire.ClockStatus: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(synchronization.rawValue))
        wire.varint(2, maxErrorNs)
        wire.varint(3, estimatedErrorNs)
        wire.varint(4, UInt64(bitPattern: offsetNs))
        wire.varint(5, steps)
    }
}

extension Wire {
    /// How the thread from camera to publisher runs, as the kernel says.
    public struct RealTimeStatus: Sendable, Equatable {
        /// Its SCHED_FIFO priority; 0: the ordinary scheduler.
        public var priority: UInt32 = 0
        /// Where it may run, as the kernel writes such lists: "0-1,3". Empty if the kernel did not say.
        public var cpus: String = ""
        /// What is touched of the process's memory stays in RAM.
        public var memoryLocked: Bool = false

        public init() {}

        public init(
            priority: UInt32 = 0,
            cpus: String = "",
            memoryLocked: Bool = false
        ) {
            self.priority = priority
            self.cpus = cpus
            self.memoryLocked = memoryLocked
        }
    }
}

extension Wire.RealTimeStatus: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(priority))
        wire.string(2, cpus)
        wire.bool(3, memoryLocked)
    }
}

extension Wire {
    /// What the frames say of the camera file together: estimates of focal length and principal point beside the pose,
    /// summed up. A direction that no frame observes has a large deviation: the focal length before a wall seen
    /// head-on. A map that was built with a wrong camera contradicts a right camera file just as well.
    public struct CalibrationWatch: Sendable, Equatable {
        /// How many frames have spoken.
        public var frames: UInt32 = 0
        /// Against the camera file, three degrees of freedom: one right camera in a thousand is above 16.3.
        public var chiSquare: Double = 0
        /// The frames contradict the camera file.
        public var contradicts: Bool = false
        /// The focal length as the frames have it over that of the camera file, less 1: .05 is a lens that is 5 %
        /// longer.
        public var focalLengthError: Double = 0
        /// Standard deviation of it.
        public var focalLengthDeviation: Double = 0
        /// The principal point as the frames have it less that of the camera file, pixels of the frames.
        public var principalPointXError: Double = 0
        /// Standard deviation of it.
        public var principalPointXDeviation: Double = 0
        /// The same for y.
        public var principalPointYError: Double = 0
        /// The same.
        public var principalPointYDeviation: Double = 0

        public init() {}
    }
}

extension Wire.CalibrationWatch: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(frames))
        wire.double(2, chiSquare)
        wire.bool(3, contradicts)
        wire.double(4, focalLengthError)
        wire.double(5, focalLengthDeviation)
        wire.double(6, principalPointXError)
        wire.double(7, principalPointXDeviation)
        wire.double(8, principalPointYError)
        wire.double(9, principalPointYDeviation)
    }
}

extension Wire {
    /// The cached place around the last pose.
    public struct PlaceStatus: Sendable, Equatable {
        /// There is one.
        public var cached: Bool = false
        /// Its reference keyframe.
        public var keyframe: UInt32 = 0
        /// The keyframe's image, as the map names it.
        public var keyframeName: String = ""
        /// It came from the state file of an earlier run, and no frame has confirmed it yet.
        public var restored: Bool = false
        /// A place was restored at the start of this run, and frames confirmed it.
        public var restoreConfirmed: Bool = false

        public init() {}

        public init(
            cached: Bool = false,
            keyframe: UInt32 = 0,
            keyframeName: String = "",
            restored: Bool = false,
            restoreConfirmed: Bool = false
        ) {
            self.cached = cached
            self.keyframe = keyframe
            self.keyframeName = keyframeName
            self.restored = restored
            self.restoreConfirmed = restoreConfirmed
        }
    }
}

extension Wire.PlaceStatus: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.bool(1, cached)
        wire.varint(2, UInt64(keyframe))
        wire.string(3, keyframeName)
        wire.bool(4, restored)
        wire.bool(5, restoreConfirmed)
    }
}

extension Wire {
    /// Subscriptions at this moment.
    public struct Subscriptions: Sendable, Equatable {
        /// To the poses.
        public var localization: UInt32 = 0
        /// To the recorder endpoint.
        public var record: UInt32 = 0
        /// To the JSON endpoint.
        public var json: UInt32 = 0

        public init() {}

        public init(
            localization: UInt32 = 0,
            record: UInt32 = 0,
            json: UInt32 = 0
        ) {
            self.localization = localization
            self.record = record
            self.json = json
        }
    }
}

extension Wire.Subscriptions: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.varint(1, UInt64(localization))
        wire.varint(2, UInt64(record))
        wire.varint(3, UInt64(json))
    }
}

extension Wire {
    /// The recording that runs, or the last one.
    public struct RecordingStatus: Sendable, Equatable {
        /// It runs.
        public var active: Bool = false
        /// The file that is being written, or the last.
        public var file: String = ""
        /// Written so far, all files of this recording together.
        public var writtenBytes: UInt64 = 0
        /// Files of this recording so far.
        public var files: UInt32 = 0
        /// Images in it.
        public var images: UInt64 = 0
        /// Images for which there was no room in memory: the disk was too slow.
        public var droppedImages: UInt64 = 0
        /// Other messages for which there was none.
        public var droppedMessages: UInt64 = 0
        /// Why it ended by itself; empty if it did not.
        public var problem: String = ""

        public init() {}

        public init(
            active: Bool = false,
            file: String = "",
            writtenBytes: UInt64 = 0,
            files: UInt32 = 0,
            images: UInt64 = 0,
            droppedImages: UInt64 = 0,
            droppedMessages: UInt64 = 0,
            problem: String = ""
        ) {
            self.active = active
            self.file = file
            self.writtenBytes = writtenBytes
            self.files = files
            self.images = images
            self.droppedImages = droppedImages
            self.droppedMessages = droppedMessages
            self.problem = problem
        }
    }
}

extension Wire.RecordingStatus: EncodableMessage {
    package func encode(into wire: inout WireEncoder) {
        wire.bool(1, active)
        wire.string(2, file)
        wire.varint(3, writtenBytes)
        wire.varint(4, UInt64(files))
        wire.varint(5, images)
        wire.varint(6, droppedImages)
        wire.varint(7, droppedMessages)
        wire.string(8, problem)
    }
}

extension JSONSchema {
    /// `hfloc.v1.Status`.
    package static let status = JSONSchema(
        "hfloc.v1.Status",
        [
            1: Field("daemon_version", .text),
            2: Field("protocol_version", .number),
            3: Field("session_id", .unsigned),
            4: Field("boot_id", .text),
            5: Field("sequence", .unsigned),
            6: Field("monotonic_ns", .unsigned),
            7: Field("wall_ns", .unsigned),
            8: Field("uptime_ns", .unsigned),
            9: Field("state", .names(Wire.State.names)),
            10: Field("reason", .text),
            11: Field("problems", .message(.problem), isRepeated: true),
            12: Field("map", .message(.fileIdentity)),
            13: Field("model", .message(.fileIdentity)),
            14: Field("calibration", .message(.fileIdentity)),
            15: Field("camera", .message(.cameraStatus)),
            16: Field("frames", .message(.frameCounters)),
            17: Field("messages", .unsigned),
            18: Field("poses", .unsigned),
            33: Field("followed", .unsigned),
            32: Field("gates", .message(.gateCount), isRepeated: true),
            19: Field("latencies", .message(.stageLatency), isRepeated: true),
            20: Field("interval_ns", .unsigned),
            21: Field("frames_per_second", .double),
            22: Field("resident_bytes", .unsigned),
            23: Field("cpu_share", .double),
            24: Field("cpu_share_since_start", .double),
            25: Field("clock", .message(.clockStatus)),
            26: Field("place", .message(.placeStatus)),
            27: Field("subscriptions", .message(.subscriptions)),
            28: Field("configuration_generation", .unsigned),
            29: Field("publish_failures", .unsigned),
            30: Field("real_time", .message(.realTimeStatus)),
            31: Field("calibration_watch", .message(.calibrationWatch)),
            40: Field("recording", .message(.recordingStatus)),
        ])

    /// `hfloc.v1.GateCount`.
    static let gateCount = JSONSchema(
        "hfloc.v1.GateCount",
        [
            1: Field("gate", .names(Wire.Gate.names)),
            2: Field("withheld", .unsigned),
            3: Field("degraded", .unsigned),
        ])

    /// `hfloc.v1.Problem`.
    static let problem = JSONSchema(
        "hfloc.v1.Problem",
        [
            1: Field("kind", .names(Wire.Problem.Kind.names)),
            2: Field("text", .text),
        ])

    /// `hfloc.v1.FileIdentity`.
    static let fileIdentity = JSONSchema(
        "hfloc.v1.FileIdentity",
        [
            1: Field("path", .text),
            2: Field("id", .text),
        ])

    /// `hfloc.v1.CameraStatus`.
    static let cameraStatus = JSONSchema(
        "hfloc.v1.CameraStatus",
        [
            1: Field("source", .text),
            2: Field("connected", .bool),
            3: Field("problem", .text),
            4: Field("width", .number),
            5: Field("height", .number),
            6: Field("pixel_format", .text),
            7: Field("nominal_rate", .double),
        ])

    /// `hfloc.v1.StageLatency`.
    static let stageLatency = JSONSchema(
        "hfloc.v1.StageLatency",
        [
            1: Field("stage", .names(Wire.Stage.names)),
            2: Field("interval", .message(.latencySummary)),
            3: Field("since_start", .message(.latencySummary)),
        ])

    /// `hfloc.v1.LatencySummary`.
    static let latencySummary = JSONSchema(
        "hfloc.v1.LatencySummary",
        [
            1: Field("count", .unsigned),
            2: Field("p50_ns", .unsigned),
            3: Field("p99_ns", .unsigned),
            4: Field("max_ns", .unsigned),
        ])

    /// `hfloc.v1.ClockStatus`.
    static let clockStatus = JSONSchema(
        "hfloc.v1.ClockStatus",
        [
            1: Field("synchronization", .names(Wire.ClockSynchronization.names)),
            2: Field("max_error_ns", .unsigned),
            3: Field("estimated_error_ns", .unsigned),
            4: Field("offset_ns", .signed),
            5: Field("steps", .unsigned),
        ])

    /// `hfloc.v1.RealTimeStatus`.
    static let realTimeStatus = JSONSchema(
        "hfloc.v1.RealTimeStatus",
        [
            1: Field("priority", .number),
            2: Field("cpus", .text),
            3: Field("memory_locked", .bool),
        ])

    /// `hfloc.v1.CalibrationWatch`.
    static let calibrationWatch = JSONSchema(
        "hfloc.v1.CalibrationWatch",
        [
            1: Field("frames", .number),
            2: Field("chi_square", .double),
            3: Field("contradicts", .bool),
            4: Field("focal_length_error", .double),
            5: Field("focal_length_deviation", .double),
            6: Field("principal_point_x_error", .double),
            7: Field("principal_point_x_deviation", .double),
            8: Field("principal_point_y_error", .double),
            9: Field("principal_point_y_deviation", .double),
        ])

    /// `hfloc.v1.PlaceStatus`.
    static let placeStatus = JSONSchema(
        "hfloc.v1.PlaceStatus",
        [
            1: Field("cached", .bool),
            2: Field("keyframe", .number),
            3: Field("keyframe_name", .text),
            4: Field("restored", .bool),
            5: Field("restore_confirmed", .bool),
        ])

    /// `hfloc.v1.Subscriptions`.
    static let subscriptions = JSONSchema(
        "hfloc.v1.Subscriptions",
        [
            1: Field("localization", .number),
            2: Field("record", .number),
            3: Field("json", .number),
        ])

    /// `hfloc.v1.RecordingStatus`.
    static let recordingStatus = JSONSchema(
        "hfloc.v1.RecordingStatus",
        [
            1: Field("active", .bool),
            2: Field("file", .text),
            3: Field("written_bytes", .unsigned),
            4: Field("files", .number),
            5: Field("images", .unsigned),
            6: Field("dropped_images", .unsigned),
            7: Field("dropped_messages", .unsigned),
            8: Field("problem", .text),
        ])
}

extension Wire.Stage {
    /// The names of the .proto file, by number.
    static let names: [UInt64: String] = [
        0: "STAGE_UNSPECIFIED",
        1: "STAGE_CAPTURE",
        2: "STAGE_LOCAL_FEATURES",
        3: "STAGE_GLOBAL_DESCRIPTOR",
        4: "STAGE_RETRIEVAL",
        5: "STAGE_MATCHING",
        6: "STAGE_POSE",
        7: "STAGE_PUBLISH",
        8: "STAGE_TOTAL",
    ]
}

extension Wire.ClockSynchronization {
    /// The names of the .proto file, by number.
    static let names: [UInt64: String] = [
        0: "CLOCK_SYNCHRONIZATION_UNSPECIFIED",
        1: "CLOCK_SYNCHRONIZATION_SYNCHRONIZED",
        2: "CLOCK_SYNCHRONIZATION_NOT_SYNCHRONIZED",
    ]
}

extension Wire.Problem.Kind {
    /// The names of the .proto file, by number.
    static let names: [UInt64: String] = [
        0: "KIND_UNSPECIFIED",
        1: "KIND_NO_CAMERA",
        2: "KIND_BAD_MAP",
        3: "KIND_BAD_MODEL",
        4: "KIND_BAD_CALIBRATION",
        5: "KIND_CLOCK_NOT_SYNCHRONIZED",
        6: "KIND_LOST",
        7: "KIND_BAD_FRAME",
        8: "KIND_BAD_CONFIGURATION",
        9: "KIND_TOO_SLOW",
        10: "KIND_BAD_ODOMETRY",
        11: "KIND_TOO_MANY_CONNECTIONS",
        12: "KIND_PLACE_NOT_KEPT",
        13: "KIND_CALIBRATION_CONTRADICTED",
        30: "KIND_RECORDING",
    ]
}
