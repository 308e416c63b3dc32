internal import ArgumentParser
internal import Errors
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
            as in use and not touched. Ends with 0 if nothing failed (warnings do not count), else with the code of \
            sysexits.h that hflocd would end with.
            """)

    @Argument(help: "The daemon's configuration.")
    var config = "/etc/hfloc/cam0.yaml"
    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let findings = Diagnostics(configuration: config).findings
        print(json ? Self.json(findings) : Self.text(findings))
        if let status = findings.lazy.compactMap(\.failure).first { throw ExitCode(status.rawValue) }
    }

    private static func text(_ findings: [Finding]) -> String {
        let width = findings.reduce(0) { max($0, $1.name.count) } + 2
        let indent = String(repeating: " ", count: width + 9)
        var lines: [String] = []
        for finding in findings {
            let word = "\(finding.verdict)".padded(9)
            lines.append(word + finding.name.padded(width) + finding.found.joined(separator: "\n" + indent))
            if let cure = finding.cure { lines.append(indent + "-> " + cure) }
        }
        let failures = findings.count { $0.failure != nil }
        let warnings = findings.count { $0.verdict == .warning }
        lines.append(
            failures > 0
                ? "hflocd cannot run: \(failures) failed"
                : "hflocd can run" + (warnings > 0 ? ", \(warnings) warnings" : ""))
        return lines.joined(separator: "\n")
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

/// What one check of the doctor found.
struct Finding {
    enum Verdict: Equatable {
        case ok
        /// It runs, but worse than it could.
        case warning
        /// It does not run, and would end with this.
        case failed(ExitStatus)
        /// Could not be checked, because something before it failed.
        case unknown
    }

    let name: String
    let verdict: Verdict
    /// One line or more.
    let found: [String]
    /// What to do; nil if nothing.
    let cure: String?

    init(_ name: String, _ verdict: Verdict, _ found: String, cure: String? = nil) {
        (self.name, self.verdict, self.cure) = (name, verdict, cure)
        self.found = found.split(separator: "\n").map(String.init)
    }

    /// The errors of the project name their cure themselves.
    init(_ name: String, _ error: any Error) {
        let failure = Failure(describing: error)
        self.init(name, .failed(failure.status), failure.description)
    }

    var failure: ExitStatus? {
        guard case .failed(let status) = verdict else { return nil }
        return status
    }
}

extension Finding.Verdict: CustomStringConvertible {
    var description: String {
        switch self {
        case .ok: "ok"
        case .warning: "warning"
        case .failed: "failed"
        case .unknown: "unknown"
        }
    }
}
