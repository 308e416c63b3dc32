import Geometry
import Publishing

/// One example of each message, every field given.
enum GoldenMessages {
    /// Of before poses said the version of the protocol.
    static var identity: SessionIdentity {
        var identity = versioned
        identity.protocolVersion = 0
        return identity
    }

    static let versioned = SessionIdentity(
        sessionID: 0x0102_0304_0506_0708, bootID: "0f", mapFrame: "map", cameraFrame: "camera", mapID: "a1",
        modelID: "b2", calibrationID: "c3", baseFrame: "base_link", odomFrame: "odom")

    /// Name, bytes, JSON where the daemon writes it.
    static var all: [(name: String, bytes: [UInt8], json: [UInt8]?)] {
        var encoder = LocalizationEncoder(identity: identity)
        let pose = encoder.encode(localization()) + LocalizationEncoder.retainedSuffix
        // With the field that it gained after the first example was written.
        var odd = localization()
        odd.frames.recovered = 5
        let recovered = encoder.encode(odd)
        let weighed = encoder.encode(weighedLocalization())
        var vehicleEncoder = VehicleStateEncoder(identity: identity)
        let done = Wire.ControlReply(requestID: 8, ok: true, status: status())
        var earth = localization()
        earth.frames.recovered = 5
        (earth.earth, earth.baseEarth) = (earthPosition(48.5), earthPosition(-33.25))
        let onEarth = encoder.encode(earth)
        var versionedEncoder = LocalizationEncoder(identity: versioned)
        let doubted = versionedEncoder.encode(doubtedLocalization())
        var versionedVehicleEncoder = VehicleStateEncoder(identity: versioned)
        let reply = Wire.ControlReply(requestID: 7, ok: false, error: "no such map", status: status())
        return [
            ("Localization", pose, JSONTranscoder.json(pose, .localization)),
            ("LocalizationWithRecovered", recovered, JSONTranscoder.json(recovered, .localization)),
            ("LocalizationOnEarth", onEarth, JSONTranscoder.json(onEarth, .localization)),
            ("Status", status().encoded(), JSONTranscoder.json(status().encoded(), .status)),
            (
                "StatusWithRealTime", statusWithRealTime.encoded(),
                JSONTranscoder.json(statusWithRealTime.encoded(), .status)
            ),
            (
                "StatusWithCalibrationWatch", statusWithCalibrationWatch.encoded(),
                JSONTranscoder.json(statusWithCalibrationWatch.encoded(), .status)
            ),
            (
                "StatusWithRecording", statusWithRecording.encoded(),
                JSONTranscoder.json(statusWithRecording.encoded(), .status)
            ),
            (
                "StatusWithFollowed", statusWithFollowed.encoded(),
                JSONTranscoder.json(statusWithFollowed.encoded(), .status)
            ),
            ("LocalizationWithIntegrity", weighed, JSONTranscoder.json(weighed, .localization)),
            ("ControlReply", reply.encoded(), nil), ("ControlReplyOfSuccess", done.encoded(), nil),
            ("CameraInfo", camera.encoded(), JSONTranscoder.json(camera.encoded(), .cameraInfo)),
            ("VehicleState", vehicleEncoder.encode(vehicleState()), nil),
            ("LocalizationOfVersion", doubted, JSONTranscoder.json(doubted, .localization)),
            ("VehicleStateOfVersion", versionedVehicleEncoder.encode(vehicleState()), nil),
            ("Event", event.encoded(), JSONTranscoder.json(event.encoded(), .event)),
        ]
    }

    /// One that the odometry contradicts.
    private static func doubtedLocalization() -> LocalizationMessage {
        var message = weighedLocalization()
        (message.frames.recovered, message.earth, message.baseEarth) = (5, earthPosition(48.5), earthPosition(-33.25))
        message.state = .degraded
        message.evidence?.failedGate = .odometry
        message.reason = "the pose contradicts the odometry: one of the two is wrong"
        return message
    }

