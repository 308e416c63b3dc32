public import Geometry

/// Everything that hflocd is told, checked. The file Systemd/hflocd.yaml documents each field.
public struct DaemonConfiguration: Sendable, Equatable {
    public var source: Source
    /// The camera file: its intrinsics.
    public var calibration: String
    /// Names of the frames of reference in the messages.
    public var mapFrame: String
    public var cameraFrame: String
    public var map: String
    /// nil: the installed one.
    public var model: String?
    /// The folder in which the last place is kept over restarts; nil: the service manager's, if it gives one.
    public var state: String?
    public var endpoints: [String]
    /// Where requests are answered; empty: nowhere.
    public var control: [String]
    public var wire: TransportSettings
    /// Which part of a device's frames is used; of a folder's images it is the whole.
    public var view: RegionOfInterest
    /// Of a device: set in this order after every opening.
    public var controls: [CameraControl]
    public var localizer: LocalizerSettings
    public var realTime: RealTimeSettings

    public enum Source: Sendable, Equatable {
        /// Images per second: nil as timestamps.txt says, 0 unpaced.
        case folder(path: String, rate: Double?, loops: Bool)
        /// nil: as the driver has it.
        case device(path: String, format: String?, rate: Double?)

        /// The folder, or the device.
        public var path: String {
            switch self {
            case .folder(let path, _, _), .device(let path, _, _): path
            }
        }
    }

    /// The camera of the frames as they are localized.
    public func camera(
        of calibrated: Camera, part: CalibrationRecord.Part? = nil
    ) throws(ConfigurationError) -> Camera {
        guard case .device = source else { return calibrated }
        return try view.camera(of: calibrated, part: part)
    }
}

/// What differs from the localizer's own defaults.
public struct LocalizerSettings: Sendable, Equatable {
    public var keypoints: Int?
    public var priors: Int?
    public var cachedKeyframes: Int?
    public var failuresUntilLost: Int?
    public var minimumInliers: Int?
    public var minimumTrackedInliers: Int?
    public var minimumInlierRatio: Double?
    public var minimumSpread: Double?
    public var minimumRecognition: Double?
    /// Pixels.
    public var maximumReprojectionRMS: Double?
    /// Below so many inliers, or above these standard deviations (metres, degrees), a pose is degraded.
    public var degradedInliers: Int?
    public var degradedPosition: Double?
    public var degradedRotation: Double?

    public init() {}
}

/// How the real-time thread runs.
public struct RealTimeSettings: Sendable, Equatable {
    /// Lock all memory, so that no page is ever waited for.
    public var locksMemory = false
    /// SCHED_FIFO priority, 1...99; nil: the ordinary scheduler.
    public var priority: Int?
    /// The CPUs that the thread may run on; empty: all.
    public var cpus: [Int] = []

    public init() {}
}

extension DaemonConfiguration {
    /// What of `next` a running daemon can take over: everything but where frames come from, where messages go and how
    /// threads run.
    ///
    /// - Returns: the configuration to go on with, and the fields of `next` that wait for a restart.
    public func reloaded(as next: DaemonConfiguration) -> (effective: DaemonConfiguration, waiting: [String]) {
        var effective = next
        var waiting: [String] = []
        func keep<Value: Equatable>(_ field: String, _ path: WritableKeyPath<DaemonConfiguration, Value>) {
            guard self[keyPath: path] != next[keyPath: path] else { return }
            effective[keyPath: path] = self[keyPath: path]
            waiting.append(field)
        }
        keep("camera (device, folder, format, rate, loop)", \.source)
        keep("camera.size, crop, reduction", \.view)
        keep("camera.controls", \.controls)
        keep("publish", \.endpoints)
        keep("control", \.control)
        keep("record, json, odometry, vehicle, security", \.wire)
        keep("state", \.state)
        keep("real_time", \.realTime)
        return (effective, waiting)
    }
}
