/// How the daemon fares: `hfloc.v1.Status`, whose .proto file says what each field means. Not for the frame path: it
/// allocates.
public struct StatusMessage: Sendable {
    public var daemonVersion = ""
    public var protocolVersion: UInt32 = 1
    public var sessionID: UInt64 = 0
    public var bootID = ""
    /// Set by the publisher of status messages.
    public var sequence: UInt64 = 0
    /// CLOCK_MONOTONIC, nanoseconds.
    public var monotonic: UInt64 = 0
    /// Since the Unix epoch, nanoseconds.
    public var wall: UInt64 = 0
    /// Nanoseconds.
    public var uptime: UInt64 = 0
    public var state = LocalizationMessage.State.unspecified
    public var reason = ""
    public var problems: [Problem] = []
    public var map = FileIdentity()
    public var model = FileIdentity()
    public var calibration = FileIdentity()
    public var camera = Camera()
    public var frames = LocalizationMessage.FrameCounters()
    public var messages: UInt64 = 0
    public var poses: UInt64 = 0
    public var latencies: [StageLatency] = []
    /// Nanoseconds.
    public var interval: UInt64 = 0
    public var framesPerSecond: Double = 0
    public var residentBytes: UInt64 = 0
    /// CPU seconds per second.
    public var cpuShare: Double = 0
    public var cpuShareSinceStart: Double = 0
    public var clock = Clock()
    public var place = Place()
    public var subscriptions = Subscriptions()
    public var configurationGeneration: UInt64 = 0
    public var publishFailures: UInt64 = 0
    /// nil before the thread of the frames runs.
    public var realTime: RealTime?

    public init() {}

    public struct Problem: Sendable, Equatable {
        public var kind: Kind
        public var text: String

        public init(_ kind: Kind, _ text: String) {
            self.kind = kind
            self.text = text
        }

        /// Raw values are those of `hfloc.v1.Problem.Kind`.
        public enum Kind: UInt8, Sendable, CaseIterable {
            case unspecified, noCamera, badMap, badModel, badCalibration, clockNotSynchronized, lost, badFrame
            case badConfiguration, tooSlow
        }
    }

    public struct FileIdentity: Sendable, Equatable {
        public var path: String
        public var id: String

        public init(path: String = "", id: String = "") {
            self.path = path
            self.id = id
        }
    }

    public struct Camera: Sendable {
        public var source = ""
        public var isConnected = false
        public var problem = ""
        public var width: UInt32 = 0
        public var height: UInt32 = 0
        public var pixelFormat = ""
        /// Frames per second; 0 if the driver does not say.
        public var nominalRate: Double = 0

        public init() {}
    }

    /// Raw values are those of `hfloc.v1.Stage`.
    public enum Stage: UInt8, Sendable, CaseIterable {
        case unspecified, capture, localFeatures, globalDescriptor, retrieval, matching, pose, publish, total
    }

    public struct StageLatency: Sendable {
        public var stage: Stage
        public var interval: LatencySummary
        public var sinceStart: LatencySummary

        public init(_ stage: Stage, interval: LatencySummary, sinceStart: LatencySummary) {
            self.stage = stage
            self.interval = interval
            self.sinceStart = sinceStart
        }
    }

    /// Nanoseconds.
    public struct LatencySummary: Sendable, Equatable {
        public var count: UInt64 = 0
        public var median: UInt64 = 0
        public var percentile99: UInt64 = 0
        public var maximum: UInt64 = 0

        public init() {}
    }

    public struct Clock: Sendable {
        public var synchronization = ClockSynchronization.State.unspecified
        /// Nanoseconds.
        public var maximumError: UInt64 = 0
        public var estimatedError: UInt64 = 0
        /// Wall clock minus CLOCK_MONOTONIC.
        public var offset: Int64 = 0
        public var steps: UInt64 = 0

        public init() {}
    }

    public struct Place: Sendable {
        public var isCached = false
        public var keyframe: UInt32 = 0
        public var keyframeName = ""
        public var isRestored = false
        public var isRestoreConfirmed = false

        public init() {}
    }

    /// How the thread from camera to publisher runs.
    public struct RealTime: Sendable, Equatable {
        /// Of SCHED_FIFO; 0 for the ordinary scheduler.
        public var priority: UInt32 = 0
        /// Such as "0-1,3".
        public var cpus = ""
        public var isMemoryLocked = false

        public init() {}
    }

    public struct Subscriptions: Sendable {
        public var localization: UInt32 = 0
        public var record: UInt32 = 0
        public var json: UInt32 = 0

        public init() {}
    }
}
