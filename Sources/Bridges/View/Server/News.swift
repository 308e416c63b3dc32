internal import Messages

/// What a page has been told, and what it has not: one for each page.
public struct News {
    private let board: Board
    private var epoch = 0
    private var frame = 0
    private var status = 0
    private var events = 0
    private var preview = 0
    private var map = 0
    private var player: PlayerState?
    private var wasSilent: Bool?

    /// Seconds without a message after which a daemon counts as gone: it says something each second.
    static let silence = 3.0

    public init(_ board: Board) {
        self.board = board
    }

    /// What is new since the last call, as server-sent events; empty if nothing is.
    public mutating func next() -> String {
        board.look()
        let (known, rows, next) = board.news(since: frame, epoch: epoch)
        var text = ""
        if known.epoch != epoch {
            // A page keeps nothing of what was before.
            (epoch, events) = (known.epoch, 0)
            text += Self.event("restart", .object([("epoch", .integer(epoch))]))
        }
        frame = next
        if known.statusVersion != status, let message = known.status {
            status = known.statusVersion
            text += Self.event("status", Self.json(of: message))
        }
        if known.mapVersion != map {
            map = known.mapVersion
            text += Self.event(
                "map", .object([("version", .integer(map)), ("problem", .text(known.mapProblem))]))
        }
        for message in known.events.suffix(known.eventCount - events) {
            text += Self.event("event", Self.json(of: message))
        }
        events = known.eventCount
        if !rows.isEmpty { text += Self.event("frames", .list(rows.map(\.json))) }
        if known.previewVersion != preview, let picture = known.preview {
            preview = known.previewVersion
            text += Self.event("preview", picture.json)
        }
        if known.player != player {
            player = known.player
            text += Self.event("player", player?.json ?? .null)
        }
        text += link()
        return text
    }

    /// Whether the daemon speaks, when that changes. A recording never falls silent.
    private mutating func link() -> String {
        let isSilent = player == nil && (board.silence.map { $0 > Self.silence } ?? true)
        guard isSilent != wasSilent else { return "" }
        wasSilent = isSilent
        return Self.event("link", .object([("silent", .bool(isSilent))]))
    }

    static func event(_ name: String, _ value: JSON) -> String { "event: \(name)\ndata: \(value.encoded)\n\n" }

    static func json(of status: Hfloc_V1_Status) -> JSON {
        .object([
            ("state", .text("\(status.state)".upperSnake)), ("reason", .text(status.reason)),
            ("problems", .list(status.problems.map { .text($0.text) })),
            ("version", .text(status.daemonVersion)), ("map", .text(status.map.path)),
            ("model", .text(status.model.path)), ("source", .text(status.camera.source)),
            ("width", .integer(status.camera.width)), ("height", .integer(status.camera.height)),
            ("fps", .rounded(status.framesPerSecond, 1)), ("cpu", .rounded(status.cpuShare, 3)),
            ("memory", .integer(status.residentBytes)), ("uptime", .rounded(Double(status.uptimeNs) * 1e-9, 1)),
            ("captured", .integer(status.frames.captured)), ("skipped", .integer(status.frames.skipped)),
            ("dropped", .integer(status.frames.dropped)),
            ("recording", .bool(status.recording.active)),
            (
                "stages",
                .list(
                    status.latencies.map {
                        .object([
                            ("stage", .text("\($0.stage)".upperSnake)),
                            ("p50", .rounded(Double($0.interval.p50Ns) * 1e-6, 2)),
                            ("p99", .rounded(Double($0.interval.p99Ns) * 1e-6, 2)),
                        ])
                    })
            ),
            (
                "gates",
                .list(
                    status.gates.map {
                        .object([
                            ("gate", .text("\($0.gate)".upperSnake)), ("withheld", .integer($0.withheld)),
                            ("degraded", .integer($0.degraded)),
                        ])
                    })
            ),
        ])
    }

    static func json(of event: Hfloc_V1_Event) -> JSON {
        .object([
            ("t", .rounded(Double(event.monotonicNs) * 1e-9, 3)), ("wall", .rounded(Double(event.wallNs) * 1e-9, 3)),
            ("kind", .text("\(event.kind)".upperSnake)), ("text", .text(event.text)),
        ])
    }
}
