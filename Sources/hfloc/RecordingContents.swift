internal import Files
internal import Messages
internal import Recording
internal import Reporting
internal import SwiftProtobuf

/// What one pass over a recording's file finds.
struct RecordingContents {
    let path: String
    let library: String
    /// Bytes.
    let size: Int
    let damage: String?
    private let cure: String
    private(set) var start: Hfloc_V1_RecordingStart?
    /// In the order of their names.
    private(set) var topics: [RecordedTopic] = []
    let attachments: [(name: String, size: Int)]
    /// When what it holds was recorded, nanoseconds of the wall clock; nil if it holds nothing.
    private(set) var times: ClosedRange<UInt64>?

    init(_ path: String) throws {
        var reader = try MCAPReader(opening: path)
        var indices: [UInt16: Int] = [:]
        while let message = reader.next() {
            let index = indices[message.channel] ?? topics.endIndex
            if index == topics.endIndex {
                guard let channel = reader.channel(of: message) else { continue }
                indices[message.channel] = index
                topics.append(RecordedTopic(name: channel.topic, schema: reader.schemaName(of: channel)))
            }
            topics[index].take(message.publishTime)
            guard topics[index].name == RecordingTopic.recording.name else {
                times = times.united(with: message.logTime...message.logTime)
                continue
            }
            // What was imported has times of another clock than that of its begin.
            if start == nil { start = try? Hfloc_V1_RecordingStart(serializedBytes: reader.bytes(message.content)) }
        }
        (self.path, library, size) = (path, reader.library, reader.size)
        (damage, cure) = (reader.damage, reader.damageCure)
        attachments = reader.attachments.map { ($0.name, $0.content.count) }
        topics.sort { $0.name < $1.name }
    }

    var seconds: Double { times.seconds }

    /// Whether it is whole, and what to do if it is not.
    var state: String { damage.map { "\($0); \(cure)" } ?? "whole" }

    var text: String {
        var lines = [("file", "\(path), \(size.megabytes), by \(library)")]
        lines += origin(start.map { "part \($0.part)" } ?? "")
        lines += topics.map { ("topic", $0.text) }
        lines += attachments.map { ("attached", "\($0.name), \($0.size) bytes") }
        lines.append(("state", state))
        return lines.map { $0.0.padded(10) + $0.1 }.joined(separator: "\n")
    }

    /// Lines that say when and of what it was recorded.
    ///
    /// - Parameters:
    ///   - parts: which of the recording are told of.
    ///   - times: of all of them; nil: its own.
    func origin(_ parts: String, times: ClosedRange<UInt64>? = nil) -> [(String, String)] {
        var lines: [(String, String)] = []
        if let times = times ?? self.times {
            lines.append(
                ("time", "\(UTCDate.text(Int(times.lowerBound / 1_000_000_000))), \(Optional(times).seconds.text(1)) s")
            )
        }
        guard let start else { return lines }
        lines += [("recorded", "\(start.cause), \(parts), session \(start.sessionID)"), ("source", start.source)]
        if start.hasMap { lines.append(("map", "\(start.map.path) (\(start.map.id.prefix(12)))")) }
        if start.hasModel { lines.append(("model", "\(start.model.path) (\(start.model.id.prefix(12)))")) }
        return lines
    }

    var json: String {
        JSONText.object([
            ("file", JSONText.string(path)), ("bytes", "\(size)"), ("library", JSONText.string(library)),
            ("seconds", JSONText.number(seconds)), ("whole", damage == nil ? "true" : "false"),
            ("damage", damage.map { JSONText.string($0) } ?? "null"),
            ("start", (try? start?.jsonLine()) ?? "null"), ("topics", RecordedTopic.json(topics)),
            ("attachments", JSONText.array(attachments.map { JSONText.string($0.name) })),
        ])
    }
}

/// How many messages of a topic there are, and when.
struct RecordedTopic {
    let name: String
    let schema: String
    private(set) var count: UInt64 = 0
    /// Of what the messages tell, nanoseconds.
    private var times: ClosedRange<UInt64>?

    init(name: String, schema: String) { (self.name, self.schema) = (name, schema) }

    /// Counts a message of that time.
    mutating func take(_ time: UInt64) {
        count += 1
        times = times.united(with: time...time)
    }

    /// Counts those of another file.
    mutating func take(_ other: RecordedTopic) {
        count += other.count
        times = times.united(with: other.times)
    }

    /// Messages per second.
    var rate: Double {
        guard let times, count > 1, times.upperBound > times.lowerBound else { return 0 }
        return Double(count - 1) * 1e9 / Double(times.upperBound - times.lowerBound)
    }

    var text: String { "\(name.padded(20)) \("\(count)".aligned(8))  \(rate.text(1).aligned(7))/s  \(schema)" }

    /// An object: of each topic its schema, messages and rate.
    static func json(_ topics: [RecordedTopic]) -> String {
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
    }
}

extension ClosedRange<UInt64>? {
    /// The range of both.
    func united(with other: Self) -> Self {
        guard let self, let other else { return self ?? other }
        return Swift.min(self.lowerBound, other.lowerBound)...Swift.max(self.upperBound, other.upperBound)
    }

    /// From nanoseconds.
    var seconds: Double { map { Double($0.upperBound - $0.lowerBound) * 1e-9 } ?? 0 }
}

extension Int {
    /// Of bytes.
    var megabytes: String { "\((Double(self) * 1e-6).text(1)) MB" }
}
