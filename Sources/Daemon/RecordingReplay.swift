internal import Capture
internal import Configuration
internal import Errors
internal import Features
internal import Fusion
internal import Geometry
internal import Inference
internal import Localizer
package import Publishing
internal import Recording
internal import ReferenceMap

/// Does again what a recorded daemon did: the same frame loop and localizer, fed with the recording's frames, odometry
/// and commands in the order in which they were taken. With the same map, model and program the poses are equal to the
/// last bit, however fast it goes.
package final class RecordingReplay {
    /// What a frame gave now.
    package struct Answer: Sendable {
        /// A serialized `hfloc.v1.Localization`.
        package var message: [UInt8]
        /// CLOCK_MONOTONIC of the recorded machine, nanoseconds.
        package var captureTime: UInt64
        /// Whether it says what the recorded message says, times and names of the run apart; nil if there is nothing to
        /// compare it with.
        package var isEqual: Bool?
        /// Why the frame's image cannot be used; it is answered as a camera's broken frame is.
        package var damage: (any Error)?
    }

    /// The file's first message.
    package let start: Wire.RecordingStart
    /// Why poses may differ from the recorded ones, though nothing is wrong; nil: they must not.
    package let difference: String?
    /// Frames whose image is not in the recording.
    package private(set) var missing = 0

    private let isSameMap: Bool
    private var reader: MCAPReader
    private let pipeline: Pipeline
    private let loop: FrameLoop
    private let exchange = FrameLoopExchange()
    private let source = RecordedFrames()
    private let clock: ReplayClock
    private let odometry = RecordedOdometry()
    private let drift: DriftModel
    private let publisher = KeptMessage()
    private var topics: [UInt16: RecordingTopic] = [:]
    private var decoder = RecordedFrame()
    private var image: (topic: RecordingTopic, bytes: [UInt8])?
    /// What was published last, which stands before its frame.
    private var published: RecordedAnswer?
    private var hasMapFromOdom = false

    /// - Parameters:
    ///   - path: of a recording.
    ///   - map: another one than the recorded daemon's; nil: the same file.
    ///   - model: the same.
    ///   - camera: a camera file, for a recording without one.
    /// - Throws: what keeps the file, the map or the model from being used.
    package init(_ path: String, map: String?, model: String?, camera: String?) throws {
        reader = try MCAPReader(opening: path)
        let first = reader.next()
        if first == nil, let damage = reader.damage {
            throw RecordingError(path, "\(damage): nothing of it can be replayed", cure: reader.damageCure)
        }
        guard let first, let channel = reader.channel(of: first),
            channel.topic == RecordingTopic.recording.name,
            let start = try? reader.withBytes(first.content, { try Wire.RecordingStart(decoding: $0) })
        else {
            throw RecordingError(
                path, "does not begin as a recording of hfloc does", cure: "`hfloc recording info` says what it holds")
        }
        self.start = start
        let contents = try RecordedTexts(reader, map: map, model: model, camera: camera)
        // Whether the recorded machine had a thread for it or not: frames are told.
        pipeline = try Pipeline(
            contents.configuration, session: Session(), cameraFile: contents.cameraFile, runner: .adopter)
        difference = Self.difference(start, pipeline.resources)
        isSameMap = start.map?.id == pipeline.resources.map.identity
        let wire = contents.configuration.wire
        drift = DriftModel(drift: wire.odometryDrift)
        clock = ReplayClock(start)
        loop = FrameLoop(
            source: source, pipeline: pipeline,
            ports: FrameLoopPorts(
                publisher: publisher, odometry: wire.odometry.isEmpty ? nil : odometry,
                vehicle: wire.vehicle.map { VehicleFrame(baseFromCamera: $0.baseFromCamera) }, drift: drift,
                estimates: nil),
            exchange: exchange, clock: clock, journal: Journal { _ in }, endsWithSource: false)
    }

    /// What kept the file from being read to its end; nil as long as there is more.
    package var damage: String? { reader.damage }

    /// The next frame's answer; nil at the end.
    package func next() throws -> Answer? {
        while let message = reader.next() {
            guard let topic = topic(of: message) else { continue }
            if let answer = try take(topic, message) { return answer }
        }
        return nil
    }

    private func take(_ topic: RecordingTopic, _ message: MCAP.Message) throws -> Answer? {
        switch topic {
        // Places are of the recorded map.
        case .localizerState: if isSameMap { try resume(try decode(message)) }
        case .command: if isSameMap { follow(try decode(message)) }
        case .compressedImage, .rawImage: image = (topic, reader.bytes(message.content))
        case .odometry: try takeOdometry(message)
        case .frame:
            defer { image = nil }
            return try answer(try decode(message))
        case .localization: published = RecordedAnswer(reader.bytes(message.content))
        case .recording, .position, .imu, .status, .event, .cameraInfo: break
        }
        return nil
    }

    /// One that stands for no pose was taken in by nobody.
    private func takeOdometry(_ message: MCAP.Message) throws {
        let _: Wire.Odometry = try decode(message)
        let reading = try? reader.withBytes(message.content) { try OdometryReading(decoding: $0, at: nil) }
        if let reading { odometry.take(reading) }
    }

    private func decode<Message: DecodableMessage>(_ message: MCAP.Message) throws -> Message {
        do {
            return try reader.withBytes(message.content) { try Message(decoding: $0) }
        } catch {
            throw RecordingError(reader.path, "holds a message that is damaged", cure: "record again")
        }
    }

    private func topic(of message: MCAP.Message) -> RecordingTopic? {
        if let known = topics[message.channel] { return known }
        let topic = reader.channel(of: message).flatMap { RecordingTopic(name: $0.topic) }
        topics[message.channel] = topic
        return topic
    }

    /// The localizer goes on where the recorded one stood.
    private func resume(_ state: Wire.LocalizerState) throws {
        if !state.mapProblem.isEmpty {
            exchange.send { $0.withdrawal = state.mapProblem }
            _ = loop.step()
        }
        if let vehicle = state.vehicle { try resume(withVehicle: vehicle) }
        guard let state = LocalizerState(state), pipeline.localizer.resume(state) else {
            throw RecordingError(
                reader.path, "its localizer stood where this map has no keyframe", cure: "give the map of the recording"
            )
        }
    }

    /// So does what is known of the vehicle.
    private func resume(withVehicle vehicle: Wire.VehicleEstimate) throws {
        guard let track = vehicle.track, let estimator = VehicleEstimator(vehicle, drift: drift) else {
            throw RecordingError(reader.path, "holds a state that is damaged", cure: "record again")
        }
        odometry.resume(track)
        loop.resume(estimator)
    }

    /// One after another, as they were taken.
    private func follow(_ command: Wire.CommandTaken) {
        exchange.send { commands in
            switch command.command {
            case .forget: commands.forgetsPlace = true
            case .state(let place): commands.statedPose = LastPose(place)
            case .withdraw(let map): commands.withdrawal = map.reason
            case nil: break
            }
        }
        _ = loop.step()
    }

    private func answer(_ frame: Wire.FrameTaken) throws -> Answer? {
        guard !frame.imageDropped else {
            missing += 1
            return nil
        }
        let stamp = FrameStamp(
            sequence: frame.frameSequence, captureTime: frame.captureMonotonicNs,
            source: StampSource(rawValue: frame.stamp.rawValue) ?? .arrival)
        let damage = show(frame, stamp)
        clock.now = frame.captureMonotonicNs
        publisher.message = []
        loop.networkTurn = frame.networkTurn.turn
        _ = loop.step()
        var answer = Answer(message: publisher.message, captureTime: frame.captureMonotonicNs, damage: damage)
        if let published, published.sequence == frame.messageSequence, damage == nil {
            answer.isEqual = compare(answer, published)
        }
        return answer
    }

    /// Makes a frame the source's next event.
    ///
    /// - Returns: what is wrong with its image, if it should be good.
    private func show(_ frame: Wire.FrameTaken, _ stamp: FrameStamp) -> (any Error)? {
        source.event = .corrupt(stamp)
        guard !frame.corrupt else { return nil }
        do {
            try source.take(image, view: frame.view.map { FrameView($0) }, decoder: &decoder, of: reader.path)
            source.event = .frame(stamp)
            return nil
        } catch {
            return error
        }
    }

    /// nil where the poses need not be equal.
    private func compare(_ answer: Answer, _ published: RecordedAnswer) -> Bool? {
        guard difference == nil, var now = RecordedAnswer(answer.message) else { return nil }
        var then = published
        // Of the odometry before the recording nothing is known.
        hasMapFromOdom = hasMapFromOdom || now.hasMapFromOdom
        if !hasMapFromOdom {
            now.dropMapFromOdom()
            then.dropMapFromOdom()
        }
        return now == then
    }

    private static func difference(_ start: Wire.RecordingStart, _ resources: PipelineResources) -> String? {
        if start.jpegQuality > 0 {
            return "its images were recorded as JPEG of quality \(start.jpegQuality), which a camera did not make"
        }
        if start.map?.id != resources.map.identity { return "another map than the recorded one is used" }
        if start.model?.id != resources.model.modelID { return "another model than the recorded one is used" }
        return start.calibration?.id == resources.calibrationID
            ? nil : "another calibration than the recorded one is used"
    }
}

