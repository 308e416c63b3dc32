public import Geometry

/// A vehicle's way in the frame of its odometry: continuous, and free to drift.
public struct OdometryPath: Sendable {
    private let times: [UInt64]
    private let odomFromBase: [RigidTransform]
    /// Metres of way up to each sample.
    private let lengths: [Double]

    /// Between two samples that are interpolated, at most: nanoseconds.
    public static let longestGap: UInt64 = 500_000_000

    /// - Parameter samples: in any order; of two at one time the first counts.
    public init(_ samples: [(time: UInt64, odomFromBase: RigidTransform)]) {
        var (times, poses, lengths) = ([UInt64](), [RigidTransform](), [Double]())
        let ordered = samples.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        for (_, sample) in ordered where sample.time != times.last {
            let step = poses.last.map { (sample.odomFromBase.translation - $0.translation).length } ?? 0
            lengths.append((lengths.last ?? 0) + step)
            times.append(sample.time)
            poses.append(sample.odomFromBase)
        }
        (self.times, odomFromBase, self.lengths) = (times, poses, lengths)
    }

    /// Samples.
    public var count: Int { times.count }
    /// From the first sample to the last; nil without any.
    public var span: ClosedRange<UInt64>? { times.first.flatMap { first in times.last.map { first...$0 } } }

    /// The vehicle at a time, at constant velocity between two samples, and its way until then; nil before the first
    /// and behind the last sample, and where two are too far apart.
    public func state(at time: UInt64) -> (odomFromBase: RigidTransform, travelled: Double)? {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= time { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        let before = low - 1
        if times[before] == time { return (odomFromBase[before], lengths[before]) }
        guard low < times.count, times[low] - times[before] <= Self.longestGap else { return nil }
        let fraction = Double(time - times[before]) / Double(times[low] - times[before])
        return (
            odomFromBase[before].interpolated(to: odomFromBase[low], fraction: fraction),
            lengths[before] + fraction * (lengths[low] - lengths[before])
        )
    }
}

/// Where the vehicle's odometry had a camera: in a frame of its own, that drifts.
public struct DeadReckoning: Sendable, Equatable {
    /// From the odometry's frame into the camera's.
    public var cameraFromOdometry: RigidTransform
    /// Metres of way until there.
    public var travelled: Double

    /// A pose in the odometry's frame, and the way until there, metres.
    public init(cameraFromOdometry: RigidTransform, travelled: Double) {
        (self.cameraFromOdometry, self.travelled) = (cameraFromOdometry, travelled)
    }

    /// Makes `metres` of each metre.
    mutating func scale(by metres: Double) {
        cameraFromOdometry.translation = cameraFromOdometry.translation * metres
        travelled *= metres
    }
}

/// How far odometry may be off after a piece of way: standard deviations along and about each axis.
public struct OdometryDrift: Sendable, Equatable {
    /// Metres for each metre of way.
    public var share = 0.02
    /// Radians for each metre of way. Wheels know nothing of the tilt of the road, so this is wide.
    public var turn = 0.3 * Double.pi / 180
    /// Of the shortest piece: metres, and radians.
    public var least = (translation: 0.005, rotation: 0.2 * Double.pi / 180)

    /// The defaults: wheels with a gyroscope, on a road.
    public init() {}

    public static func == (a: Self, b: Self) -> Bool {
        a.share == b.share && a.turn == b.turn && a.least == b.least
    }

    /// Of a piece of so many metres.
    public func sigma(over metres: Double) -> (translation: Double, rotation: Double) {
        (least.translation + share * metres, least.rotation + turn * metres)
    }
}
