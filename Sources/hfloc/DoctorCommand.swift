internal import ArgumentParser
internal import Configuration
internal import Daemon
internal import Errors
internal import Files
internal import Messages
internal import Reporting

/// `hfloc doctor`: everything that hflocd needs of this machine and of its files, checked one by one, each with what to
/// do.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check everything that hflocd needs, and say what to do.",
        discussion: """
            Run it as the daemon's user, for permissions and limits are that user's. Nothing streams, and what is \
            tried on the camera (format, part, controls) is put back; one that a running hflocd has open is reported \
            as in use and not touched; that one is asked what its frames say of the calibration. Ends with 0 if \
            nothing failed (warnings do not count), else with the code of sysexits.h that hflocd would end with.
            """)

    @Argument(help: "The daemon's configuration.")
    var config = "/etc/hfloc/cam0.yaml"
    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        try Failure.reporting {
            var diagnostics = Diagnostics(configuration: config, environment: ConfigurationOverrides.environment())
            diagnostics.add(diagnostics.answeredControls.compactMap(RunningDaemon.lens))
            try StandardOutput.writeLine(json ? Self.json(diagnostics.findings) : diagnostics.text)
            if let status = diagnostics.findings.lazy.compactMap(\.failure).first { throw ExitCode(status.rawValue) }
        }
    }

    private static func json(_ findings: [Finding]) -> String {
        let checks = findings.map { finding in
            JSONText.object([
                ("check", JSONText.string(finding.name)), ("verdict", JSONText.string("\(finding.verdict)")),
                ("found", JSONText.array(finding.found.map(JSONText.string))),
                ("cure", finding.cure.map(JSONText.string) ?? "null"),
            ])
        }
        let isGood = findings.allSatisfy { $0.failure == nil }
        return JSONText.object([("ok", "\(isGood)"), ("checks", JSONText.array(checks))])
    }
}

/// What a running hflocd says of itself.
private enum RunningDaemon {
    /// Seconds; it answers within a frame.
    private static let patience = "1"

    /// What its frames say of the calibration; nil if it does not answer this caller, or has no opinion yet.
    static func lens(at endpoint: String) -> Finding? {
        let control = try? ControlArguments.parse(["--control", endpoint, "--timeout", patience])
        guard let status = try? control?.ask(.getStatus(.init())).status, status.hasCalibrationWatch else { return nil }
        guard let problem = status.problems.first(where: { $0.kind == .calibrationContradicted }) else {
            return Finding("lens", .ok, status.lensText)
        }
        return Finding(
            "lens", .warning, problem.text,
            cure: "calibrate the camera as it is now (hfloc-calibrate), or build the map with its cameras' intrinsics")
    }
}
