internal import Geometry

/// A lens in the terms that OpenCV, ROS, Kalibr and mrcal share: focal lengths, principal point, and the coefficients
/// of a formula.
struct LensCoefficients {
    let formula: CameraModel.Formula
    let focalLength: Vector2
    let principalPoint: Vector2
    /// The first coefficients of the formula; further ones are zero.
    let values: [Double]

    /// Of the rational model's three further coefficients none is kept if all are zero: that is OpenCV's usual model.
    init(_ camera: Camera) {
        let own = Array(camera.parameters.suffix(camera.model.coefficientCount))
        let isPolynomial = camera.model.formula == .radialTangential && own.dropFirst(5).allSatisfy { $0 == 0 }
        self.init(
            camera.model.formula, focalLength: camera.focalLength, principalPoint: camera.principalPoint,
            values: isPolynomial ? Array(own.prefix(5)) : own)
    }

    init(_ formula: CameraModel.Formula, focalLength: Vector2, principalPoint: Vector2, values: [Double]) {
        self.formula = formula
        self.focalLength = focalLength
        self.principalPoint = principalPoint
        self.values = values
    }

    /// fx, fy, cx, cy, pixels.
    var intrinsics: [Double] { [focalLength.x, focalLength.y, principalPoint.x, principalPoint.y] }

    /// The same with at least `count` coefficients, zeros at the end.
    func padded(to count: Int) -> LensCoefficients {
        LensCoefficients(
            formula, focalLength: focalLength, principalPoint: principalPoint,
            values: values + [Double](repeating: 0, count: max(0, count - values.count)))
    }

    /// The least general camera that has them; zeros at the end do not count.
    func camera(width: Int, height: Int) throws(CameraError) -> Camera {
        let needed = (values.lastIndex { $0 != 0 } ?? -1) + 1
        let model = CameraModel(formula, coefficients: needed)
        let coefficients = padded(to: model.coefficientCount).values.prefix(max(model.coefficientCount, needed))
        return try Camera(
            model: model, parameters: intrinsics + coefficients, width: width, height: height)
    }
}
