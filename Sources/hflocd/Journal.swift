internal import FailureReporting
internal import Glibc

/// The daemon's log: lines on standard error, which systemd puts into the journal.
enum Journal {
    /// Its lines.
    static func write(_ failure: Failure) {
        for line in failure.description.split(separator: "\n") { write(String(line)) }
    }

    static func write(_ text: String) {
        var line = "hflocd: \(text)\n"
        line.withUTF8 { bytes in _ = unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
}
