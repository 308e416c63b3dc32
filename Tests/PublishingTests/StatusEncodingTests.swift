import Messages
import Publishing
import SwiftProtobuf
import Testing
import TestSupport

@Suite("Encoding of hfloc.v1.Status and ControlReply")
struct StatusEncodingTests {
    @Test("1000 random messages decode to what went in, and are byte for byte what SwiftProtobuf writes")
    func random() throws {
        var random = SeededGenerator("status/random")
        for _ in 0..<1000 {
            let status = randomStatus(&random)
            let expected = oracle(status)
            let bytes = status.encoded()
            let decoded = try Hfloc_V1_Status(serializedBytes: bytes)
            #expect(decoded == expected)
            #expect(decoded.unknownFields.data.isEmpty)
            let reference: [UInt8] = try expected.serializedBytes()
            #expect(bytes == reference)
        }
    }

    @Test("A reply carries its number, its error or none, and the status", arguments: [nil, "no such map: /a"])
    func reply(error: String?) throws {
        var random = SeededGenerator("status/reply")
        let status = randomStatus(&random)
        let bytes = ControlReply(requestID: 77, error: error, status: status).encoded()
        let decoded = try Hfloc_V1_ControlReply(serializedBytes: bytes)
        #expect(decoded.requestID == 77 && decoded.ok == (error == nil) && decoded.error == error ?? "")
        #expect(decoded.status == oracle(status))
    }

    @Test("Names and raw values of the enums are those of the .proto file")
    func enums() {
        agree(Hfloc_V1_Problem.Kind.allCases, StatusMessage.Problem.Kind.allCases)
        agree(Hfloc_V1_Stage.allCases, StatusMessage.Stage.allCases)
        agree(Hfloc_V1_ClockSynchronization.allCases, ClockSynchronization.State.allCases)
    }

    private func agree<Wire: Enum, Ours: RawRepresentable<UInt8>>(_ wire: [Wire], _ ours: [Ours]) {
        #expect(wire.map { "\($0) \($0.rawValue)" } == ours.map { "\($0) \($0.rawValue)" })
    }
}

func randomStatus(_ random: inout SeededGenerator) -> StatusMessage {
    func text() -> String {
        ["", "x", "/dev/video0: weg — „Gerät“ fehlt", "\u{0}\"\\\n"].randomElement(using: &random) ?? ""
    }
    func small() -> UInt32 { UInt32(truncatingIfNeeded: randomInteger(&random)) }
    func latency() -> StatusMessage.LatencySummary {
        var summary = StatusMessage.LatencySummary()
        summary.count = randomInteger(&random)
        summary.median = randomInteger(&random)
        summary.percentile99 = randomInteger(&random)
        summary.maximum = randomInteger(&random)
        return summary
    }
    var status = StatusMessage()
    (status.daemonVersion, status.protocolVersion, status.sessionID) = (text(), small(), randomInteger(&random))
    (status.bootID, status.sequence, status.reason) = (text(), randomInteger(&random), text())
    (status.monotonic, status.wall, status.uptime) = (random.next(), random.next(), randomInteger(&random))
    status.state = LocalizationMessage.State.allCases.randomElement(using: &random) ?? .lost
    for kind in StatusMessage.Problem.Kind.allCases where Bool.random(using: &random) {
        status.problems.append(.init(kind, text()))
    }
    (status.map, status.model) = (.init(path: text(), id: text()), .init(path: text(), id: text()))
    status.calibration = .init(path: text(), id: text())
    (status.camera.source, status.camera.problem, status.camera.pixelFormat) = (text(), text(), text())
    (status.camera.width, status.camera.height) = (small(), small())
    (status.camera.isConnected, status.camera.nominalRate) = (Bool.random(using: &random), randomDouble(&random))
    (status.frames.captured, status.frames.reopened) = (randomInteger(&random), randomInteger(&random))
    (status.messages, status.poses, status.interval) = (randomInteger(&random), random.next(), randomInteger(&random))
    for stage in StatusMessage.Stage.allCases where Bool.random(using: &random) {
        status.latencies.append(.init(stage, interval: latency(), sinceStart: latency()))
    }
    (status.framesPerSecond, status.residentBytes) = (randomDouble(&random), randomInteger(&random))
    (status.cpuShare, status.cpuShareSinceStart) = (randomDouble(&random), randomDouble(&random))
    status.clock.synchronization = ClockSynchronization.State.allCases.randomElement(using: &random) ?? .unspecified
    (status.clock.maximumError, status.clock.estimatedError) = (randomInteger(&random), randomInteger(&random))
    (status.clock.offset, status.clock.steps) = (Int64(bitPattern: randomInteger(&random)), randomInteger(&random))
    (status.place.isCached, status.place.keyframe) = (Bool.random(using: &random), small())
    (status.place.keyframeName, status.place.isRestored) = (text(), Bool.random(using: &random))
    status.place.isRestoreConfirmed = Bool.random(using: &random)
    (status.subscriptions.localization, status.subscriptions.record) = (small(), small())
    status.subscriptions.json = small()
    (status.configurationGeneration, status.publishFailures) = (randomInteger(&random), randomInteger(&random))
    if Bool.random(using: &random) {
        var realTime = StatusMessage.RealTime()
        (realTime.priority, realTime.cpus, realTime.isMemoryLocked) = (small(), text(), Bool.random(using: &random))
        status.realTime = realTime
    }
    return status
}

