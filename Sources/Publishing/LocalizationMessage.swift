/// What one captured frame gave, as it goes on the wire: `hfloc.v1.Localization`, whose .proto file says what each
/// field means.
///
/// A plain value without storage of its own, so that a warm frame allocates nothing.
public struct LocalizationMessage: Sendable {
    public var sequence: UInt64 = 0
    public var frameSequence: UInt64 = 0
    public var frames = Wire.FrameCounters()
    /// CLOCK_MONOTONIC, nanoseconds.
    public var captureMonotonic: UInt64 = 0
    /// Since the Unix epoch, nanoseconds.
    public var captureWall: UInt64 = 0
    /// Nanoseconds.
    public var wallClockUncertainty: UInt32 = 0
    /// CLOCK_MONOTONIC, nanoseconds.
    public var publishMonotonic: UInt64 = 0
    public var state = Wire.State.unspecified
    /// Encoded only if the state is localized or degraded, whatever it holds.
    public var pose: Pose?
    /// The vehicle in the map. Encoded as `pose` is.
    public var basePose: Pose?
    /// The odometry's frame in the map. Encoded as `pose` is.
    public var mapFromOdom: Wire.Transform?
    public var wallClockSynchronized = false
    /// Nanoseconds.
    public var wallClockMaximumError: UInt64 = 0
    /// The camera on the Earth. Encoded as `pose` is.
    public var earth: EarthPosition?
    /// The vehicle on the Earth. Encoded as `pose` is.
    public var baseEarth: EarthPosition?
    /// Metres and radians. Encoded as `pose` is.
    public var protectionLevel = (position: 0.0, rotation: 0.0)
    /// Why there is no pose, or a degraded one, in one sentence for people; a literal, so that nothing is allocated.
    public var reason = ""
    public var evidence: Wire.Evidence?
    public var resetCounter: UInt32 = 0
    public var latencies: Wire.Latencies?

    public init() {}

    /// The camera or the vehicle in the map: `hfloc.v1.Pose`.
    public struct Pose: Sendable {
        /// The origin of the camera or vehicle in the map frame, metres.
        public var position: Wire.Vector3
        /// Rotates its axes into map axes. Unit norm.
        public var orientation: Wire.Quaternion
        /// 6x6, row by row, in the axes of the map frame: x, y, z, rotation about x, y, z. Metres and radians, squared.
        public var covariance: InlineArray<36, Double>

        public init(position: Wire.Vector3, orientation: Wire.Quaternion, covariance: InlineArray<36, Double>) {
            self.position = position
            self.orientation = orientation
            self.covariance = covariance
        }
    }

    /// A position in WGS 84: `hfloc.v1.EarthPosition`.
    public struct EarthPosition: Sendable {
        /// Degrees, degrees, and metres above the ellipsoid.
        public var latitude: Double
        public var longitude: Double
        public var height: Double
        /// 3x3, row by row, along east, north, up at the position, metres squared.
        public var covariance: InlineArray<9, Double>

        public init(latitude: Double, longitude: Double, height: Double, covariance: InlineArray<9, Double>) {
            (self.latitude, self.longitude, self.height) = (latitude, longitude, height)
            self.covariance = covariance
        }
    }
}
