public import Geometry
public import LocalizationOptions

/// Everything that hflocd is told, checked. The values stand with their defaults; ``ConfigurationTable`` says the rest
/// of each field.
public struct DaemonConfiguration: Sendable, Equatable {
    /// Where frames come from: one of both, as ``source`` has it.
    var device: String?
    var folder: String?
    /// Of a device; nil: as the driver has it.
    var format: String?
    /// Frames per second; nil: the source's own, 0: unpaced.
    var rate: Double?
    /// Of a folder: begin again after the last image.
    var loops = false
    /// Of a folder: go on with the images that come to it.
    var follows = false
    /// The camera file: its intrinsics.
    public var calibration = ""
    /// Names of the frames of reference in the messages.
    public var mapFrame = "map"
    /// See ``mapFrame``.
    public var cameraFrame = "camera"
    /// The map file.
    public var map = ""
    /// Megabytes of the largest map that is copied into memory; a larger one is mapped.
    public var mapMemory = 256
    /// nil: the installed one.
    public var model: String?
    /// The folder in which the last place is kept over restarts; nil: the service manager's, if it gives one.
    public var state: String?
    /// Where poses are published; at least one.
    public var endpoints: [String] = []
    /// Where requests are answered; empty: nowhere.
    public var control: [String] = []
    /// Record, JSON, odometry, vehicle and keys.
    public var wire = TransportSettings()
    /// Which part of a device's frames is used; of a folder's images it is the whole.
    public var view = RegionOfInterest()
    /// Of a device: set in this order after every opening.
    public var controls: [CameraControl] = []
    /// How hard it tries, and what it demands of a pose.
    public var localizer = LocalizerOptions()
    /// Priority, CPUs and memory of the frames' thread.
    public var realTime = RealTimeSettings()
    /// Where recordings go, and how large they may be.
    public var recording = RecordingSettings()

    /// Nothing that must be given is: ``ConfigurationDraft/complete(endpointProblem:)`` gives whole ones.
    init() {}

    /// Images of a folder, or a V4L2 device.
    public enum Source: Sendable, Equatable {
        /// Images per second: nil as timestamps.txt says, 0 unpaced.
        case folder(path: String, rate: Double?, loops: Bool, follows: Bool)
        /// nil: as the driver has it.
        case device(path: String, format: String?, rate: Double?)

        /// The folder, or the device.
        public var path: String {
            switch self {
            case .folder(let path, _, _, _), .device(let path, _, _): path
            }
        }
    }

    /// The folder where there is one, else the device.
    public var source: Source {
        if let folder { return .folder(path: folder, rate: rate, loops: loops, follows: follows) }
        return .device(path: device ?? "", format: format, rate: rate)
    }

    /// The camera of the frames as they are localized.
    public func camera(
        of calibrated: Camera, part: CalibrationRecord.Part? = nil
    ) throws(ConfigurationError) -> Camera {
        guard case .device = source else { return calibrated }
        return try view.camera(of: calibrated, part: part)
    }
}

/// How the real-time thread runs.
public struct RealTimeSettings: Sendable, Equatable {
    /// Lock all memory, so that no page is ever waited for.
    public var locksMemory = false
    /// SCHED_FIFO priority; nil: the ordinary scheduler.
    public var priority: Int?
    /// The CPUs that the thread, and those that share a frame's work with it, may run on; empty: all.
    public var cpus: [Int] = []
    /// Threads that share a frame's work, the frame's own among them; nil: as many as ``threads(of:)`` says.
    public var threads: Int?
    /// With cheap frames: the network runs on a thread of its own, and no frame that is followed waits for it.
    public var networkBehind = true

    /// The ordinary scheduler, any CPU, nothing locked.
    public init() {}

    /// Threads that share a frame's work on a machine of so many processors. Unless it is configured: the processors
    /// of `cpus`, or all but one, for the camera, the sockets and the rest of the machine; at most four, for more gain
    /// little.
    public func threads(of processors: Int) -> Int {
        threads ?? min(max(cpus.isEmpty ? processors - 1 : cpus.count, 1), 4)
    }

    /// Whether the network runs behind cheap frames on a machine of so many processors: only where the frame's thread
    /// leaves it one.
    public func runsNetworkBehind(on processors: Int) -> Bool {
        networkBehind && (cpus.isEmpty ? processors : min(cpus.count, processors)) >= 2
    }

    /// SCHED_FIFO priority of the threads that help the frame's: below its own, so that they never keep it waiting; 0:
    /// the ordinary scheduler.
    public var helperPriority: Int { max((priority ?? 0) - 1, 0) }
}

/// How what comes, and what becomes of it, is recorded.
public struct RecordingSettings: Sendable, Equatable {
    /// nil: `recordings` in the state folder.
    public var folder: String?
    /// Record every run, from its start.
    public var atStart = false
    /// Megabytes of a file.
    public var fileSize = 1000
    /// Seconds of a file.
    public var fileTime = 600
    /// Megabytes of all recordings in the folder.
    public var budget = 10_000
    /// JPEG quality of images that come uncompressed; nil: they stay as they are.
    public var quality: Int?
    /// Megabytes between the frames and the disk.
    public var memory = 32

    /// Nothing is recorded before somebody asks.
    public init() {}
}

extension DaemonConfiguration {
    /// What of `next` a running daemon can take over: everything but where frames come from, where messages go and how
    /// threads run.
    ///
    /// - Returns: the configuration to go on with, and the keys of the fields of `next` that wait for a restart.
    public func reloaded(as next: DaemonConfiguration) -> (effective: DaemonConfiguration, waiting: [String]) {
        var effective = next
        let waiting = next.differences(from: self).filter { $0.reload == .waitsForRestart }
        for field in waiting { field.value.copy(self, &effective) }
        return (effective, waiting.map(\.key))
    }

    /// The fields whose values differ.
    package func differences(from other: DaemonConfiguration) -> [ConfigurationField] {
        ConfigurationTable.fields.filter { !$0.value.isEqual(self, other) }
    }
}
