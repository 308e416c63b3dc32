package import CameraCalibration
package import Geometry

/// The cameras of the tests: one of each model, as lenses are.
package enum TestCameras {
    /// The fitted parameters of a model's camera.
    package static func parameters(_ model: LensModel) -> [Double] {
        switch model {
        case .pinhole: [521, 517, 322, 236]
        case .radtan4: [531, 529, 316, 244, -0.28, 0.09, 0.001, -0.0005]
        case .radtan5: [402, 401, 325, 238, -0.33, 0.15, 0.0006, 0.0004, -0.035]
        case .radtan8: [330, 331, 318, 241, 0.35, 0.12, 0.0004, -0.0003, 0.015, 0.68, 0.21, 0.04]
        case .fisheye: [231, 232, 318, 243, 0.02, -0.006, 0.002, -0.0006]
        }
    }

    /// The camera of a model.
    package static func camera(_ model: LensModel, width: Int = 640, height: Int = 480) throws -> Camera {
        try camera(model, parameters(model), width: width, height: height)
    }

    /// A camera from a model's fitted parameters.
    package static func camera(
        _ model: LensModel, _ fitted: [Double], width: Int = 640, height: Int = 480
    ) throws -> Camera {
        let rest = [Double](repeating: 0, count: model.cameraModel.parameterCount - fitted.count)
        return try Camera(model: model.cameraModel, parameters: fitted + rest, width: width, height: height)
    }

    /// A chessboard of 9 x 6 inner corners.
    package static func board() throws -> Board { try Board(parsing: "chessboard:9x6:25mm") }
}