/// The texts that a recording carries, as what they are.
private struct RecordedTexts {
    let configuration: DaemonConfiguration
    let cameraFile: CameraFile

    init(_ reader: MCAPReader, map: String?, model: String?, camera: String?) throws {
        func text(_ name: String) -> [UInt8]? {
            reader.attachments.first { $0.name == name }.map { reader.bytes($0.content) }
        }
        let name = "\(reader.path): \(RecordingDescription.cameraFile)"
        if let camera {
            cameraFile = try CameraFile(reading: camera)
        } else if let bytes = text(RecordingDescription.cameraFile) {
            cameraFile = try CameraFile(parsing: bytes, path: name)
        } else {
            throw RecordingError(reader.path, "holds no camera file", cure: "give --camera")
        }
        var draft = ConfigurationDraft()
        let bytes = text(RecordingDescription.configuration)
        if let bytes { draft = try ConfigurationDraft(parsing: bytes, path: name) }
        var options: [String: [String]] = [:]
        if bytes == nil {
            guard map != nil else {
                throw RecordingError(reader.path, "was recorded without a map", cure: "give one with --map")
            }
            // What a configuration must have, and a replay does not use.
            options = ["frames": ["/"], "camera": ["/"], "publish": ["inproc://replay"]]
        }
        if let map { options["map"] = [map] }
        if let model { options["model"] = [model] }
        draft.apply(try ConfigurationOverrides(options: options))
        configuration = try draft.complete()
    }
}

