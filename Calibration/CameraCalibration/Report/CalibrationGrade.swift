internal import Geometry

/// How good a calibration is, in a word.
public enum CalibrationGrade: String, Sendable {
    /// From the best to the worst; ``Calibration/grade`` says what divides them.
    case good, usable, weak

    /// For a heading.
    public var title: String {
        switch self {
        case .good: "Good"
        case .usable: "Usable"
        case .weak: "Weak"
        }
    }

    /// What it means for the person.
    public var meaning: String {
        switch self {
        case .good: "Use it."
        case .usable: "Use it; more views would make it better."
        case .weak: "Better not use it yet: see below what is missing."
        }
    }
}

extension Calibration {
    /// Weak with a warning, or when 95 % of the image is not known to 4/1000 of its longer side; good when it is to
    /// 1/1000 (``Calibration/statedUncertainty``).
    public var grade: CalibrationGrade {
        let share = statedUncertainty / Double(max(camera.width, camera.height)) * 1000
        if share.isNaN || share > 4 || advice.contains(where: { $0.severity == .warning }) { return .weak }
        return share > 1 ? .usable : .good
    }
}
