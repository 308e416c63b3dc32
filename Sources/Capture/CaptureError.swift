public import Errors
internal import Glibc

/// Why a source cannot deliver frames; each names the device or file and the cure.
public enum CaptureError: Error, Equatable, CustomStringConvertible, Sendable {
    /// A system call failed: what was tried, on what, and errno.
    case system(String, String, Int32)
    /// A device node that cannot capture or cannot stream: its path, and what it is instead.
    case notACamera(String, String)
    /// The device lacks the pixel format or part asked for, or has none that can be read: its path, and why.
    case unsupportedFormat(String, String)
    /// The device exists, and delivers nothing before something else has happened.
    case notReady(String, String)
    /// Frames of another size than was asked for.
    case anotherSize(String, String)
    /// A control that the device does not have.
    case control(String, String)
    /// The device is streaming no more: what happened.
    case lost(String, String)
    /// A frame is broken, not the source.
    case frame(String, String)
    /// A folder of images that cannot be played: its path, and why.
    case folder(String, String)
    /// A folder's timestamps.txt that cannot be used: its path with the line, and why.
    case timestamps(String, String)
    /// An image of a folder that cannot be read.
    case image(ImageError)

    public var description: String {
        switch self {
        case .system(let action, let device, let code): "\(device): cannot \(action): \(Self.explanation(code))"
        case .notACamera(let device, let reason), .unsupportedFormat(let device, let reason),
            .notReady(let device, let reason), .anotherSize(let device, let reason), .control(let device, let reason),
            .lost(let device, let reason),
            .frame(let device, let reason):
            "\(device): \(reason)"
        case .folder(let path, let reason), .timestamps(let path, let reason): "\(path): \(reason)"
        case .image(let error): error.description
        }
    }

    /// May this pass by itself, as when the camera is plugged in? What will not pass is an error of the configuration.
    public var mayPass: Bool {
        switch self {
        case .system, .notReady, .lost, .frame: true
        case .notACamera, .unsupportedFormat, .anotherSize, .control, .folder, .timestamps, .image: false
        }
    }

    private static func explanation(_ code: Int32) -> String {
        switch code {
        case ENOENT, ENODEV, ENXIO: "no such device; is the camera plugged in?"
        case EACCES, EPERM: "permission denied; is the user in the group 'video'?"
        case EBUSY: "another program is using it"
        case EINVAL: "invalid argument; the device may have been lost or reset"
        case EIO: "input/output error; check cable, power and USB bandwidth"
        default: unsafe String(cString: strerror(code))
        }
    }
}

extension CaptureError: ReportedError {
    public var exitStatus: ExitStatus {
        switch self {
        case .folder, .system(_, _, ENOENT): .missingInput
        case .image(let error): error.exitStatus
        case .system, .notReady, .lost, .frame: .unavailable
        case .anotherSize, .timestamps: .badData
        case .notACamera, .unsupportedFormat, .control: .configuration
        }
    }
}