/// What a message says of a frame, whenever and by whomever: all of its fields but times and names of the run.
private struct RecordedAnswer: Equatable {
    private(set) var sequence: UInt64 = 0
    private var fields: [Field] = []

    private struct Field: Equatable {
        var number: UInt64
        var bits: UInt64
        var bytes: [UInt8]
    }

    /// Sequence, session, boot, counters, wall clock, publication, latencies, repetition.
    private static let ofTheRun: Set<UInt64> = [1, 2, 3, 5, 7, 8, 9, 14, 24, 25, 26]
    private static let mapFromOdom: UInt64 = 22

    /// nil if the bytes are no message.
    init?(_ message: [UInt8]) {
        var reader = WireReader(0..<message.count)
        do {
            while let (number, value) = try reader.next(message.span) {
                if number == 1, case .varint(let value) = value { sequence = value }
                guard !Self.ofTheRun.contains(number) else { continue }
                switch value {
                case .varint(let bits), .fixed64(let bits): fields.append(Field(number: number, bits: bits, bytes: []))
                case .bytes(let range):
                    fields.append(Field(number: number, bits: 0, bytes: Array(message[range])))
                case .fixed32, .group: break
                }
            }
        } catch {
            return nil
        }
    }

    var hasMapFromOdom: Bool { fields.contains { $0.number == Self.mapFromOdom } }

    mutating func dropMapFromOdom() { fields.removeAll { $0.number == Self.mapFromOdom } }

    static func == (a: Self, b: Self) -> Bool { a.fields == b.fields }
}
