internal import ArgumentParser
internal import CommandSupport
internal import Daemon
internal import Errors
internal import Files
internal import Publishing
internal import Recording

/// `hfloc replay`: what a recorded daemon did, again.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Localize a recording's frames again, with the poses of the recorded hflocd to the last bit.",
        discussion: """
            A line per frame as `hfloc listen` prints it; on standard error, how many answers are those of the \
            recording. Several files of one recording are replayed one after another; a folder stands for those in it. \
            Ends with 1 if an answer \
            differs though map, model, camera and images are those of the recording; with --map or --model nothing \
            is compared. Frames whose image is damaged are named, answered as broken, and make the exit status 2.
            """)

    @Argument(help: "The recording's files.")
    var files: [String]
    @Option(help: "Another map. Default: the file that the recorded daemon used.")
    var map: String?
    @Option(help: "Another model. Default: the file that the recorded daemon used.")
    var model: String?
    @Option(help: "A camera file, for a recording that carries none.")
    var camera: String?
    @Flag(help: "Print a JSON object per line, of the names in the .proto files.")
    var json = false
    @Flag(help: "Print no line per frame.")
    var quiet = false
    @Option(help: "How many times faster than it was: 1 as it was. Default: as fast as it goes.")
    var rate: Double?
    @Option(help: "Publish the messages at this address, such as ipc:///tmp/replay, as hflocd does.")
    var publish: String?

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("give a recording") }
        if let rate, !(0.001...1000).contains(rate) { throw ValidationError("--rate: 0.001 to 1000") }
    }

    func run() throws {
        try Failure.reporting {
            let publisher = try publish.map { address in
                try Publisher(endpoints: [try Endpoint(address, for: .publishing, hasKey: false)])
            }
            var total = Count()
            var batch = Batch(program: "hfloc", items: "frames")
            for file in try RecordingPaths.files(of: files) { try replay(file, publisher, &total, &batch) }
            StandardError.write(
                "hfloc: \(total.frames) frames: \(total.equal) answers equal the recording's, "
                    + "\(total.different) differ, \(total.frames - total.equal - total.different) are not compared; "
                    + "\(total.missing) images are missing\n")
            guard total.different == 0 else {
                batch.tellCount()
                throw ExitCode(1)
            }
            try batch.finish()
        }
    }

    private struct Count {
        var frames = 0
        var equal = 0
        var different = 0
        var missing = 0
    }

    private func replay(
        _ file: String, _ publisher: Publisher?, _ total: inout Count, _ batch: inout Batch
    ) throws {
        let replay = try RecordingReplay(file, map: map, model: model, camera: camera)
        if let difference = replay.difference { StandardError.write("hfloc: \(file): \(difference)\n") }
        var pace = Pace(rate: rate)
        while let answer = try replay.next() {
            pace.wait(for: answer.captureTime)
            total.frames += 1
            if let damage = answer.damage {
                batch.fail("frame \(total.frames)", Failure(describing: damage))
            } else {
                batch.succeed(1)
            }
            if let isEqual = answer.isEqual { if isEqual { total.equal += 1 } else { total.different += 1 } }
            publisher?.publish(answer.message)
            guard !quiet, let line = ReceivedMessage.line([answer.message], json: json) else { continue }
            try StandardOutput.writeLine(answer.isEqual == false ? line + "  DIFFERS" : line)
        }
        total.missing += replay.missing
        if let damage = replay.damage { StandardError.write("hfloc: \(file): \(damage)\n") }
    }

    /// Keeps the distances in time that frames had.
    private struct Pace {
        let rate: Double?
        private let clock = KernelClock()
        private var origin: (recorded: UInt64, now: UInt64)?

        init(rate: Double?) { self.rate = rate }

        mutating func wait(for stamp: UInt64) {
            guard let rate else { return }
            let origin = origin ?? (stamp, clock.monotonic)
            self.origin = origin
            clock.sleep(until: origin.now + UInt64(Double(stamp - min(stamp, origin.recorded)) / rate))
        }
    }
}
