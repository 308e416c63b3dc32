/// The camera models of COLMAP that the project reads, by their names there.
///
/// With `(x, y)` the point on the normalized plane and `r² = x² + y²`, the perspective models all are special cases of
/// `x' = x (1 + k1 r² + k2 r⁴ + k3 r⁶) / (1 + k4 r² + k5 r⁴ + k6 r⁶) + 2 p1 x y + p2 (r² + 2 x²)` (and y alike,
/// OpenCV); the fisheye has `theta_d = theta (1 + k1 theta² + k2 theta⁴ + k3 theta⁶ + k4 theta⁸)` (Kannala and Brandt
/// 2006).
public enum CameraModel: String, CaseIterable, Sendable {
    /// f, cx, cy.
    case simplePinhole = "SIMPLE_PINHOLE"
    /// fx, fy, cx, cy.
    case pinhole = "PINHOLE"
    /// f, cx, cy, k1.
    case simpleRadial = "SIMPLE_RADIAL"
    /// f, cx, cy, k1, k2.
    case radial = "RADIAL"
    /// fx, fy, cx, cy, k1, k2, p1, p2.
    case openCV = "OPENCV"
    /// fx, fy, cx, cy, k1, k2, p1, p2, k3, k4, k5, k6: OpenCV's eight coefficients.
    case fullOpenCV = "FULL_OPENCV"
    /// fx, fy, cx, cy, k1, k2, k3, k4.
    case openCVFisheye = "OPENCV_FISHEYE"

    /// Names of the parameters, in COLMAP's order.
    public var parameterNames: [String] {
        switch self {
        case .simplePinhole: ["f", "cx", "cy"]
        case .pinhole: ["fx", "fy", "cx", "cy"]
        case .simpleRadial: ["f", "cx", "cy", "k1"]
        case .radial: ["f", "cx", "cy", "k1", "k2"]
        case .openCV: ["fx", "fy", "cx", "cy", "k1", "k2", "p1", "p2"]
        case .fullOpenCV: ["fx", "fy", "cx", "cy", "k1", "k2", "p1", "p2", "k3", "k4", "k5", "k6"]
        case .openCVFisheye: ["fx", "fy", "cx", "cy", "k1", "k2", "k3", "k4"]
        }
    }

    /// Number of parameters.
    public var parameterCount: Int { parameterNames.count }

    /// One focal length for both axes.
    public var hasSingleFocalLength: Bool {
        switch self {
        case .simplePinhole, .simpleRadial, .radial: true
        default: false
        }
    }

    /// The model's number in COLMAP's binary files.
    public var colmapID: Int32 {
        switch self {
        case .simplePinhole: 0
        case .pinhole: 1
        case .simpleRadial: 2
        case .radial: 3
        case .openCV: 4
        case .openCVFisheye: 5
        case .fullOpenCV: 6
        }
    }

    /// The model with COLMAP's number `id`, or nil when the project does not read it.
    public init?(colmapID id: Int32) {
        guard let model = Self.allCases.first(where: { $0.colmapID == id }) else { return nil }
        self = model
    }
}