    static func vehicleState() -> VehicleStateMessage {
        var message = VehicleStateMessage()
        (message.sequence, message.monotonic, message.publishMonotonic) = (7, 1_000_000_000, 1_000_200_000)
        (message.wall, message.fixAge) = (1_763_800_000_123_456_789, 2_500_000_000)
        (message.condition, message.reason) = (.coasting, .oldFix)
        (message.resetCounter, message.withheldFixes) = (2, 11)
        (message.pose, message.mapFromOdom) = (localization().basePose, localization().mapFromOdom)
        message.velocity = Twist(translation: Vector3(10, 0.5, -0.25), rotation: Vector3(0, 0.125, 0.5))
        let half = Matrix3(diagonal: Vector3(repeating: 0.5))
        message.velocityCovariance = SymmetricMatrix6(translation: half, cross: half, rotation: half)
        return message
    }

    static func localization() -> LocalizationMessage {
        var message = LocalizationMessage()
        (message.sequence, message.frameSequence) = (300, 7)
        (message.frames.captured, message.frames.skipped, message.frames.dropped) = (300, 1, 2)
        (message.frames.corrupt, message.frames.reopened) = (3, 4)
        (message.captureMonotonic, message.publishMonotonic) = (1_000_000_000, 1_030_000_000)
        (message.captureWall, message.wallClockUncertainty) = (1_763_800_000_123_456_789, 150)
        (message.wallClockSynchronized, message.wallClockMaximumError) = (true, 2_500_000)
        message.state = .degraded
        var covariance = InlineArray<36, Double>(repeating: 0)
        for index in 0..<6 { covariance[7 * index] = Double(index + 1) / 64 }
        message.pose = .init(
            position: .init(x: 1.5, y: -2, z: 0.25), orientation: .init(w: 0.5, x: -0.5, y: 0.5, z: -0.5),
            covariance: covariance)
        message.basePose = .init(position: .init(x: -1, y: 3, z: 0.5), orientation: .init(w: 1), covariance: covariance)
        message.mapFromOdom = .init(translation: .init(x: 4, y: 5, z: -6), rotation: .init(z: 1))
        var evidence = Wire.Evidence()
        (evidence.keypoints, evidence.matches, evidence.inliers, evidence.landmarksInView) = (1000, 311, 143, 400)
        (evidence.inlierRatio, evidence.spread, evidence.reprojectionRmsPx) = (0.5, 0.75, 1.25)
        (evidence.failedGate, evidence.source) = (.recognition, .cachedPlace)
        message.evidence = evidence
        message.resetCounter = 1
        message.latencies = Wire.Latencies(
            captureNs: 1_000_000, localFeaturesNs: 20_000_000, globalDescriptorNs: 15_000_000, retrievalNs: 40_000,
            matchingNs: 3_000_000, poseNs: 500_000, totalNs: 30_000_000, previousPublishNs: 20_000)
        return message
    }

    private static func earthPosition(_ latitude: Double) -> LocalizationMessage.EarthPosition {
        var covariance = InlineArray<9, Double>(repeating: 0.125)
        for index in 0..<3 { covariance[4 * index] = Double(index + 1) / 4 }
        return .init(latitude: latitude, longitude: 11.625, height: 80.5, covariance: covariance)
    }

