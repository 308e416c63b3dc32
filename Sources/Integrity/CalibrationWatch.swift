public import Features
public import Geometry

/// What the frames of a drive say together of their camera: a filter on focal length and principal point.
///
/// Each frame gives an estimate with its covariance (``FreeCameraFit``). Estimates are summed by their information, so
/// that a direction that no frame observes stays open: before a wall seen head-on the focal length is not judged, and a
/// drive along a street settles it. Frames that see the same landmarks err alike, however many they are: a frame counts
/// by the share of its landmarks that have not spoken lately. One frame that contradicts all others is given less
/// weight, not believed.
///
/// The sum is held against the calibration's own covariance (``CalibrationTest``). Once it contradicts, it takes clear
/// agreement to withdraw that. Old estimates fade, so that a lens that is refocused is noticed, and one that was set
/// right is forgiven.
///
/// Allocates nothing. Deterministic.
public struct CalibrationWatch: Sendable {
    /// Estimates after which an older one counts 1/e, and for which landmarks are remembered.
    private static let memory = 200
    /// Chi square beyond which an estimate is taken for an outlier among those before it; and below which a
    /// contradiction is withdrawn: half of all right cameras are below 2.4, 95 % below 7.8.
    private static let usual = 7.815
    /// Of an estimate's information, what counts although all of its landmarks have spoken: other pixels of the same
    /// landmarks.
    private static let repeated = 0.05

    /// All that it carries from one estimate to the next. Nothing in it allocates.
    public struct Memory: Sendable {
        /// Sum of the inverse covariances, faded.
        public var information = Matrix3.zero
        /// Sum of them times the estimates.
        public var weighted = Vector3.zero
        /// Estimates that were summed up.
        public var count: UInt32 = 0
        /// Chi square of the sum against the calibration, three degrees of freedom; 0 before the first estimate.
        public var chiSquare = 0.0
        /// Whether the frames contradict the calibration.
        public var contradicts = false
        /// The landmarks of this hundred of estimates, and of the hundred before.
        public var landmarks = (lately: LandmarkBits(), before: LandmarkBits())

        /// Of a watch that has seen nothing.
        public init() {}
    }

    /// Of the image that the estimates' pixels are in.
    public let camera: Camera
    /// Covariance of the calibration: log f, x, y in pixels of that image.
    public let given: Matrix3
    /// What the estimates so far have left.
    public var memory = Memory()

    /// - Parameters:
    ///   - camera: as its file gives it, of the image that the estimates' pixels are in.
    ///   - given: covariance of the calibration: log f, x, y in pixels of that image. Zero where the file states none.
    public init(camera: Camera, given: Matrix3 = .zero) { (self.camera, self.given) = (camera, given) }

    /// Whether the frames contradict the calibration.
    public var contradicts: Bool { memory.contradicts }

    /// Takes one frame into account. An estimate without a covariance is left out.
    ///
    /// - Parameters:
    ///   - estimate: log f, x, y (pixels).
    ///   - covariance: of it, with the map's factor.
    ///   - correspondences: whose landmarks it rests on.
    public mutating func observe(
        _ estimate: FreeCamera, covariance: Matrix3, from correspondences: [Correspondence]
    ) {
        guard var own = covariance.inverse, own.diagonal.isFinite, own.diagonal.min() > 0, estimate.vector.isFinite
        else {
            return
        }
        own = own * weight(of: correspondences)
        if let mean, let spread = memory.information.inverse, let narrow = own.inverse {
            // An outlier counts as if it were as uncertain as it is off.
            let surprise = estimate.vector - mean.vector
            let sum = spread + narrow + CalibrationTest.floorCovariance(of: camera)
            if let inverse = sum.inverse {
                own = own * min(1, Self.usual / max(surprise.dot(inverse * surprise), 1e-12))
            }
        }
        let fading = 1 - 1 / Double(Self.memory)
        memory.information = memory.information * fading + own
        memory.weighted = memory.weighted * fading + own * estimate.vector
        updateVerdict()
    }

    /// What the camera would have to be corrected by; nil before the first estimate.
    public var mean: FreeCamera? {
        guard let covariance = memory.information.inverse else { return nil }
        let vector = covariance * memory.weighted
        return FreeCamera(logFocal: vector.x, shift: Vector2(vector.y, vector.z))
    }

    /// How sure `mean` is, with what a calibration can hold at best (``CalibrationTest/floor``): log f, x, y.
    public var deviations: Vector3? {
        memory.information.inverse.map { ($0 + CalibrationTest.floorCovariance(of: camera)).diagonal.squareRoot() }
    }

    /// What there is to say; nil before the first estimate.
    public var verdict: CalibrationVerdict? {
        guard memory.count > 0, let mean, let deviations else { return nil }
        return CalibrationVerdict(
            frames: memory.count, chiSquare: memory.chiSquare, contradicts: memory.contradicts, correction: mean,
            deviations: deviations)
    }

    private mutating func updateVerdict() {
        guard let mean, let covariance = memory.information.inverse else { return }
        memory.chiSquare = CalibrationTest.chiSquare(
            mean.vector, covariance: covariance, given: given, camera: camera)
        memory.contradicts = memory.chiSquare > (memory.contradicts ? Self.usual : CalibrationTest.limit)
    }

    /// The share of the landmarks that have not spoken lately. Counts the estimate.
    private mutating func weight(of correspondences: [Correspondence]) -> Double {
        memory.count &+= 1
        if memory.count % UInt32(Self.memory / 2) == 0 {
            memory.landmarks = (LandmarkBits(), memory.landmarks.lately)
        }
        var fresh = 0
        for correspondence in correspondences {
            let landmark = correspondence.landmark
            if memory.landmarks.lately.insert(landmark), !memory.landmarks.before.contains(landmark) { fresh += 1 }
        }
        return max(Self.repeated, Double(fresh) / Double(max(correspondences.count, 1)))
    }
}
