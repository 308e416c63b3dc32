package import ReferenceMap
import Geometry
import Integrity
import Reporting

/// What leave-one-out makes of a map: its quality, to be stored in it.
package struct MapCheck: Sendable {
    /// Of the map.
    package private(set) var quality = MapQuality()
    /// Of each of its keyframes.
    package private(set) var keyframes: [KeyframeQuality]

    private let diagnosis: PoseDiagnosis
    private let isMarked: Bool

    /// - Parameters:
    ///   - rows: what came of each keyframe that was tried.
    ///   - keyframeCount: of the map.
    ///   - diagnosis: of the poses, where the matches of the build are at hand.
    ///   - isMarked: whether its build has found a contradiction: a check later on has not the matches to see it.
    package init(
        _ rows: [LeftOutKeyframe], keyframeCount: Int, diagnosis: PoseDiagnosis = PoseDiagnosis(),
        isMarked: Bool = false
    ) {
        self.isMarked = isMarked || diagnosis.contradiction != nil
        self.diagnosis = diagnosis
        keyframes = [KeyframeQuality](repeating: KeyframeQuality(), count: keyframeCount)
        for row in rows { keyframes[row.keyframe] = Self.quality(of: row) }
        let found = rows.filter(\.isFound)
        quality.tried = rows.count
        quality.found = found.count
        quality.ambiguous = rows.count(where: \.isAmbiguous)
        setErrors(found.compactMap(\.error))
        setFactors(found)
        setLevel(found)
        quality.verdict = verdict
    }

    private static func quality(of row: LeftOutKeyframe) -> KeyframeQuality {
        var quality = KeyframeQuality()
        quality.isTried = true
        guard let error = row.error else { return quality }
        quality.isFound = true
        quality.isAmbiguous = row.isAmbiguous
        quality.positionFactor = Float(error.position / NormalizedError.bound80)
        quality.rotationFactor = Float(error.rotation / NormalizedError.bound80)
        quality.purity = Float(row.purity)
        quality.logFocal = Float(row.camera?.camera.logFocal ?? 0)
        return quality
    }

    private mutating func setErrors(_ errors: [NormalizedError]) {
        guard !errors.isEmpty else { return }
        let positions = Statistics(errors.map(\.positionError.length))
        let rotations = Statistics(errors.map(\.rotationError.length))
        quality.positionError = (positions.median ?? 0, positions.maximum ?? 0)
        quality.rotationError = (rotations.median ?? 0, rotations.maximum ?? 0)
    }

    private mutating func setFactors(_ found: [LeftOutKeyframe]) {
        guard found.count >= Self.leastFound else { return }
        func factor(_ squares: [Double]) -> Double {
            max(Self.leastFactor, (Statistics(squares).quantile(0.8) ?? 0) / NormalizedError.bound80)
        }
        quality.positionFactor = factor(found.compactMap(\.error?.position))
        quality.rotationFactor = factor(found.compactMap(\.error?.rotation))
        let cameras = found.filter { $0.camera != nil }
        if cameras.count >= Self.leastFound {
            quality.calibrationFactor = factor(cameras.map(\.cameraDistance))
            let squares = cameras.compactMap { $0.camera.map { $0.camera.logFocal * $0.camera.logFocal } }
            quality.focalSpread = (squares.reduce(0, +) / Double(squares.count)).squareRoot()
        }
        let purities = Statistics(found.map(\.purity))
        quality.purity = (purities.quantile(0.05) ?? 0, purities.median ?? 0)
    }

    /// The largest error over the largest deviation, with some room for what the keyframes have not met.
    private mutating func setLevel(_ found: [LeftOutKeyframe]) {
        guard found.count >= Self.leastFound else { return }
        let ratios = found.compactMap { row -> Double? in
            guard let error = row.error else { return nil }
            let position = row.deviation.position * quality.positionFactor.squareRoot()
            let rotation = row.deviation.rotation * quality.rotationFactor.squareRoot()
            return max(error.positionError.length / position, error.rotationError.length / rotation)
        }
        let worst = Statistics(ratios).maximum ?? 0
        let isRough = quality.purity.low < Self.leastPurity || quality.found < quality.tried
        let room = isRough ? Self.wideRoom : Self.room
        quality.levelMultiple = min(Self.largestMultiple, max(MapQuality.defaultLevelMultiple, room * worst))
    }

    private var verdict: MapQuality.Verdict {
        if isMarked || contradiction != nil { return .contradicted }
        let isWeak =
            quality.found < Self.leastFound || quality.recall < Self.leastRecall || factor > Self.largestFactor
            || quality.focalSpread > Self.largestSpread || quality.purity.low < Self.leastPurity
            || diagnosis.isDoubtful
        return isWeak ? .weak : .good
    }

    private var factor: Double { max(quality.positionFactor, quality.rotationFactor) }

    /// What is wrong, and the cure: keyframes are found far from where they are said to be, beside what they claim. Nil
    /// where nothing is.
    package var contradiction: (problem: String, cure: String)? {
        let largest = diagnosis.isPoor ? Self.contradictingPoor : Self.contradicting
        guard factor > largest else { return nil }
        return (
            "without their own observations, its keyframes are found \(factor.squareRoot().text(0)) times as far from "
                + "their poses as the images allow",
            "check poses and cameras; poses that are not exact are refined with --pose-sigma"
        )
    }

    /// Factors of the variance that contradict: right maps at hand have 51 at most (tum_fr2_desk), poses that are 10 cm
    /// off 255 and more; quaternions in another order, 3600.
    private static let contradicting = 500.0
    /// The same of a map whose matches fit its poses poorly.
    private static let contradictingPoor = 150.0
    /// A map whose keyframes' matches agree less cleanly is weak: one of every sixth image of a street has .33, one of
    /// every third .56.
    private static let leastPurity = 0.45

    /// A map in which fewer of its keyframes are found is weak.
    private static let leastRecall = 0.6
    /// One whose errors are further beyond their covariances is weak.
    private static let largestFactor = 20.0
    /// One whose keyframes disagree more on the focal length is weak.
    private static let largestSpread = 0.01
    /// Of a protection level over the worst error met.
    private static let room = 1.25
    /// The same where some keyframes are not found, or poorly: those that are found are the easy ones.
    private static let wideRoom = 2.0
    private static let largestMultiple = 12.0
    /// Fewer keyframes than this say nothing of a factor.
    private static let leastFound = 5
    /// Keyframes know each other's light and weather, a frame comes another day: the sample's own images have factors
    /// of 1.4 and 1.2, its second drive needs 2.1 and 2.0; those of ngp_fox 2.3 and 1.7, its queries 5.9 and 1.9.
    private static let leastFactor = 2.4
}
