internal import DaemonPoses
internal import Messages
internal import ROS2

/// What /diagnostics has: one status for each part, with the cause in words.
extension ROSBridge {
    func diagnostics(at now: Instant) -> [Outgoing] {
        let parts = [
            localizationStatus(now), daemonStatus(now), vehicleStatus(now), odometryStatus(), bridgeStatus(now),
        ]
        // The header's frame means nothing here, and is empty in ROS's own diagnostics too.
        let header = Header(stamp: now.wall, frame: "")
        return [.diagnostics(DiagnosticArray(header: header, status: parts.compactMap { $0 }))]
    }

    private typealias Values = [(key: String, value: String)]

    private func status(
        _ level: DiagnosticStatus.Level, _ part: String, _ message: String, _ values: Values = []
    ) -> DiagnosticStatus {
        DiagnosticStatus(
            level, name: "hfloc \(options.name): \(part)", message: message, hardware: options.name, values: values)
    }

    // MARK: The parts

    private func localizationStatus(_ now: Instant) -> DiagnosticStatus {
        guard let message = heard.localization, speaks(at: now) else {
            return status(.stale, "localization", Withheld.silence.text)
        }
        let state = wireName(message.state)
        let text = message.reason.isEmpty ? state : "\(state): \(message.reason)"
        return status(Self.level(message.state), "localization", text, Self.values(message, now))
    }

    /// By what is to be done: nothing, take care, or go on without a pose.
    static func level(_ state: Hfloc_V1_State) -> DiagnosticStatus.Level {
        switch state {
        case .localized: .ok
        case .degraded, .initializing: .warning
        default: .error
        }
    }

    private static func values(_ message: Hfloc_V1_Localization, _ now: Instant) -> Values {
        let age = now.monotonic > message.captureMonotonicNs ? now.monotonic - message.captureMonotonicNs : 0
        var values: Values = [
            ("state", wireName(message.state)), ("gate", wireName(message.evidence.failedGate)),
            ("reason", message.reason), ("sequence", "\(message.sequence)"),
            ("reset_counter", "\(message.resetCounter)"),
            ("age_ms", message.captureMonotonicNs == 0 ? "" : milliseconds(age)),
            ("latency_ms", milliseconds(message.latencies.totalNs)),
        ]
        if message.hasEvidence {
            let evidence = message.evidence
            values += [
                ("keypoints", "\(evidence.keypoints)"), ("matches", "\(evidence.matches)"),
                ("inliers", "\(evidence.inliers)"), ("inlier_ratio", fixed(evidence.inlierRatio)),
                ("spread", fixed(evidence.spread)), ("reprojection_rms_px", fixed(evidence.reprojectionRmsPx)),
                ("purity", fixed(evidence.purity)), ("rival_share", fixed(evidence.rivalShare)),
            ]
        }
        if message.hasPose {
            values += [
                ("protection_level_position_m", fixed(message.protectionLevelPosition)),
                ("protection_level_rotation_rad", fixed(message.protectionLevelRotation)),
            ]
        }
        return values + [
            ("wall_clock_synchronized", "\(message.wallClockSynchronized)"), ("map_id", message.mapID),
            ("model_id", message.modelID), ("calibration_id", message.calibrationID),
        ]
    }

    private func daemonStatus(_ now: Instant) -> DiagnosticStatus {
        guard let daemon = heard.status, let at = heard.statusAt, isRecent(at, now) else {
            return status(.stale, "daemon", "no status comes from hflocd; is 'record' in its configuration?")
        }
        let problems = daemon.problems.map(\.text)
        var values: Values = [
            ("version", daemon.daemonVersion), ("map", daemon.map.path), ("camera", daemon.camera.source),
            ("frames_per_second", fixed(daemon.framesPerSecond)), ("frames_skipped", "\(daemon.frames.skipped)"),
            ("frames_dropped", "\(daemon.frames.dropped)"), ("frames_corrupt", "\(daemon.frames.corrupt)"),
            ("cpu_share", fixed(daemon.cpuShare)), ("resident_mb", "\(daemon.residentBytes / 1_000_000)"),
        ]
        for gate in daemon.gates {
            let counts = "\(gate.withheld) withheld, \(gate.degraded) degraded"
            values.append(("gate \(wireName(gate.gate))", counts))
        }
        let text = problems.isEmpty ? "no problem" : problems.joined(separator: "; ")
        return status(problems.isEmpty ? .ok : .warning, "daemon", text, values)
    }

    /// Nil as long as the endpoint has said nothing.
    private func vehicleStatus(_ now: Instant) -> DiagnosticStatus? {
        guard let vehicle = heard.vehicle else { return nil }
        guard vehicleSpeaks(at: now) else {
            return status(.stale, "vehicle", "no message comes from hflocd's vehicle_state endpoint")
        }
        let level: DiagnosticStatus.Level =
            switch vehicle.condition {
            case .fixed: vehicle.reason.isEmpty ? .ok : .warning
            case .coasting: .warning
            default: .error
            }
        let condition = wireName(vehicle.condition)
        return status(
            level, "vehicle", vehicle.reason.isEmpty ? condition : "\(condition): \(vehicle.reason)",
            [
                ("condition", condition), ("fix_age_ms", milliseconds(vehicle.fixAgeNs)),
                ("withheld_fixes", "\(vehicle.withheldFixes)"), ("reset_counter", "\(vehicle.resetCounter)"),
            ])
    }

    /// Nil as long as no odometry came.
    private func odometryStatus() -> DiagnosticStatus? {
        let input = told.odometry
        guard input.accepted + input.refused > 0 else { return nil }
        let values: Values = [("accepted", "\(input.accepted)"), ("refused", "\(input.refused)")]
        guard let problem = input.problem else { return status(.ok, "odometry", "passed on to hflocd", values) }
        return status(.warning, "odometry", problem, values)
    }

    private func bridgeStatus(_ now: Instant) -> DiagnosticStatus {
        let rule = rule
        let text = told.withheld.map { "no pose is published: \($0.text)" } ?? "poses are published"
        return status(
            told.withheld == nil ? .ok : .warning, "bridge", text,
            [
                ("poses", "\(told.poses)"), ("odometries", "\(told.odometries)"),
                ("transforms", "\(told.transforms)"), ("transform", "\(rule)"), ("initialpose", told.prior),
            ])
    }
}

/// With three digits behind the point.
private func fixed(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
    let thousandths = Int64((abs(value) * 1000).rounded())
    let rest = "\(thousandths % 1000)"
    let sign = value < 0 && thousandths > 0 ? "-" : ""
    return "\(sign)\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
}

/// Of nanoseconds.
private func milliseconds(_ nanoseconds: UInt64) -> String { fixed(Double(nanoseconds) / 1e6) }
