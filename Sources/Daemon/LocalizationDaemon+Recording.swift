internal import Configuration
internal import Errors
internal import Files
internal import Inference
internal import ProgramVersion
internal import Publishing
internal import Recording
internal import ReferenceMap
internal import Supervision

/// The recording that runs, or the last one. Main thread.
struct ActiveRecording {
    let writer: RecordingWriter
    let thread: any RunningThread
    /// It is to end; those who asked for it.
    var isEnding = false
    var waiting: [(String?) -> Void] = []
    /// Its end has been told.
    var isTold = false

    var isRunning: Bool { !thread.isFinished }
}

extension LocalizationDaemon {
    /// Begins to record; why it cannot, in one line.
    ///
    /// - Parameter cause: the configuration, or a request.
    func startRecording(_ cause: Wire.RecordingStart.Cause) -> String? {
        if recording?.isRunning == true { return "start_recording: a recording runs already; stop it first" }
        let writer: RecordingWriter
        let thread: any RunningThread
        do {
            writer = try makeWriter(cause)
            thread = try host.startThread("hfloc-record", nil, []) { writer.run() }
        } catch {
            recordingProblem = "recording: \(Failure(describing: error).description)"
            return recordingProblem
        }
        recordingProblem = nil
        recording = ActiveRecording(writer: writer, thread: thread)
        exchange.send { ($0.recording, $0.endsRecording) = (writer.frames, false) }
        telemetry.describeCamera(self)
        let text = "recording \(writer.progress.file)"
        host.journal.write(text)
        telemetry.tell(self, .recordingStarted, text)
        return nil
    }

    /// - Parameter finish: called once, when the file is complete, with what went wrong.
    func stopRecording(finish: @escaping (String?) -> Void = { _ in }) {
        guard recording?.isRunning == true else { return finish("stop_recording: nothing is being recorded") }
        recording?.waiting.append(finish)
        endRecording()
    }

    private func endRecording() {
        guard let recording, !recording.isEnding else { return }
        self.recording?.isEnding = true
        exchange.send { ($0.recording, $0.endsRecording) = (nil, true) }
        recording.writer.telemetry.end()
    }

    /// Tells of an end. Call often.
    func watchRecording() {
        guard let recording, !recording.isTold else { return }
        let progress = recording.writer.progress
        if progress.problem != nil { endRecording() }
        guard !recording.isRunning else { return }
        self.recording?.isTold = true
        let text = progress.problem ?? "recorded \(progress.file)"
        host.journal.write(text)
        telemetry.tell(self, .recordingStopped, text)
        for finish in recording.waiting { finish(progress.problem) }
        self.recording?.waiting = []
    }

    /// At the end of the daemon: the frame loop has ended, and the file is completed.
    func finishRecording(until deadline: UInt64) {
        guard let recording, recording.isRunning else { return }
        recording.writer.telemetry.end()
        while recording.isRunning, host.clock.monotonic < deadline {
            host.clock.sleep(until: host.clock.monotonic + 5_000_000)
        }
        if recording.isRunning {
            host.journal.write("\(recording.writer.progress.file): not completed; `hfloc recording repair` does that")
        }
    }

    /// What the daemon is made of now, for files that begin from now on.
    func describeRecording() { recording?.writer.describe(description(.pipeline)) }

    /// What vehicles' sensors have sent.
    func takeSensors(at now: UInt64) {
        for sensor in sockets?.poller.sensors ?? [] {
            let topic: RecordingTopic = sensor.kind == .position ? .position : .imu
            sensor.receive(at: now) { message, stamp in
                telemetryInput?.record(topic, message, of: stamp, at: now)
            }
        }
    }

    /// Where what is not the frame loop's is recorded; nil: nowhere.
    var telemetryInput: RecordingInput? {
        guard let recording, recording.isRunning, !recording.isEnding else { return nil }
        return recording.writer.telemetry
    }

    /// nil: nothing has been recorded since the start.
    var recordingStatus: Wire.RecordingStatus? {
        guard let recording else { return nil }
        let (writer, progress) = (recording.writer, recording.writer.progress)
        return Wire.RecordingStatus(
            active: recording.isRunning, file: progress.file, writtenBytes: progress.bytes, files: progress.files,
            images: writer.frames.images, droppedImages: writer.frames.droppedImages,
            droppedMessages: writer.frames.droppedMessages + writer.telemetry.droppedMessages,
            problem: progress.problem ?? "")
    }

    /// What is wrong with the recording, for people; nil: nothing.
    var recordingTrouble: String? {
        if let recordingProblem { return recordingProblem }
        guard let status = recordingStatus else { return nil }
        if !status.problem.isEmpty { return status.problem }
        guard status.active, status.droppedImages + status.droppedMessages > 0 else { return nil }
        return "recording: \(status.droppedImages) images and \(status.droppedMessages) other messages are missing: "
            + "the disk is too slow; give recording.memory more, or record less (recording.quality)"
    }

    private func makeWriter(_ cause: Wire.RecordingStart.Cause) throws -> RecordingWriter {
        let settings = configuration.recording
        let state = StateFolder(configuration.state, environment: host.environment)
        guard let folder = settings.folder ?? state.path.map({ $0 + "/recordings" }) else {
            throw Failure(
                .configuration, "recording.folder: is missing, and there is no state folder; give one of them")
        }
        let clock = host.clock
        return try RecordingWriter(
            in: RecordingFolder(folder, budget: UInt64(settings.budget) * 1_000_000, leastFree: leastFreeDisk),
            limits: RecordingLimits(
                fileSize: UInt64(min(settings.fileSize, settings.budget / 2)) * 1_000_000,
                fileTime: UInt64(settings.fileTime) * 1_000_000_000,
                jpegQuality: settings.quality),
            description: description(cause), memory: settings.memory << 20, cameraFrame: configuration.cameraFrame,
            clock: RecordingClock(
                monotonic: { clock.monotonic }, wallOffset: { clock.wall.offset }, sleep: { clock.sleep(until: $0) }))
    }

    private func description(_ cause: Wire.RecordingStart.Cause) -> RecordingDescription {
        // Of a pipeline on its way into the frame loop, what it is made of.
        let (made, said) = (
            replacement?.resources ?? resources, replacement?.loader.configuration ?? configuration
        )
        var start = Wire.RecordingStart()
        (start.cause, start.version) = (cause, Version.text)
        (start.sessionID, start.bootID) = (session.id, session.bootID)
        start.source = said.source.path
        start.map = Wire.FileIdentity(path: made.map.path, id: made.map.identity)
        start.model = Wire.FileIdentity(path: made.model.path, id: made.model.modelID)
        start.calibration = Wire.FileIdentity(path: made.cameraFile.path, id: made.calibrationID)
        return RecordingDescription(
            start: start,
            attachments: [
                (RecordingDescription.cameraFile, made.cameraFile.content),
                (RecordingDescription.configuration, Array(said.text.utf8)),
            ])
    }
}
