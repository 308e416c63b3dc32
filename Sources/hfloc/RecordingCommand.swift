internal import ArgumentParser
internal import Errors
internal import Files
internal import Messages
internal import Recording
internal import Reporting
internal import SwiftProtobuf

/// `hfloc recording`: files of recordings, and those of a running daemon.
struct RecordingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recording", abstract: "Look into recordings, take them apart, make and mend them.",
        subcommands: [
            RecordingInfoCommand.self, RecordingExtractCommand.self, RecordingImportCommand.self,
            RecordingRepairCommand.self, StartRecordingCommand.self, StopRecordingCommand.self,
        ])
}

/// `hfloc recording start`: a running daemon records.
struct StartRecordingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Make a running hflocd record, into the folder that its configuration names.")

    @OptionGroup var control: ControlArguments

    func run() throws {
        try Failure.reporting {
            let reply = try control.ask(.startRecording(.init()))
            try StandardOutput.writeLine(reply.status.recording.file)
        }
    }
}

/// `hfloc recording stop`: the daemon's recording ends.
struct StopRecordingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Make a running hflocd end its recording; done when the file is complete.")

    @OptionGroup var control: ControlArguments

    func run() throws {
        try Failure.reporting {
            let recording = try control.ask(.stopRecording(.init())).status.recording
            try StandardOutput.writeLine(
                "\(recording.file): \(recording.images) images, \((Double(recording.writtenBytes) * 1e-6).text(1)) MB, "
                    + "\(recording.droppedImages) dropped")
        }
    }
}

/// `hfloc recording repair`: a file without an end gets one.
struct RecordingRepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Complete a recording that was cut: what was whole stays, and gets its index.",
        discussion: "A whole file is left as it is; with --output it is copied.")

    @Argument(help: "The recording.")
    var file: String
    @Option(help: "Where the repaired file goes. Default: in the place of the old one.")
    var output: String?

    func run() throws {
        try Failure.reporting {
            let outcome = try MCAPRepair.repair(file, to: output ?? file)
            guard let damage = outcome.damage else {
                let copy = output.map { $0 == file ? "" : ", copied to \($0)" } ?? ""
                try StandardOutput.writeLine("\(file): whole, \(outcome.messages) messages; nothing to repair\(copy)")
                return
            }
            try StandardOutput.writeLine(
                "\(output ?? file): \(outcome.messages) messages kept, \(outcome.lost) bytes lost (\(damage))")
        }
    }
}

/// `hfloc recording info`: what is in a recording.
struct RecordingInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say what a recording holds, and whether it is whole.",
        discussion: "Ends with 2 if it is cut or damaged: `hfloc recording repair` completes it.")

    @Argument(help: "The recording.")
    var file: String
    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        try Failure.reporting {
            let contents = try RecordingContents(file)
            try StandardOutput.writeLine(json ? contents.json : contents.text)
            if contents.damage != nil { throw ExitCode(ExitStatus.incomplete.rawValue) }
        }
    }
}

/// What one pass over a recording finds.
private struct RecordingContents {
    let path: String
    let library: String
    let size: Int
    let damage: String?
    private(set) var start: Hfloc_V1_RecordingStart?
    private var topics: [Topic] = []
    private let attachments: [(name: String, size: Int)]
    private var times: ClosedRange<UInt64>?

    fileprivate struct Topic {
        let id: UInt16
        let name: String
        let schema: String
        var count: UInt64 = 0
        var times: ClosedRange<UInt64>?
    }

    init(_ path: String) throws {
        var reader = try MCAPReader(opening: path)
        while let message = reader.next() {
            let index = topics.firstIndex { $0.id == message.channel } ?? topics.endIndex
            if index == topics.endIndex {
                guard let channel = reader.channel(of: message) else { continue }
                topics.append(Topic(id: channel.id, name: channel.topic, schema: reader.schemaName(of: channel)))
            }
            topics[index].take(message.publishTime)
            guard topics[index].name == RecordingTopic.recording.name else {
                times = Self.extended(times, message.logTime)
                continue
            }
            // What was imported has times of another clock than that of its begin.
            if start == nil { start = try? Hfloc_V1_RecordingStart(serializedBytes: reader.bytes(message.content)) }
        }
        (self.path, library, size, damage) = (path, reader.library, reader.size, reader.damage)
        attachments = reader.attachments.map { ($0.name, $0.content.count) }
        topics.sort { $0.name < $1.name }
    }

    fileprivate static func extended(_ range: ClosedRange<UInt64>?, _ time: UInt64) -> ClosedRange<UInt64> {
        guard let range else { return time...time }
        return min(range.lowerBound, time)...max(range.upperBound, time)
    }

    private var seconds: Double { times.map { Double($0.upperBound - $0.lowerBound) * 1e-9 } ?? 0 }

    var text: String {
        var lines = [("file", "\(path), \((Double(size) * 1e-6).text(1)) MB, by \(library)")]
        if let times {
            lines.append(
                ("time", "\(UTCDate.text(Int(times.lowerBound / 1_000_000_000))), \(seconds.text(1)) s"))
        }
        if let start {
            lines.append(("recorded", "\(start.cause), part \(start.part), session \(start.sessionID)"))
            lines.append(("source", start.source))
            if start.hasMap { lines.append(("map", "\(start.map.path) (\(start.map.id.prefix(12)))")) }
            if start.hasModel { lines.append(("model", "\(start.model.path) (\(start.model.id.prefix(12)))")) }
        }
        lines += topics.map { topic in
            let figures = "\("\(topic.count)".aligned(8))  \(topic.rate.text(1).aligned(7))/s"
            return ("topic", "\(topic.name.padded(20)) \(figures)  \(topic.schema)")
        }
        lines += attachments.map { ("attached", "\($0.name), \($0.size) bytes") }
        lines.append(("state", damage.map { "\($0); `hfloc recording repair` completes it" } ?? "whole"))
        return lines.map { $0.0.padded(10) + $0.1 }.joined(separator: "\n")
    }

    var json: String {
        JSONText.object([
            ("file", JSONText.string(path)), ("bytes", "\(size)"), ("library", JSONText.string(library)),
            ("seconds", JSONText.number(seconds)), ("whole", damage == nil ? "true" : "false"),
            ("damage", damage.map { JSONText.string($0) } ?? "null"),
            ("start", (try? start?.jsonLine()) ?? "null"),
            (
                "topics",
                JSONText.object(
                    topics.map { topic in
                        (
                            topic.name,
                            JSONText.object([
                                ("schema", JSONText.string(topic.schema)), ("messages", "\(topic.count)"),
                                ("rate", JSONText.number(topic.rate)),
                            ])
                        )
                    })
            ),
            ("attachments", JSONText.array(attachments.map { JSONText.string($0.name) })),
        ])
    }
}

extension RecordingContents.Topic {
    fileprivate mutating func take(_ time: UInt64) {
        count += 1
        times = RecordingContents.extended(times, time)
    }

    /// Messages per second.
    fileprivate var rate: Double {
        guard let times, count > 1, times.upperBound > times.lowerBound else { return 0 }
        return Double(count - 1) * 1e9 / Double(times.upperBound - times.lowerBound)
    }
}
