/// What one captured frame gave, as it goes on the wire: `hfloc.v1.Localization`, whose .proto file says what each
/// field means.
///
/// A plain value without storage of its own, so that a warm frame allocates nothing.
public struct LocalizationMessage: Sendable {
    public var sequence: UInt64 = 0
    public var frameSequence: UInt64 = 0
    public var frames = FrameCounters()
    /// CLOCK_MONOTONIC, nanoseconds.
    public var captureMonotonic: UInt64 = 0
    /// Since the Unix epoch, nanoseconds.
    public var captureWall: UInt64 = 0
    /// Nanoseconds.
    public var wallClockUncertainty: UInt32 = 0
    /// CLOCK_MONOTONIC, nanoseconds.
    public var publishMonotonic: UInt64 = 0
    public var state = State.unspecified
    /// Encoded only if the state is localized or degraded, whatever it holds.
    public var pose: Pose?
    /// The vehicle in the map. Encoded as `pose` is.
    public var basePose: Pose?
    /// The odometry's frame in the map. Encoded as `pose` is.
    public var mapFromOdom: Transform?
    public var wallClockSynchronized = false
    /// Nanoseconds.
    public var wallClockMaximumError: UInt64 = 0
    public var evidence: Evidence?
    public var resetCounter: UInt32 = 0
    public var latencies: Latencies?

    public init() {}

    /// Raw values are those of `hfloc.v1.State`.
    public enum State: UInt8, Sendable, CaseIterable {
        case unspecified, initializing, localized, degraded, lost, noCamera, badFrame, badMap, badModel
        case badCalibration, fault
    }

    /// Raw values are those of `hfloc.v1.Gate`.
    public enum Gate: UInt8, Sendable, CaseIterable {
        case none, input, retrieval, matches, inliers, inlierRatio, spread, reprojection, covariance, ambiguity
        case prediction, agreement, recognition
    }

    /// Raw values are those of `hfloc.v1.Source`.
    public enum Source: UInt8, Sendable, CaseIterable {
        case unspecified, cachedPlace, retrieval
    }

    /// Takes coordinates in one frame to those in another.
    public struct Transform: Sendable, Equatable {
        /// Metres.
        public var translation: SIMD3<Double>
        /// w, x, y, z.
        public var rotation: SIMD4<Double>

        public init(translation: SIMD3<Double>, rotation: SIMD4<Double>) {
            self.translation = translation
            self.rotation = rotation
        }
    }

    /// The camera or the vehicle in the map.
    public struct Pose: Sendable {
        /// The origin of the camera or vehicle in the map frame, metres.
        public var position: SIMD3<Double>
        /// Rotates its axes into map axes: w, x, y, z.
        public var orientation: (w: Double, x: Double, y: Double, z: Double)
        /// 6x6, row by row, in the axes of the map frame: x, y, z, rotation about x, y, z.
        public var covariance: InlineArray<36, Double>

        public init(
            position: SIMD3<Double>, orientation: (w: Double, x: Double, y: Double, z: Double),
            covariance: InlineArray<36, Double>
        ) {
            self.position = position
            self.orientation = orientation
            self.covariance = covariance
        }
    }

    public struct Evidence: Sendable {
        public var keypoints: UInt32 = 0
        public var matches: UInt32 = 0
        public var inliers: UInt32 = 0
        public var landmarksInView: UInt32 = 0
        public var inlierRatio: Double = 0
        public var spread: Double = 0
        /// Pixels.
        public var reprojectionRMS: Double = 0
        public var failedGate = Gate.none
        public var source = Source.unspecified

        public init() {}
    }

    public struct FrameCounters: Sendable {
        public var captured: UInt64 = 0
        public var skipped: UInt64 = 0
        public var dropped: UInt64 = 0
        public var corrupt: UInt64 = 0
        public var reopened: UInt64 = 0

        public init() {}
    }

    /// Nanoseconds.
    public struct Latencies: Sendable {
        public var capture: UInt64 = 0
        public var localFeatures: UInt64 = 0
        public var globalDescriptor: UInt64 = 0
        public var retrieval: UInt64 = 0
        public var matching: UInt64 = 0
        public var pose: UInt64 = 0
        public var total: UInt64 = 0
        public var previousPublish: UInt64 = 0

        public init() {}
    }
}
