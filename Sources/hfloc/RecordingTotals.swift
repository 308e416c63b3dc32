internal import Messages
internal import Reporting

/// The files of one recording together.
struct RecordingTotals {
    /// In the order of their parts, at least one.
    let files: [RecordingContents]

    /// Files by the recordings that they are parts of, in the order in which these occur; a file that does not say
    /// where it belongs stands alone.
    static func recordings(of files: [RecordingContents]) -> [RecordingTotals] {
        var groups: [(session: UInt64, files: [RecordingContents])] = []
        for file in files {
            let session = file.start?.sessionID ?? 0
            if session != 0, let index = groups.firstIndex(where: { $0.session == session }) {
                groups[index].files.append(file)
            } else {
                groups.append((session, [file]))
            }
        }
        return groups.map { group in
            RecordingTotals(files: group.files.sorted { ($0.start?.part ?? 0) < ($1.start?.part ?? 0) })
        }
    }

    private var size: Int { files.reduce(0) { $0 + $1.size } }
    private var times: ClosedRange<UInt64>? { files.reduce(nil) { $0.united(with: $1.times) } }
    private var damaged: Int { files.count { $0.damage != nil } }
    private var parts: [UInt32] { files.compactMap { $0.start?.part } }

    /// Numbers of parts that are not there, between others that are. The first ones may have had to make room.
    private var missing: [UInt32] {
        zip(parts, parts.dropFirst()).flatMap { $0 < $1 ? Array(($0 + 1)..<$1) : [] }
    }

    /// Numbers of parts that several files hold, such as a repaired copy beside what it is of: they count twice.
    private var repeated: [UInt32] { zip(parts, parts.dropFirst()).filter { $0 == $1 }.map(\.0) }

    /// Whether all that it should hold can be read.
    var isWhole: Bool { damaged == 0 && missing.isEmpty }

    private var topics: [RecordedTopic] {
        var topics: [String: RecordedTopic] = [:]
        for topic in files.flatMap(\.topics) {
            topics[topic.name, default: RecordedTopic(name: topic.name, schema: topic.schema)].take(topic)
        }
        return topics.values.sorted { $0.name < $1.name }
    }

    /// All recordings, and their totals if there are several.
    static func text(_ recordings: [RecordingTotals]) -> String {
        var blocks = recordings.map(\.text)
        if recordings.count > 1 {
            let files = recordings.reduce(0) { $0 + $1.files.count }
            let size = recordings.reduce(0) { $0 + $1.size }
            let seconds = recordings.reduce(0) { $0 + $1.times.seconds }
            blocks.append(
                "total".padded(10) + "\(recordings.count) recordings in \(files) files, \(size.megabytes), "
                    + "\(seconds.text(1)) s")
        }
        return blocks.joined(separator: "\n\n")
    }

    private var text: String {
        guard files.count > 1 else { return files[0].text }
        var lines = [("files", "\(files.count), \(size.megabytes), by \(files[0].library)")]
        lines += files.map { file in
            let number = file.start.map { "part \($0.part)" } ?? "part"
            let state = file.damage == nil ? "" : "; \(file.state)"
            return (number, "\(file.path), \(file.size.megabytes), \(file.seconds.text(1)) s\(state)")
        }
        lines += files[0].origin("parts \(parts.first ?? 0) to \(parts.last ?? 0)", times: times)
        lines += topics.map { ("topic", $0.text) }
        lines += files[0].attachments.map { ("attached", "\($0.name), \($0.size) bytes") }
        lines.append(("state", state))
        return lines.map { $0.0.padded(10) + $0.1 }.joined(separator: "\n")
    }

    private var state: String {
        var problems = damaged > 0 ? ["\(damaged) of \(files.count) files are cut or damaged"] : []
        if !missing.isEmpty { problems.append("parts are missing: \(NameList.text(missing.map { "\($0)" }))") }
        if !repeated.isEmpty {
            problems.append("parts that are there twice count twice: \(NameList.text(repeated.map { "\($0)" }))")
        }
        return problems.isEmpty ? "whole" : problems.joined(separator: "; ")
    }

    /// One object: all recordings with their files, and the totals.
    static func json(_ recordings: [RecordingTotals]) -> String {
        JSONText.object([
            ("recordings", JSONText.array(recordings.map(\.json))),
            ("files", "\(recordings.reduce(0) { $0 + $1.files.count })"),
            ("bytes", "\(recordings.reduce(0) { $0 + $1.size })"),
            ("seconds", JSONText.number(recordings.reduce(0) { $0 + $1.times.seconds })),
            ("whole", recordings.allSatisfy(\.isWhole) ? "true" : "false"),
        ])
    }

    private var json: String {
        JSONText.object([
            ("files", JSONText.array(files.map(\.json))), ("bytes", "\(size)"),
            ("seconds", JSONText.number(times.seconds)), ("whole", isWhole ? "true" : "false"),
            ("missing_parts", JSONText.array(missing.map { "\($0)" })),
            ("repeated_parts", JSONText.array(repeated.map { "\($0)" })), ("topics", RecordedTopic.json(topics)),
        ])
    }
}