private func oracle(_ status: StatusMessage) -> Hfloc_V1_Status {
    .with {
        $0.daemonVersion = status.daemonVersion
        $0.protocolVersion = status.protocolVersion
        $0.sessionID = status.sessionID
        $0.bootID = status.bootID
        $0.sequence = status.sequence
        $0.monotonicNs = status.monotonic
        $0.wallNs = status.wall
        $0.uptimeNs = status.uptime
        $0.state = Hfloc_V1_State(rawValue: Int(status.state.rawValue)) ?? .unspecified
        $0.reason = status.reason
        $0.problems = status.problems.map { problem in
            .with {
                $0.kind = Hfloc_V1_Problem.Kind(rawValue: Int(problem.kind.rawValue)) ?? .unspecified
                $0.text = problem.text
            }
        }
        $0.map = oracle(status.map)
        $0.model = oracle(status.model)
        $0.calibration = oracle(status.calibration)
        $0.camera = oracle(status.camera)
        $0.frames.captured = status.frames.captured
        $0.frames.reopened = status.frames.reopened
        $0.messages = status.messages
        $0.poses = status.poses
        $0.latencies = status.latencies.map(oracle)
        $0.intervalNs = status.interval
        $0.framesPerSecond = status.framesPerSecond
        $0.residentBytes = status.residentBytes
        $0.cpuShare = status.cpuShare
        $0.cpuShareSinceStart = status.cpuShareSinceStart
        $0.clock = oracle(status.clock)
        $0.place = oracle(status.place)
        $0.subscriptions.localization = status.subscriptions.localization
        $0.subscriptions.record = status.subscriptions.record
        $0.subscriptions.json = status.subscriptions.json
        $0.configurationGeneration = status.configurationGeneration
        $0.publishFailures = status.publishFailures
        if let realTime = status.realTime {
            $0.realTime.priority = realTime.priority
            $0.realTime.cpus = realTime.cpus
            $0.realTime.memoryLocked = realTime.isMemoryLocked
        }
    }
}

private func oracle(_ file: StatusMessage.FileIdentity) -> Hfloc_V1_FileIdentity {
    .with { ($0.path, $0.id) = (file.path, file.id) }
}

private func oracle(_ camera: StatusMessage.Camera) -> Hfloc_V1_CameraStatus {
    .with {
        $0.source = camera.source
        $0.connected = camera.isConnected
        $0.problem = camera.problem
        $0.width = camera.width
        $0.height = camera.height
        $0.pixelFormat = camera.pixelFormat
        $0.nominalRate = camera.nominalRate
    }
}

private func oracle(_ latency: StatusMessage.StageLatency) -> Hfloc_V1_StageLatency {
    .with {
        $0.stage = Hfloc_V1_Stage(rawValue: Int(latency.stage.rawValue)) ?? .unspecified
        $0.interval = oracle(latency.interval)
        $0.sinceStart = oracle(latency.sinceStart)
    }
}

private func oracle(_ summary: StatusMessage.LatencySummary) -> Hfloc_V1_LatencySummary {
    .with {
        ($0.count, $0.p50Ns, $0.p99Ns, $0.maxNs) = (
            summary.count, summary.median, summary.percentile99, summary.maximum
        )
    }
}

private func oracle(_ clock: StatusMessage.Clock) -> Hfloc_V1_ClockStatus {
    .with {
        let state = Int(clock.synchronization.rawValue)
        $0.synchronization = Hfloc_V1_ClockSynchronization(rawValue: state) ?? .unspecified
        $0.maxErrorNs = clock.maximumError
        $0.estimatedErrorNs = clock.estimatedError
        $0.offsetNs = clock.offset
        $0.steps = clock.steps
    }
}

private func oracle(_ place: StatusMessage.Place) -> Hfloc_V1_PlaceStatus {
    .with {
        $0.cached = place.isCached
        $0.keyframe = place.keyframe
        $0.keyframeName = place.keyframeName
        $0.restored = place.isRestored
        $0.restoreConfirmed = place.isRestoreConfirmed
    }
}
