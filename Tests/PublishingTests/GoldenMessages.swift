import Publishing

/// One example of each message, every field given.
enum GoldenMessages {
    static let identity = SessionIdentity(
        sessionID: 0x0102_0304_0506_0708, bootID: "0f", mapFrame: "map", cameraFrame: "camera", mapID: "a1",
        modelID: "b2", calibrationID: "c3", baseFrame: "base_link", odomFrame: "odom")

    /// Name, bytes, JSON where the daemon writes it.
    static var all: [(name: String, bytes: [UInt8], json: [UInt8]?)] {
        var encoder = LocalizationEncoder(identity: identity)
        let pose = encoder.encode(localization()) + LocalizationEncoder.retainedSuffix
        let reply = ControlReply(requestID: 7, error: "no such map", status: status())
        return [
            ("Localization", pose, JSONTranscoder.json(pose, .localization)),
            ("Status", status().encoded(), JSONTranscoder.json(status().encoded(), .status)),
            (
                "StatusWithRealTime", statusWithRealTime.encoded(),
                JSONTranscoder.json(statusWithRealTime.encoded(), .status)
            ),
            ("ControlReply", reply.encoded(), nil),
            ("CameraInfo", camera().encoded(), JSONTranscoder.json(camera().encoded(), .cameraInfo)),
            ("Event", event.encoded(), JSONTranscoder.json(event.encoded(), .event)),
        ]
    }

    private static func localization() -> LocalizationMessage {
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
            position: SIMD3(1.5, -2, 0.25), orientation: (0.5, -0.5, 0.5, -0.5), covariance: covariance)
        message.basePose = .init(position: SIMD3(-1, 3, 0.5), orientation: (1, 0, 0, 0), covariance: covariance)
        message.mapFromOdom = .init(translation: SIMD3(4, 5, -6), rotation: SIMD4(0, 0, 0, 1))
        var evidence = LocalizationMessage.Evidence()
        (evidence.keypoints, evidence.matches, evidence.inliers, evidence.landmarksInView) = (1000, 311, 143, 400)
        (evidence.inlierRatio, evidence.spread, evidence.reprojectionRMS) = (0.5, 0.75, 1.25)
        (evidence.failedGate, evidence.source) = (.recognition, .cachedPlace)
        message.evidence = evidence
        message.resetCounter = 1
        var latencies = LocalizationMessage.Latencies()
        (latencies.capture, latencies.localFeatures, latencies.globalDescriptor) = (1_000_000, 20_000_000, 15_000_000)
        (latencies.retrieval, latencies.matching, latencies.pose) = (40_000, 3_000_000, 500_000)
        (latencies.total, latencies.previousPublish) = (30_000_000, 20_000)
        message.latencies = latencies
        return message
    }

    private static func status() -> StatusMessage {
        var status = StatusMessage()
        (status.daemonVersion, status.protocolVersion, status.sessionID, status.bootID) = ("1.2.3", 1, 9, "0f")
        (status.sequence, status.monotonic, status.wall, status.uptime) = (5, 1 << 40, 1 << 60, 3_000_000_000)
        (status.state, status.reason) = (.badCalibration, "the frame has 320x240 pixels")
        status.problems = [
            .init(.badCalibration, "the frame has 320x240 pixels"), .init(.clockNotSynchronized, "run chrony"),
        ]
        (status.map, status.model) = (.init(path: "/m", id: "a1"), .init(path: "/n", id: "b2"))
        status.calibration = .init(path: "/c", id: "c3")
        (status.camera.source, status.camera.isConnected, status.camera.problem) = ("/dev/video0", true, "short")
        (status.camera.width, status.camera.height, status.camera.pixelFormat) = (640, 480, "YUYV")
        status.camera.nominalRate = 30
        (status.frames.captured, status.frames.skipped, status.frames.dropped) = (1, 2, 3)
        (status.frames.corrupt, status.frames.reopened) = (4, 5)
        (status.messages, status.poses, status.interval, status.framesPerSecond) = (10, 8, 1_000_000_000, 29.5)
        var latency = StatusMessage.LatencySummary()
        (latency.count, latency.median, latency.percentile99, latency.maximum) = (
            30, 20_000_000, 25_000_000, 26_000_000
        )
        status.latencies = StatusMessage.Stage.allCases.dropFirst()
            .map { .init($0, interval: latency, sinceStart: latency) }
        (status.residentBytes, status.cpuShare, status.cpuShareSinceStart) = (70_000_000, 0.75, 0.5)
        (status.clock.synchronization, status.clock.maximumError) = (.notSynchronized, 16_000_000_000)
        (status.clock.estimatedError, status.clock.offset, status.clock.steps) = (7, -3_600_000_000_000, 1)
        (status.place.isCached, status.place.keyframe, status.place.keyframeName) = (true, 12, "db/„12“.jpg")
        (status.place.isRestored, status.place.isRestoreConfirmed) = (true, true)
        (status.subscriptions.localization, status.subscriptions.record, status.subscriptions.json) = (3, 2, 1)
        (status.configurationGeneration, status.publishFailures) = (2, 1)
        return status
    }

    /// With the field that it gained after the first example was written.
    private static var statusWithRealTime: StatusMessage {
        var status = status()
        (status.state, status.reason) = (.fault, "real_time.priority: this user may not")
        var realTime = StatusMessage.RealTime()
        (realTime.priority, realTime.cpus, realTime.isMemoryLocked) = (20, "0-1,3", true)
        status.realTime = realTime
        return status
    }

    private static func camera() -> CameraInfoMessage {
        var info = CameraInfoMessage()
        (info.cameraFrame, info.model, info.width, info.height) = ("camera", "OPENCV", 640, 480)
        info.parameters = [500, 501.5, 319.5, 239.5, -0.25, 0.125, 0, 1e-7]
        (info.calibrationID, info.baseFrame) = ("c3", "base_link")
        info.baseFromCamera = .init(translation: SIMD3(1.2, 0, 1.5), rotation: SIMD4(0.5, -0.5, 0.5, -0.5))
        return info
    }

    private static let event = EventMessage(
        .stateChanged, "localized to lost", monotonic: 1 << 40, wall: 1 << 60, from: .localized, to: .lost)
}
