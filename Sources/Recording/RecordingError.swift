package import Errors

/// Why a recording cannot be read; each names the file and the cure.
package struct RecordingError: ReportedError, Equatable {
    package let path: String
    /// For people, with the byte where that helps.
    package let problem: String
    package let cure: String

    package init(_ path: String, _ problem: String, cure: String) {
        (self.path, self.problem, self.cure) = (path, problem, cure)
    }

    package var exitStatus: ExitStatus { .badData }

    package var description: String { "\(path): recording: \(problem); \(cure)" }
}
