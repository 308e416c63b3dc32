public import Geometry

/// Cameras for tests that hold for every model: what each suite runs over.
public enum CameraSamples {
    /// The list: a realistic camera of every model, 640 x 480 pixels, parameters in COLMAP's order.
    private static let models: [(CameraModel, [Double])] = [
        (.simplePinhole, [500, 319.5, 239.5]),
        (.pinhole, [480, 510, 330, 228]),
        (.simpleRadial, [500, 319.5, 239.5, -0.21]),
        (.radial, [500, 310, 250, -0.28, 0.07]),
        (.openCV, [458.654, 457.296, 366.715, 247.875, -0.28340811, 0.07395907, 0.00019359, 1.76e-05]),
        (.fullOpenCV, [610, 612, 322, 241, 0.18, -0.5, 0.0007, -0.0003, 0.42, 0.05, -0.43, 0.39]),
        (.openCVFisheye, [190.97847715, 190.97330713, 320, 240, 0.0034823894, 0.0007150348, -0.0020532361, 0.0002]),
        (.simpleRadialFisheye, [223.7, 317.2, 243.9, -0.0131]),
        (.radialFisheye, [223.7, 317.2, 243.9, -0.0131, 0.0042]),
        (.simpleFisheye, [223.7, 317.2, 243.9]),
        (.fisheye, [223.7, 221.9, 317.2, 243.9]),
    ]

    /// One camera of every model.
    public static let all = cameras(models)

    /// Strong tangential distortion, and a fisheye that does not fill the image's corners.
    public static let hard = cameras([
        (.openCV, [300, 300, 319.5, 239.5, 0.3, 0.1, 0.01, -0.02]),
        (.openCVFisheye, [120, 120, 319.5, 239.5, -0.02, 0.001, 0, 0]),
    ])

    private static func cameras(_ list: [(CameraModel, [Double])]) -> [Camera] {
        list.map { model, parameters in
            do { return try Camera(model: model, parameters: parameters, width: 640, height: 480) } catch {
                preconditionFailure("\(error)")
            }
        }
    }
}
