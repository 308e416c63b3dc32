internal import Glibc

/// Standard output, unbuffered: who reads a pipe wants the line now.
public enum StandardOutput {
    /// Writes the text as it is, all of it.
    public static func write(_ text: String) throws(FileError) { try write(text, to: STDOUT_FILENO) }

    /// As above, to another descriptor than standard output: for tests.
    package static func write(_ text: String, to descriptor: Int32) throws(FileError) {
        var text = text
        let code = text.withUTF8 { bytes in unsafe writeAll(UnsafeRawBufferPointer(bytes), to: descriptor) }
        guard code == 0 else {
            throw FileError(.unwritable, "standard output", code, "cannot be written", cure: "free space on the disk")
        }
    }
}
