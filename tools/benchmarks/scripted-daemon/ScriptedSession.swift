import CZeroMQ
import Capture
import Configuration
import Daemon
import Errors
import Features
import Messages
import Publishing
import Supervision
import SwiftProtobuf

/// A daemon whose frames, clock and signals are the script's, and a subscriber inside the process.
final class ScriptedSession {
    private let configuration: String
    private let machine = ScriptedMachine()
    private let frames = ScriptedFrames()
    private var context: ZeroMQContext
    private var subscriber: Subscriber
    private var daemon: LocalizationDaemon

    /// - Parameter configuration: path of hflocd's configuration.
    init(configuration: String) throws {
        self.configuration = configuration
        (context, subscriber, daemon) = try Self.start(configuration, machine, frames)
    }

    private static func start(
        _ path: String, _ machine: ScriptedMachine, _ frames: ScriptedFrames
    ) throws -> (ZeroMQContext, Subscriber, LocalizationDaemon) {
        let configuration = try read(path)
        let context = try ZeroMQContext()
        let subscriber = try Subscriber(of: configuration.endpoints[0], in: context)
        let openers = Openers(
            sockets: { configuration, session in
                // An address inside the process is none for users: the rules for theirs are not asked.
                try Sockets(
                    configuration, session: session, keys: Keys(environment: [:]), context: context,
                    endpoint: { address, _, _ in Endpoint(inProcess: address) })
            },
            pipeline: { (configuration, session) throws(StartupError) in
                try Pipeline(configuration, session: session)
            },
            source: { _, _ in frames })
        machine.mayRun = true
        let daemon = try LocalizationDaemon(
            configuration: configuration, endsWithFolder: false, publishes: true, host: machine.host,
            openers: openers, reread: { try read(path) })
        try daemon.start()
        return (context, subscriber, daemon)
    }

    private static func read(_ path: String) throws(ConfigurationError) -> DaemonConfiguration {
        try ConfigurationDraft(reading: path).complete()
    }

    /// The message of one frame, as JSON. The main thread has its round after it.
    func answer(_ path: String, at time: UInt64) throws -> String {
        try frames.prepare(path, time: time)
        machine.clock.monotonic = max(machine.clock.monotonic, time)
        _ = daemon.frameLoop?.step()
        daemon.tick()
        guard let bytes = subscriber.receive().last else {
            throw Failure(.software, "\(path): the daemon did not answer")
        }
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        options.alwaysPrintInt64sAsNumbers = true
        return try Hfloc_V1_Localization(serializedBytes: bytes).jsonString(options: options)
    }

    /// - Parameter says: whether it ends as SIGTERM wants it, with its last words; else as SIGKILL.
    func restart(says: Bool) throws {
        machine.mayRun = false
        if says { daemon.stop() }
        (context, subscriber, daemon) = try Self.start(configuration, machine, frames)
    }

    /// Has the configuration read again; the loop has what came of it before the next frame.
    func reload() throws {
        machine.signals.append(.reload)
        // The first round asks for it, the second hands it over.
        daemon.tick()
        daemon.tick()
    }
}

/// A subscription to everything that one endpoint says.
@safe private final class Subscriber {
    private let context: ZeroMQContext
    private let socket: UnsafeMutableRawPointer

    init(of address: String, in context: ZeroMQContext) throws {
        guard let socket = unsafe zmq_socket(context.handle, ZMQ_SUB) else {
            throw Failure(.software, "no ZeroMQ socket")
        }
        self.context = context
        unsafe self.socket = socket
        var linger: Int32 = 0
        unsafe zmq_setsockopt(socket, ZMQ_LINGER, &linger, MemoryLayout<Int32>.size)
        unsafe zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0)
        guard unsafe zmq_connect(socket, address) == 0 else {
            throw Failure(.configuration, "publish: \(address): give inproc://NAME")
        }
    }

    deinit { unsafe zmq_close(socket) }

    /// All that waits. Within one process and one thread, what was sent is there.
    func receive() -> [[UInt8]] {
        var messages: [[UInt8]] = []
        while true {
            var message = zmq_msg_t()
            unsafe zmq_msg_init(&message)
            defer { unsafe zmq_msg_close(&message) }
            guard unsafe zmq_msg_recv(&message, socket, ZMQ_DONTWAIT) >= 0 else { return messages }
            messages.append(
                unsafe [UInt8](UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: zmq_msg_size(&message))))
        }
    }
}
