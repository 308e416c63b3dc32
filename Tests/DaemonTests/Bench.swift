import CZeroMQ
import Configuration
import Daemon
import Errors
import Features
import Geometry
import Inference
import Localizer
import Messages
import Publishing
import ReferenceMap
import SwiftProtobuf
import TestSupport
import Testing

/// A daemon with its files in a folder of its own, frames and poses from scripts, clients inside the process, and a
/// clock that stands.
final class Bench {
    let machine = TestHost()
    let files = Scratch()
    let frames: ScriptedFrames
    /// In the order in which they were made.
    private let pipelines = MadeLocalizers()
    private let context: ZeroMQContext
    private let poseClient: TestSocket
    private let recordClient: TestSocket
    private let controlClient: TestSocket
    private var fields: [String: String]
    private var requests: UInt64 = 0
    private var made: LocalizationDaemon?
    /// For a daemon that opens something else than the scripts.
    var replacedOpeners: Openers?

    /// Whether ``localizers`` holds what the daemon has let go of.
    var keepsLocalizers: Bool {
        get { pipelines.keeps }
        set { pipelines.keeps = newValue }
    }

    var clock: ManualClock { machine.clock }
    var localizers: [ScriptedLocalizer] { pipelines.all }
    var daemon: LocalizationDaemon { get throws { try #require(made) } }
    var localizer: ScriptedLocalizer { get throws { try #require(localizers.first) } }
    var frameThread: TestThread { get throws { try #require(machine.threads(named: "hfloc-frames").first) } }

    /// Files of a good configuration. The clients are connected before there is anybody to answer.
    ///
    /// - Parameter changes: fields of the configuration that replace others, or come to them; "" takes one out.
    init(_ changes: [String: String] = [:]) throws {
        frames = ScriptedFrames(clock: machine.clock)
        context = try ZeroMQContext()
        poseClient = try TestSocket(ZMQ_SUB, in: context, connectedTo: "inproc://localization")
        recordClient = try TestSocket(ZMQ_SUB, in: context, connectedTo: "inproc://record")
        controlClient = try TestSocket(ZMQ_DEALER, in: context, connectedTo: "inproc://control")
        fields = [
            "map": "map.hfmap", "model": SmallMap.modelPath, "publish": "inproc://localization",
            "record": "inproc://record", "json": "inproc://json", "control": "inproc://control",
            "camera": "{folder: images, calibration: camera.yaml}",
        ]
        try SmallMap.write(to: "\(files.path)/map.hfmap")
        files.write("camera.yaml", SmallMap.cameraFile)
        change(changes)
    }

    /// Writes the configuration again, with changes as `init` takes them.
    func change(_ changes: [String: String]) {
        fields.merge(changes) { $1 }
        let lines = fields.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }.map { "\($0.key): \($0.value)\n" }
        files.write("hflocd.yaml", lines.joined())
    }

    // The start.

    /// Opens everything.
    @discardableResult func open(once: Bool = false, publishes: Bool = true) throws -> LocalizationDaemon {
        let daemon = try LocalizationDaemon(
            configuration: try configuration(), endsWithFolder: once, publishes: publishes, host: machine.host,
            openers: replacedOpeners ?? openers, reread: { [unowned self] in try configuration() })
        made = daemon
        return daemon
    }

    /// Opens everything and starts the frame loop, whose thread runs when ``step()`` is called.
    func start(once: Bool = false) throws {
        try open(once: once).start()
    }

    private func configuration() throws(ConfigurationError) -> DaemonConfiguration {
        // Addresses inside the process are none for users: the wire's rules are not asked.
        try ConfigurationDraft(reading: "\(files.path)/hflocd.yaml").complete()
    }

    var openers: Openers {
        Openers(
            sockets: { [context] configuration, session in
                try Sockets(
                    configuration, session: session, keys: Keys(environment: [:]), context: context,
                    endpoint: { address, _, _ in Endpoint(inProcess: address) })
            },
            pipeline: { [pipelines] (configuration, session) throws(StartupError) in
                try Pipeline(configuration, session: session, openModel: SmallMap.openModel) { resources, options, _ in
                    // The only check of the real one that a script can share.
                    do throws(MapError) {
                        try resources.map.require(
                            modelID: resources.model.modelID, orWeights: resources.model.weightsID)
                    } catch {
                        throw LocalizerError.map(error)
                    }
                    let localizer = ScriptedLocalizer(options, keyframeCount: resources.map.keyframeCount)
                    pipelines.add(localizer)
                    return localizer
                }
            },
            source: { [frames] _, _ in frames })
    }

    // Time passes.

    /// One round of the frame loop.
    func step() throws {
        if try daemon.frameLoop?.step() == false { try frameThread.isFinished = true }
    }

    /// One round of the main thread.
    func tick() throws { try daemon.tick() }

    /// What happens to a frame, told on both threads.
    func frame(_ answer: ScriptedLocalizer.Answer) throws {
        let localizer = try localizer
        localizer.answers = [answer]
        frames.script.append(.frame())
        try step()
        try tick()
    }

    /// The main thread alone, for so many seconds, in rounds of 50 ms.
    func pass(seconds: Int) throws {
        for _ in 0..<(20 * seconds) {
            clock.advance(by: 50 * millisecond)
            try tick()
        }
    }

    /// Lets the thread that loads a pipeline do its work.
    func load() throws {
        try #require(machine.threads(named: "hfloc-loader").last { !$0.isFinished }).run()
    }

    // The wire.

    /// What the hot endpoint has sent since the last call.
    func poses() throws -> [Hfloc_V1_Localization] {
        try poseClient.drain().map { try Hfloc_V1_Localization(serializedBytes: try #require($0.first)) }
    }

    /// What the recorder's endpoint has sent since the last call.
    func records() throws -> Records {
        var records = Records()
        for frames in recordClient.drain() {
            try #require(frames.count == 3)
            switch String(decoding: frames[0], as: UTF8.self) {
            case "status": records.statuses.append(try Hfloc_V1_Status(serializedBytes: frames[2]))
            case "event": records.events.append(try Hfloc_V1_Event(serializedBytes: frames[2]))
            case "preview": records.previews.append(try Hfloc_V1_Preview(serializedBytes: frames[2]))
            case "camera_info": records.cameras.append(try Hfloc_V1_CameraInfo(serializedBytes: frames[2]))
            default: records.poses.append(try Hfloc_V1_Localization(serializedBytes: frames[2]))
            }
        }
        return records
    }

    struct Records {
        var statuses: [Hfloc_V1_Status] = []
        var events: [Hfloc_V1_Event] = []
        var cameras: [Hfloc_V1_CameraInfo] = []
        var poses: [Hfloc_V1_Localization] = []
        var previews: [Hfloc_V1_Preview] = []
    }

    /// Sends a request; the answer is for ``reply()``.
    func send(_ command: Hfloc_V1_ControlRequest.OneOf_Command?) throws {
        requests += 1
        let request = Hfloc_V1_ControlRequest.with {
            $0.requestID = requests
            $0.command = command
        }
        controlClient.send(try request.serializedBytes())
    }

    /// The next answer that is there; nil if there is none.
    func reply() throws -> Hfloc_V1_ControlReply? {
        try controlClient.receive().map { try Hfloc_V1_ControlReply(serializedBytes: try #require($0.last)) }
    }

    /// The answer of the main thread's next round.
    func ask(_ command: Hfloc_V1_ControlRequest.OneOf_Command?) throws -> Hfloc_V1_ControlReply {
        try send(command)
        try tick()
        let reply = try #require(try reply())
        #expect(reply.requestID == requests)
        return reply
    }

    /// Asks for another map or configuration, and has it loaded: the frame loop has it, or it is refused.
    func sendAndLoad(_ command: Hfloc_V1_ControlRequest.OneOf_Command?) throws {
        try send(command)
        try tick()
        try load()
        try tick()
    }

    /// The answer to such a request once the frame loop has taken what was loaded.
    func replace(by command: Hfloc_V1_ControlRequest.OneOf_Command?) throws -> Hfloc_V1_ControlReply {
        try sendAndLoad(command)
        try step()
        try tick()
        return try #require(try reply())
    }

    func status() throws -> Hfloc_V1_Status { try ask(.getStatus(.init())).status }

    /// A client of another endpoint.
    func client(_ type: Int32, _ address: String, topic: String = "") throws -> TestSocket {
        try TestSocket(type, in: context, connectedTo: address, topic: topic)
    }
}

/// Sendable unchecked: the loader's thread is a function that the test calls.
private final class MadeLocalizers: @unchecked Sendable {
    private(set) var all: [ScriptedLocalizer] = []
    var keeps = true {
        didSet { if !keeps { all = [] } }
    }

    func add(_ localizer: ScriptedLocalizer) {
        if keeps { all.append(localizer) }
    }
}
