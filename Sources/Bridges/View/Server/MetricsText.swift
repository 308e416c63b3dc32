internal import Messages

/// What fleets watch, in Prometheus' text format.
///
/// Source: https://prometheus.io/docs/instrumenting/exposition_formats, version 0.0.4.
enum MetricsText {
    static let type = "text/plain; version=0.0.4; charset=utf-8"

    static func text(_ board: Board) -> String {
        let known = board.facts
        var page = MetricsPage()
        let isUp = known.player != nil || (board.silence.map { $0 < News.silence } ?? false)
        page.gauge("hfloc_up", "Whether hflocd has said anything within the last seconds.", isUp ? 1 : 0)
        // Of the newest frame: the status is up to a second older.
        if let state = known.localization?.state ?? known.status?.state { page.add(state) }
        if let status = known.status { page.add(status) }
        if let localization = known.localization { page.add(localization) }
        return page.text
    }
}

/// Families of metrics, one after the other.
private struct MetricsPage {
    private(set) var text = ""

    mutating func gauge(_ name: String, _ help: String, _ value: Double) {
        family(name, "gauge", help, [("", value)])
    }

    mutating func counter(_ name: String, _ help: String, _ value: UInt64) {
        family(name, "counter", help, [("", Double(value))])
    }

    /// Nothing of a family without samples.
    mutating func family(_ name: String, _ type: String, _ help: String, _ samples: [(labels: String, Double)]) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        for (labels, value) in samples { text += "\(name)\(labels) \(Self.number(value))\n" }
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    /// A label whose value is a name of ours: nothing in it needs an escape.
    private static func label(_ pairs: (String, String)...) -> String {
        "{" + pairs.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",") + "}"
    }

    mutating func add(_ state: Hfloc_V1_State) {
        family(
            "hfloc_state", "gauge", "1 for the state that hflocd is in, 0 for the others.",
            Hfloc_V1_State.allCases.filter { $0 != .unspecified }
                .map { (Self.label(("state", "\($0)".upperSnake)), $0 == state ? 1 : 0) })
    }

    mutating func add(_ status: Hfloc_V1_Status) {
        gauge("hfloc_problems", "Things that hflocd says are wrong.", Double(status.problems.count))
        counter("hfloc_messages_total", "Localization messages sent.", status.messages)
        counter("hfloc_poses_total", "Localization messages with a pose.", status.poses)
        let frames = status.frames
        family(
            "hfloc_frames_total", "counter", "Frames of the camera, by what became of them.",
            [
                ("captured", frames.captured), ("skipped", frames.skipped), ("dropped", frames.dropped),
                ("corrupt", frames.corrupt), ("recovered", frames.recovered),
            ].map { (Self.label(("kind", $0.0)), Double($0.1)) })
        counter("hfloc_camera_reopened_total", "How often the camera was lost and opened again.", frames.reopened)
        family(
            "hfloc_gate_frames_total", "counter", "Frames that a gate withheld or degraded.",
            status.gates.flatMap { gate in
                [("withheld", gate.withheld), ("degraded", gate.degraded)].map {
                    (Self.label(("gate", "\(gate.gate)".upperSnake), ("outcome", $0.0)), Double($0.1))
                }
            })
        add(status.latencies)
        gauge("hfloc_frames_per_second", "Frames localized per second.", status.framesPerSecond)
        gauge("hfloc_resident_memory_bytes", "Memory of hflocd.", Double(status.residentBytes))
        gauge("hfloc_cpu_ratio", "CPU seconds of hflocd per second.", status.cpuShare)
        gauge("hfloc_uptime_seconds", "Since hflocd started.", Double(status.uptimeNs) * 1e-9)
        let isSynchronized = status.clock.synchronization == .synchronized
        gauge("hfloc_clock_synchronized", "Whether the wall clock follows a reference.", isSynchronized ? 1 : 0)
        counter("hfloc_publish_failures_total", "Messages that could not be sent.", status.publishFailures)
        gauge("hfloc_recording_active", "Whether hflocd records.", status.recording.active ? 1 : 0)
    }

    /// Of the last whole interval, as hflocd sums them up: no histogram can be made of that.
    private mutating func add(_ latencies: [Hfloc_V1_StageLatency]) {
        let kinds: [(String, String, (Hfloc_V1_LatencySummary) -> UInt64)] = [
            ("hfloc_stage_latency_median_seconds", "Median time of a stage in the last interval.", \.p50Ns),
            ("hfloc_stage_latency_p99_seconds", "99 of 100 frames took at most this in a stage.", \.p99Ns),
            ("hfloc_stage_latency_max_seconds", "The longest time of a stage in the last interval.", \.maxNs),
        ]
        for (name, help, value) in kinds {
            family(
                name, "gauge", help,
                latencies.map {
                    (Self.label(("stage", "\($0.stage)".upperSnake)), Double(value($0.interval)) * 1e-9)
                })
        }
    }

    mutating func add(_ message: Hfloc_V1_Localization) {
        guard message.hasEvidence else { return }
        let evidence = message.evidence
        gauge("hfloc_inliers", "Inliers of the last frame.", Double(evidence.inliers))
        gauge("hfloc_matches", "Correspondences of the last frame.", Double(evidence.matches))
        gauge("hfloc_keypoints", "Keypoints of the last frame.", Double(evidence.keypoints))
        if message.hasPose {
            gauge(
                "hfloc_protection_level_meters", "How far the last position may be off.",
                message.protectionLevelPosition)
        }
    }
}
