package import Errors
internal import Glibc

/// The daemon's log: lines on standard error, which systemd puts into the journal.
package enum Journal {
    /// Its lines.
    package static func write(_ failure: Failure) {
        for line in failure.description.split(separator: "\n") { write(String(line)) }
    }

    package static func write(_ text: String) {
        var line = "hflocd: \(text)\n"
        line.withUTF8 { bytes in _ = unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
    }
}
