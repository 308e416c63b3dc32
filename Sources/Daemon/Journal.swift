package import Errors
internal import Glibc

/// The daemon's log, line by line.
package struct Journal: Sendable {
    private let line: @Sendable (String) -> Void

    /// - Parameter line: takes a line, without its end.
    package init(line: @escaping @Sendable (String) -> Void) {
        self.line = line
    }

    /// Standard error, which systemd puts into the journal.
    package static let standardError = Journal { text in
        var line = "hflocd: \(text)\n"
        line.withUTF8 { bytes in _ = unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }

    /// Its lines.
    package func write(_ failure: Failure) {
        for line in failure.description.split(separator: "\n") { write(String(line)) }
    }

    package func write(_ text: String) { line(text) }
}
