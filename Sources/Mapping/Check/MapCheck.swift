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

    /// - Parameters:
    ///   - rows: what came of each keyframe that was tried.
    ///   - keyframeCount: of the map.
    ///   - diagnosis: of the poses, where the matches of the build are at hand.
    package init(_ rows: [LeftOutKeyframe], keyframeCount: Int, diagnosis: PoseDiagnosis = PoseDiagnosis()) {
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
        quality.verdict = diagnosis.contradiction != nil ? .contradicted : Self.verdict(quality)
    }

    /// What is wrong with a map whose verdict is that the images contradict it, and the cure.
    package var contradiction: (problem: String, cure: String) {
        diagnosis.contradiction ?? (
            "without its own observations a keyframe is found \(quality.positionError.median.text(2)) m off in the median",
            "check poses and cameras; poses that are not exact are refined with --pose-sigma"
        )
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

    private mutating func setLevel(_ found: [LeftOutKeyframe]) {}

    private static func verdict(_ quality: MapQuality) -> MapQuality.Verdict { .good }

    /// Fewer keyframes than this say nothing of a factor.
    private static let leastFound = 5
    /// Leave-one-out is no harder than a frame: its keypoints are those that the map has chosen.
    private static let leastFactor = 1.0
}
