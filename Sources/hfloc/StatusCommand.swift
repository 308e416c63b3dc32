internal import ArgumentParser
internal import Errors
internal import Files
internal import Messages
internal import Reporting

/// `hfloc status`: how a running hflocd fares.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how a running hflocd fares: state, camera, latency, memory, clock.",
        discussion: "Ends with 0 if it localizes, with 1 if it runs and does not.")

    @Flag(help: "Print one JSON object, of the names in status.proto.")
    var json = false
    @OptionGroup var control: ControlArguments

    func run() throws {
        try Failure.reporting {
            let status = try control.ask(.getStatus(.init())).status
            try StandardOutput.write(json ? try status.jsonLine() + "\n" : status.text)
            guard status.state == .localized || status.state == .degraded else { throw ExitCode(1) }
        }
    }
}

extension Hfloc_V1_Status {
    /// For people: a line per subject.
    var text: String {
        var lines = [
            ("state", "\(state): \(reason)"),
            (
                "daemon",
                "hflocd \(daemonVersion), up \(Self.duration(uptimeNs)), configuration \(configurationGeneration)"
            ),
        ]
        lines += problems.map { ("problem", $0.text) }
        if !gates.isEmpty { lines.append(("gates", gatesText)) }
        lines += [
            ("camera", cameraText), ("map", "\(map.path) (\(map.id.prefix(12)))"),
            ("model", "\(model.path) (\(model.id.prefix(12)))"),
            ("calibration", "\(calibration.path) (\(calibration.id.prefix(12)))"),
            ("lens", lensText), ("frames", framesText), ("place", placeText), ("clock", clockText),
            (
                "process",
                """
                \((Double(residentBytes) / 1e6).text(1)) MB resident, \
                \((cpuShare * 100).text(0)) % of a CPU (\((cpuShareSinceStart * 100).text(0)) % since the start)
                """
            ),
            ("real time", realTimeText),
            (
                "subscribers",
                """
                \(subscriptions.localization) to the poses, \(subscriptions.record) to the record, \
                \(subscriptions.json) to JSON
                """
            ),
        ]
        return lines.map { $0.0.padded(13) + $0.1 + "\n" }.joined() + latencyTable
    }

    private var cameraText: String {
        let size = camera.width > 0 ? ", \(camera.width)x\(camera.height) \(camera.pixelFormat)" : ""
        return camera.source + size + (camera.connected ? "" : ", not there")
            + (camera.problem.isEmpty ? "" : ": \(camera.problem)")
    }

    /// What the frames say of the calibration.
    var lensText: String {
        guard hasCalibrationWatch else { return "not judged yet" }
        let watch = calibrationWatch
        let verdict = watch.contradicts ? "contradicts the calibration" : "agrees with the calibration"
        return """
            \(verdict) by \(watch.frames) frames: focal length \(Self.signed(100 * watch.focalLengthError, 2)) +- \
            \((100 * watch.focalLengthDeviation).text(2)) %, principal point \
            \(Self.signed(watch.principalPointXError, 1)) +- \(watch.principalPointXDeviation.text(1)) and \
            \(Self.signed(watch.principalPointYError, 1)) +- \(watch.principalPointYDeviation.text(1)) px
            """
    }

    private static func signed(_ value: Double, _ places: Int) -> String {
        (value < 0 ? "" : "+") + value.text(places)
    }

    private var framesText: String {
        """
        \(framesPerSecond.text(1))/s; \(frames.captured) captured, \(frames.skipped) skipped, \(frames.dropped) \
        dropped, \(frames.corrupt) corrupt, \(frames.recovered) recovered, camera reopened \(frames.reopened) \
        times; \(poses) poses\(followed > 0 ? ", \(followed) of them followed" : "")
        """
    }

    private var gatesText: String {
        gates.map { "\($0.gate) withheld \($0.withheld), degraded \($0.degraded)" }.joined(separator: "; ")
    }

    private var placeText: String {
        guard place.cached else { return "none" }
        let name = place.keyframeName.isEmpty ? "" : " (\(place.keyframeName))"
        return "keyframe \(place.keyframe)" + name + (place.restored ? ", restored and not yet confirmed" : "")
    }

    private var clockText: String {
        switch clock.synchronization {
        case .synchronized: "synchronized, within \((Double(clock.maxErrorNs) * 1e-6).text(1)) ms; \(clock.steps) steps"
        case .notSynchronized: "not synchronized; \(clock.steps) steps"
        default: "unknown"
        }
    }

    private var realTimeText: String {
        guard hasRealTime else { return "the frames' thread does not run" }
        let scheduler = realTime.priority > 0 ? "SCHED_FIFO \(realTime.priority)" : "the ordinary scheduler"
        let cpus = realTime.cpus.isEmpty ? "" : ", CPUs \(realTime.cpus)"
        return scheduler + cpus + (realTime.memoryLocked ? ", memory locked" : ", memory not locked")
    }

    private var latencyTable: String {
        guard !latencies.isEmpty else { return "" }
        let last = (Double(intervalNs) * 1e-9).text(0)
        let head = "latency, ms".padded(20) + "last \(last) s: p50".aligned(16) + "p99".aligned(8) + "max".aligned(8)
        let rest = "all: p50".aligned(12) + "p99".aligned(8) + "max".aligned(8) + "count".aligned(10) + "\n"
        return head + rest
            + latencies.map { latency in
                "  \(latency.stage)".padded(20) + Self.row(latency.interval, 16) + Self.row(latency.sinceStart, 12)
                    + "\(latency.sinceStart.count)".aligned(10) + "\n"
            }.joined()
    }

    private static func row(_ summary: Hfloc_V1_LatencySummary, _ width: Int) -> String {
        func cell(_ nanoseconds: UInt64) -> String { (Double(nanoseconds) * 1e-6).text(2) }
        return cell(summary.p50Ns).aligned(width) + cell(summary.p99Ns).aligned(8) + cell(summary.maxNs).aligned(8)
    }

    private static func duration(_ nanoseconds: UInt64) -> String {
        let seconds = nanoseconds / 1_000_000_000
        let (days, hours, minutes) = (seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60)
        return days > 0
            ? "\(days) d \(hours) h" : hours > 0 ? "\(hours) h \(minutes) min" : "\(minutes) min \(seconds % 60) s"
    }
}
