internal import CLinux
internal import Errors

/// What files do to a whole process, made into errors.
public enum FileFaults {
    /// To be called once, before a program opens files. Where it was started without standard input, output or error,
    /// their numbers are taken, so that no file gets one of them and what is said there; such a text stays an error. A
    /// limit of file sizes refuses bytes, and does not kill; a
    /// mapped file that another program shortens in place ends the program with a line and the status of bad data, and
    /// leaves no core dump.
    ///
    /// - Parameter program: its name, with which the line begins.
    public static func prepare(program: String) {
        hf_occupy_standard_descriptors()
        hf_ignore_size_signal()
        let text =
            "\(program): a file that is in use was written over in place (SIGBUS); replace files by renaming, "
            + "as `hfloc map install` does\n"
        unsafe hf_guard_mappings(text, ExitStatus.badData.rawValue)
    }
}
