internal import Glibc

/// The exit statuses of all programs: those of `sysexits.h`, and one for work that was done in part. The service is not
/// started again after `usage`, `badData`, `missingInput` and `configuration`, which a restart does not cure.
public enum ExitStatus: Int32, Sendable, CaseIterable {
    /// Done, but not with everything: some images (or other items) could not be used, and were named.
    case incomplete = 2
    /// The command line asks for what cannot be.
    case usage = 64
    /// A file's content is damaged, or does not fit the others.
    case badData = 65
    /// A file or folder that is to be read does not exist.
    case missingInput = 66
    /// A camera, an endpoint or another program is not there, or in use.
    case unavailable = 69
    /// Our own bug.
    case software = 70
    /// The operating system refused a privilege, a thread or memory.
    case system = 71
    /// An output file cannot be made where it is asked for.
    case cannotCreate = 73
    /// Reading or writing a file failed, for another cause than that it is missing.
    case inputOutput = 74
    /// The configuration asks for what cannot be.
    case configuration = 78

    /// The system would not give us this file: because it is not there, or for another reason.
    public init(refusedFile path: String) {
        self = unsafe access(path, F_OK) == 0 ? .inputOutput : .missingInput
    }
}
