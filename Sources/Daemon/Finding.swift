package import Errors

/// What one check of the doctor found.
package struct Finding: Sendable, Equatable {
    package enum Verdict: Sendable, Equatable {
        case ok
        /// It runs, but worse than it could.
        case warning
        /// It does not run, and would end with this.
        case failed(ExitStatus)
        /// Could not be checked, because something before it failed.
        case unknown
    }

    package let name: String
    package let verdict: Verdict
    /// One line or more.
    package let found: [String]
    /// What to do; nil if nothing.
    package let cure: String?

    package init(_ name: String, _ verdict: Verdict, _ found: String, cure: String? = nil) {
        (self.name, self.verdict, self.cure) = (name, verdict, cure)
        self.found = found.split(separator: "\n").map(String.init)
    }

    /// The errors of the project name their cure themselves.
    init(_ name: String, _ error: any Error) {
        let failure = Failure(describing: error)
        self.init(name, .failed(failure.status), failure.description)
    }

    package var failure: ExitStatus? {
        guard case .failed(let status) = verdict else { return nil }
        return status
    }
}

extension Finding.Verdict: CustomStringConvertible {
    package var description: String {
        switch self {
        case .ok: "ok"
        case .warning: "warning"
        case .failed: "failed"
        case .unknown: "unknown"
        }
    }
}
