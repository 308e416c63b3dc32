internal import Geometry

/// How far an estimated pose is from the true one.
struct PoseError {
    /// Distance of the camera centres, metres.
    var position: Double
    /// Angle of the rotation between the two, degrees.
    var rotation: Double

    init(estimated: RigidTransform, truth: RigidTransform) {
        position = (estimated.originInSource - truth.originInSource).length
        rotation = (estimated.rotation * truth.rotation.inverse).angle * 180 / Double.pi
    }
}

/// A pair of thresholds at which recall is counted, as in the long-term visual localization benchmark and hloc.
struct RecallThreshold {
    let metres: Double
    let degrees: Double

    static let all = [
        RecallThreshold(metres: 0.05, degrees: 0.5), RecallThreshold(metres: 0.25, degrees: 2),
        RecallThreshold(metres: 0.5, degrees: 5), RecallThreshold(metres: 5, degrees: 10),
    ]

    var name: String { "\(metres)m_\(degrees)deg" }

    func holds(_ error: PoseError) -> Bool { error.position <= metres && error.rotation <= degrees }
}

/// Order statistics of a sample.
struct Statistics {
    private let sorted: [Double]

    init(_ values: [Double]) { sorted = values.sorted() }

    /// The median; the mean of the two middle values for an even count. Nil for an empty sample.
    var median: Double? {
        guard !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The smallest value that at least `share` (0...1) of the sample does not exceed.
    func quantile(_ share: Double) -> Double? {
        guard !sorted.isEmpty else { return nil }
        let rank = Int((share * Double(sorted.count)).rounded(.up)) - 1
        return sorted[min(max(rank, 0), sorted.count - 1)]
    }

    var maximum: Double? { sorted.last }
}
