public import Geometry

/// The camera models that a calibration can fit, from the simplest on: the one list.
///
/// Their parameters are the first ones of a `CameraModel`; the others are zero. A new one is a case and a row here,
/// and in `Candidates` where its fit starts from.
public enum LensModel: String, CaseIterable, Sendable {
    /// No distortion: fx, fy, cx, cy.
    case pinhole
    /// k1, k2, p1, p2.
    case radtan4
    /// k1, k2, p1, p2, k3: OpenCV's default.
    case radtan5
    /// k1, k2, p1, p2, k3, k4, k5, k6: OpenCV's rational model.
    case radtan8
    /// Kannala and Brandt's k1...k4 on the angle from the axis: wide lenses.
    case fisheye

    private var row: (model: CameraModel, fitted: Int, weak: Range<Int>, summary: String) {
        switch self {
        case .pinhole: (.pinhole, 4, 0..<0, "no distortion")
        case .radtan4: (.openCV, 8, 0..<0, "radial and tangential distortion, 4 coefficients")
        case .radtan5: (.fullOpenCV, 9, 0..<0, "radial and tangential distortion, 5 coefficients")
        case .radtan8: (.fullOpenCV, 12, 9..<12, "rational distortion, 8 coefficients")
        case .fisheye: (.openCVFisheye, 8, 0..<0, "fisheye (Kannala-Brandt), 4 coefficients")
        }
    }

    /// The model that a camera file names.
    public var cameraModel: CameraModel { row.model }

    /// How many of the camera model's parameters are fitted, from the first on.
    public var parameterCount: Int { row.fitted }

    /// Which of them views hardly ever determine one by one: numerator and denominator of the rational model may share
    /// factors. A prior holds them, and held-out views must show that they are worth it.
    var weakParameters: Range<Int> { row.weak }

    /// Names of the fitted parameters.
    public var parameterNames: [String] { Array(cameraModel.parameterNames.prefix(parameterCount)) }

    /// What it is for, in a few words.
    public var summary: String { row.summary }

    /// A camera of this model from its fitted parameters.
    func camera(_ fitted: [Double], width: Int, height: Int) throws(CameraError) -> Camera {
        let rest = [Double](repeating: 0, count: cameraModel.parameterCount - fitted.count)
        return try Camera(model: cameraModel, parameters: fitted + rest, width: width, height: height)
    }

    /// The simplest model that holds a camera from elsewhere; nil when a calibration can fit none (it fits two focal
    /// lengths: see `CameraModel/withTwoFocalLengths`).
    public init?(of camera: Camera) {
        let (model, parameters) = (camera.model, camera.parameters)
        guard !model.hasSingleFocalLength else { return nil }
        let holding = Self.allCases.first { lens in
            let fits = lens.cameraModel.formula == model.formula
            return fits && lens.cameraModel.coefficientCount >= model.coefficientCount
                && parameters.dropFirst(lens.parameterCount).allSatisfy { $0 == 0 }
        }
        guard let holding else { return nil }
        self = holding
    }
}