    private static func status() -> Wire.Status {
        var status = Wire.Status(daemonVersion: "1.2.3", sessionID: 9, bootID: "0f")
        (status.sequence, status.monotonicNs, status.wallNs, status.uptimeNs) = (5, 1 << 40, 1 << 60, 3_000_000_000)
        (status.state, status.reason) = (.badCalibration, "the frame has 320x240 pixels")
        status.problems = [
            .init(kind: .badCalibration, text: "the frame has 320x240 pixels"),
            .init(kind: .clockNotSynchronized, text: "run chrony"),
        ]
        (status.map, status.model) = (.init(path: "/m", id: "a1"), .init(path: "/n", id: "b2"))
        status.calibration = .init(path: "/c", id: "c3")
        status.camera = .init(
            source: "/dev/video0", connected: true, problem: "short", width: 640, height: 480, pixelFormat: "YUYV",
            nominalRate: 30)
        status.frames = .init(captured: 1, skipped: 2, dropped: 3, corrupt: 4, reopened: 5)
        (status.messages, status.poses, status.intervalNs, status.framesPerSecond) = (10, 8, 1_000_000_000, 29.5)
        let latency = Wire.LatencySummary(count: 30, p50Ns: 20_000_000, p99Ns: 25_000_000, maxNs: 26_000_000)
        status.latencies = Wire.Stage.allCases.dropFirst()
            .map { .init(stage: $0, interval: latency, sinceStart: latency) }
        (status.residentBytes, status.cpuShare, status.cpuShareSinceStart) = (70_000_000, 0.75, 0.5)
        status.clock = .init(
            synchronization: .notSynchronized, maxErrorNs: 16_000_000_000, estimatedErrorNs: 7,
            offsetNs: -3_600_000_000_000, steps: 1)
        status.place = .init(
            cached: true, keyframe: 12, keyframeName: "db/„12“.jpg", restored: true, restoreConfirmed: true)
        status.subscriptions = .init(localization: 3, record: 2, json: 1)
        (status.configurationGeneration, status.publishFailures) = (2, 1)
        return status
    }

    /// With the field that it gained after the first example was written.
    private static var statusWithRealTime: Wire.Status {
        var status = status()
        (status.state, status.reason) = (.fault, "real_time.priority: this user may not")
        status.realTime = .init(priority: 20, cpus: "0-1,3", memoryLocked: true)
        return status
    }

    /// With the next that it gained.
    private static var statusWithCalibrationWatch: Wire.Status {
        var status = statusWithRealTime
        (status.state, status.reason) = (.lost, "lost: no pose passed the gate 'calibration'")
        status.problems = [.init(kind: .calibrationContradicted, text: "the focal length seems 5.1 +- 0.2 % longer")]
        var watch = Wire.CalibrationWatch()
        (watch.frames, watch.chiSquare, watch.contradicts) = (5, 625, true)
        (watch.focalLengthError, watch.focalLengthDeviation) = (0.0625, 0.25)
        (watch.principalPointXError, watch.principalPointXDeviation) = (-1.5, 2)
        (watch.principalPointYError, watch.principalPointYDeviation) = (0.5, 1.25)
        status.calibrationWatch = watch
        return status
    }

    /// With what the gates count, and a recording.
    private static var statusWithRecording: Wire.Status {
        var status = statusWithCalibrationWatch
        status.gates = [
            .init(gate: .calibration, withheld: 5), .init(gate: .agreement, withheld: 0, degraded: 2),
        ]
        status.recording = .init(
            active: true, file: "/r/0001.mcap", writtenBytes: 1 << 33, files: 2, images: 600, droppedImages: 3,
            droppedMessages: 1, problem: "the disk is full")
        return status
    }

    private static var statusWithFollowed: Wire.Status {
        var status = statusWithRecording
        status.followed = 480
        return status
    }

    /// With what it says of its own trust.
    private static func weighedLocalization() -> LocalizationMessage {
        var message = localization()
        message.frames.recovered = 5
        message.protectionLevel = (0.125, 0.0078125)
        message.reason = "two poses explain the picture alike: see keyframe and rival_keyframe"
        var evidence = message.evidence ?? Wire.Evidence()
        (evidence.failedGate, evidence.purity, evidence.rivalShare) = (.ambiguity, 0.875, 0.75)
        (evidence.keyframe, evidence.rivalKeyframe) = (12, 40)
        message.evidence = evidence
        return message
    }

    private static let camera = Wire.CameraInfo(
        cameraFrame: "camera", model: "OPENCV", width: 640, height: 480,
        parameters: [500, 501.5, 319.5, 239.5, -0.25, 0.125, 0, 1e-7], calibrationID: "c3",
        baseFromCamera: .init(
            translation: .init(x: 1.2, z: 1.5), rotation: .init(w: 0.5, x: -0.5, y: 0.5, z: -0.5)),
        baseFrame: "base_link")

    private static let event = Wire.Event(
        kind: .stateChanged, monotonicNs: 1 << 40, wallNs: 1 << 60, from: .localized, to: .lost,
        text: "localized to lost")
}
