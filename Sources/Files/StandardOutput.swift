internal import CLinux
internal import Glibc

/// Standard output, unbuffered: who reads a pipe wants the line now. Programs say nothing there by another way, so that
/// a text that did not arrive is always an error.
public enum StandardOutput {
    /// Writes the text as it is, all of it. A pipe that nobody reads any more ends the process, quietly.
    public static func write(_ text: String) throws(FileError) { try write(text, to: STDOUT_FILENO) }

    /// Writes the text as a line, or as lines.
    public static func writeLine(_ text: String) throws(FileError) { try write(text + "\n") }

    /// As above, to another descriptor than standard output: for tests.
    package static func write(_ text: String, to descriptor: Int32) throws(FileError) {
        var text = text
        let code = text.withUTF8 { bytes in unsafe writeAll(UnsafeRawBufferPointer(bytes), to: descriptor) }
        if code == EPIPE { hf_end_by_closed_pipe() }
        guard code == 0 else { throw .unwritable("standard output", code) }
    }
}
