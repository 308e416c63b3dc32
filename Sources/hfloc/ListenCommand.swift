internal import ArgumentParser
internal import Errors
internal import Files
internal import Publishing
internal import Reporting

/// `hfloc listen`: prints what hflocd publishes.
struct ListenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Print the messages of a running hflocd.",
        discussion: """
            Of the poses' endpoint, a line per message: number, state, capture time (s since 1970), then of a pose the \
            camera's position (m) and its attitude (w x y z) in the map with one standard deviation, then the evidence \
            and the time from capture to publication. Of the record's or the JSON endpoint, the same for poses, and a \
            line per status, event and camera, each after its topic. With --vehicle, a line per state of the vehicle: \
            number, condition, time, then its pose as above, the age of the fix, and what is wrong.
            """)

    @Argument(help: "The endpoint, as in the daemon's configuration: of the poses, of the record, or of JSON.")
    var endpoint = "ipc:///run/hfloc/cam0/localization"
    @Flag(help: "Print a JSON object per line, of the names in the .proto files.")
    var json = false
    @Flag(help: "The endpoint is the one of vehicle_state: print where the vehicle is, at the rate of its odometry.")
    var vehicle = false
    @Option(help: "End after this many messages.")
    var count: Int?
    @Flag(
        help: "Only ever the newest message (ZMQ_CONFLATE), as a controller would listen. For the poses' endpoint only."
    )
    var newest = false
    @Option(
        help:
            """
            Of the record's or the JSON endpoint, only topics that begin so: localization, status, camera_info, event; \
            of the record's, preview (which is sent only while it is asked for so).
            """
    )
    var topic = ""
    @Option(help: "End with an error if no message comes for so many seconds. Default: wait for ever.")
    var timeout: Double?
    @OptionGroup var keys: KeyArguments

    /// Milliseconds: an hflocd that runs sends something each second.
    private static let firstPatience: Int32 = 2000

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count: above 0") }
        if let timeout, !(0.001...1e6).contains(timeout) { throw ValidationError("--timeout: 0.001 to 1000000") }
        guard !newest || topic.isEmpty else {
            throw ValidationError(
                "--newest and --topic: ZMQ_CONFLATE drops messages of several frames; give one of them")
        }
    }

    func run() throws {
        try Failure.reporting {
            let subscriber = try open()
            var received = 0
            while received < count ?? .max {
                let frames = try next(of: subscriber, isFirst: received == 0)
                received += 1
                guard let line = ReceivedMessage.line(frames, ofVehicle: vehicle, json: json) else {
                    throw Failure(
                        .badData, "\(endpoint): not a message of hfloc.v1; is it another program's endpoint?")
                }
                try StandardOutput.write(line + "\n")
            }
        }
    }

    /// Says what may be wrong when the first message keeps people waiting.
    private func next(of subscriber: Subscriber, isFirst: Bool) throws -> [[UInt8]] {
        let patience = timeout.map { Int32($0 * 1000) }
        var waited: Int32 = 0
        if isFirst {
            waited = min(Self.firstPatience, patience ?? .max)
            if let frames = try subscriber.receiveFrames(timeout: waited) { return frames }
            if waited < patience ?? .max { StandardError.write("hfloc: \(diagnosis(waited)); waiting for it\n") }
        }
        while true {
            if let frames = try subscriber.receiveFrames(timeout: patience.map { $0 - waited } ?? -1) { return frames }
            if let patience { throw Failure(.unavailable, diagnosis(patience)) }
        }
    }

    private func diagnosis(_ milliseconds: Int32) -> String {
        let waited = "\((Double(milliseconds) * 1e-3).text(1)) s"
        return NoReplyDiagnosis(.message, endpoint: endpoint, waited: waited).explanation
    }

    private func open() throws -> Subscriber {
        let identity = try keys.identity()
        do throws(PublishingError) {
            return try Subscriber(endpoint, topic: topic, newestOnly: newest, identity: identity)
        } catch {
            throw Failure(.usage, error.description)
        }
    }
}
