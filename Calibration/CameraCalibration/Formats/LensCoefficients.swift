internal import Geometry

/// A lens in the terms that OpenCV, ROS, Kalibr and mrcal share: focal lengths, principal point and a list of
/// coefficients.
struct LensCoefficients {
    /// k1...k4 of Kannala and Brandt, instead of k1, k2, p1, p2, k3, k4, k5, k6.
    let isFisheye: Bool
    let focalLength: Vector2
    let principalPoint: Vector2
    /// As many as needed: none, 4, 5 or 8 (a fisheye: 4).
    let values: [Double]

    init(_ camera: Camera) {
        focalLength = camera.focalLength
        principalPoint = camera.principalPoint
        isFisheye = camera.model == .openCVFisheye
        let own = Array(camera.parameters.dropFirst(camera.model.hasSingleFocalLength ? 3 : 4))
        switch camera.model {
        case .simplePinhole, .pinhole: values = []
        case .simpleRadial, .radial: values = own + [Double](repeating: 0, count: 4 - own.count)
        case .openCV, .openCVFisheye: values = own
        case .fullOpenCV: values = own[5...].allSatisfy { $0 == 0 } ? Array(own.prefix(5)) : own
        }
    }

    /// - Parameters:
    ///   - isFisheye: whether the values are Kannala-Brandt's.
    ///   - focalLength: fx and fy, pixels.
    ///   - principalPoint: cx and cy, pixels.
    ///   - values: none, 4, 5 or 8; a fisheye: 4.
    init(isFisheye: Bool, focalLength: Vector2, principalPoint: Vector2, values: [Double]) {
        self.isFisheye = isFisheye
        self.focalLength = focalLength
        self.principalPoint = principalPoint
        self.values = values
    }

    /// The values followed by zeros.
    func padded(to count: Int) -> [Double] {
        values + [Double](repeating: 0, count: max(0, count - values.count))
    }

    /// The least general camera that has them.
    func camera(width: Int, height: Int) throws(CameraError) -> Camera {
        let model: CameraModel
        if isFisheye {
            model = .openCVFisheye
        } else if values.allSatisfy({ $0 == 0 }) {
            model = .pinhole
        } else {
            model = values.dropFirst(4).allSatisfy { $0 == 0 } ? .openCV : .fullOpenCV
        }
        let head = [focalLength.x, focalLength.y, principalPoint.x, principalPoint.y]
        return try Camera(
            model: model, parameters: head + padded(to: model.parameterCount - 4).prefix(model.parameterCount - 4),
            width: width, height: height)
    }
}
