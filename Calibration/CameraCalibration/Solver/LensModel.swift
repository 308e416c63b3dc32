public import Geometry

/// The camera models that a calibration can fit, from the simplest on. Their parameters are the first ones of a
/// `CameraModel`; the others are zero.
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

    /// The model that a camera file names.
    public var cameraModel: CameraModel {
        switch self {
        case .pinhole: .pinhole
        case .radtan4: .openCV
        case .radtan5, .radtan8: .fullOpenCV
        case .fisheye: .openCVFisheye
        }
    }

    /// How many of the camera model's parameters are fitted, from the first on.
    public var parameterCount: Int {
        switch self {
        case .pinhole: 4
        case .radtan4, .fisheye: 8
        case .radtan5: 9
        case .radtan8: 12
        }
    }

    /// Names of the fitted parameters.
    public var parameterNames: [String] { Array(cameraModel.parameterNames.prefix(parameterCount)) }

    /// What it is for, in a few words.
    public var summary: String {
        switch self {
        case .pinhole: "no distortion"
        case .radtan4: "radial and tangential distortion, 4 coefficients"
        case .radtan5: "radial and tangential distortion, 5 coefficients"
        case .radtan8: "rational distortion, 8 coefficients"
        case .fisheye: "fisheye (Kannala-Brandt), 4 coefficients"
        }
    }

    /// A camera of this model from its fitted parameters.
    func camera(_ fitted: [Double], width: Int, height: Int) throws(CameraError) -> Camera {
        let rest = [Double](repeating: 0, count: cameraModel.parameterCount - fitted.count)
        return try Camera(model: cameraModel, parameters: fitted + rest, width: width, height: height)
    }

    /// The model of a camera from elsewhere, or nil when a calibration cannot fit it (one focal length).
    public init?(of camera: Camera) {
        switch camera.model {
        case .pinhole: self = .pinhole
        case .openCV: self = .radtan4
        case .fullOpenCV: self = camera.parameters[9...] == [0, 0, 0] ? .radtan5 : .radtan8
        case .openCVFisheye: self = .fisheye
        case .simplePinhole, .simpleRadial, .radial: return nil
        }
    }
}
