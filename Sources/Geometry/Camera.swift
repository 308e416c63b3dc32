/// Why numbers from outside do not make a camera.
public enum CameraError: Error, Equatable, CustomStringConvertible, Sendable {
    /// Another number of parameters than the model has.
    case parameterCount(model: CameraModel, expected: Int, found: Int)
    /// Width or height not in 1...65535.
    case size(width: Int, height: Int)
    /// A parameter that is not finite, or a focal length that is not positive.
    case parameter(name: String, value: Double)

    /// One line naming the field and the cure.
    public var description: String {
        switch self {
        case .parameterCount(let model, let expected, let found):
            "camera model \(model.rawValue) has \(expected) parameters "
                + "(\(model.parameterNames.joined(separator: ", "))), but \(found) are given"
        case .size(let width, let height):
            "camera size \(width) x \(height) is impossible: give the image's width and height in pixels"
        case .parameter(let name, let value):
            "camera parameter \(name) = \(value) is impossible: it must be finite, focal lengths also positive (pixels)"
        }
    }
}

/// A camera: image size and intrinsic parameters. Pixels: the centre of the top-left pixel is (0, 0).
///
/// Camera frame: x right, y down, z forward. A value of fixed size; nothing here allocates but the array accessors.
public struct Camera: Equatable, Sendable {
    /// Pixels across the image, 1...65535.
    public let width: Int
    /// Pixels down the image, 1...65535.
    public let height: Int
    /// By which formula it projects, and which parameters it has.
    public let model: CameraModel
    /// Of the x and of the y axis, pixels: the scale from the normalized plane to the image. Equal for a model with
    /// one.
    public let focalLength: Vector2
    /// Where the optical axis meets the image, pixels (centre of the top-left pixel = (0, 0)).
    public let principalPoint: Vector2
    let lens: Lens

    /// A camera from the model's parameters in COLMAP's order, with the principal point in the project's pixel
    /// convention.
    public init(
        model: CameraModel, parameters: [Double], width: Int, height: Int
    ) throws(CameraError) {
        guard (1...65535).contains(width), (1...65535).contains(height) else {
            throw .size(width: width, height: height)
        }
        let names = model.parameterNames
        guard parameters.count == names.count else {
            throw .parameterCount(model: model, expected: names.count, found: parameters.count)
        }
        let focals = model.hasSingleFocalLength ? 1 : 2
        for (i, value) in parameters.enumerated() where !value.isFinite || (i < focals && value <= 0) {
            throw .parameter(name: names[i], value: value)
        }
        self.width = width
        self.height = height
        self.model = model
        focalLength = Vector2(parameters[0], parameters[focals - 1])
        principalPoint = Vector2(parameters[focals], parameters[focals + 1])
        lens = Lens(model.formula, coefficients: parameters.dropFirst(focals + 2))
    }

    /// A camera without distortion.
    public init(
        focalLength: Vector2, principalPoint: Vector2, width: Int, height: Int
    ) throws(CameraError) {
        try self.init(
            model: .pinhole, parameters: [focalLength.x, focalLength.y, principalPoint.x, principalPoint.y],
            width: width, height: height)
    }

    /// A camera as COLMAP writes it: principal point in COLMAP's pixel convention.
    public init(
        colmapModel model: CameraModel, parameters: [Double], width: Int, height: Int
    ) throws(CameraError) {
        var ours = parameters
        let c = model.hasSingleFocalLength ? 1 : 2
        if parameters.count == model.parameterCount {
            let p = PixelConvention.pixel(fromCOLMAP: Vector2(parameters[c], parameters[c + 1]))
            (ours[c], ours[c + 1]) = (p.x, p.y)
        }
        try self.init(model: model, parameters: ours, width: width, height: height)
    }

    private init(
        _ other: Camera, model: CameraModel, width: Int, height: Int, focalLength: Vector2, principalPoint: Vector2
    ) {
        self.width = width
        self.height = height
        self.model = model
        self.focalLength = focalLength
        self.principalPoint = principalPoint
        lens = other.lens
    }

    /// The model's parameters in COLMAP's order; principal point in the project's pixel convention.
    public var parameters: [Double] { parameters(principalPoint: principalPoint) }

    /// The model's parameters in COLMAP's order and pixel convention.
    public var colmapParameters: [Double] {
        parameters(principalPoint: PixelConvention.colmap(fromPixel: principalPoint))
    }

    private func parameters(principalPoint c: Vector2) -> [Double] {
        let focal = model.hasSingleFocalLength ? [focalLength.x] : [focalLength.x, focalLength.y]
        return focal + [c.x, c.y] + (0..<model.coefficientCount).map { lens.k[$0] }
    }

    /// The camera of the image resized to another size (half-pixel-correct). A model with one focal length becomes
    /// its sibling with two when the aspect ratio changes.
    public func resized(toWidth newWidth: Int, height newHeight: Int) -> Camera {
        precondition(newWidth > 0 && newHeight > 0, "Camera: the new size must be positive")
        let scale = Vector2(Double(newWidth) / Double(width), Double(newHeight) / Double(height))
        let focal = focalLength * scale
        let splits = abs(focal.x - focal.y) > 1e-12 * focal.x
        return Camera(
            self, model: splits ? model.withTwoFocalLengths : model, width: newWidth, height: newHeight,
            focalLength: focal, principalPoint: PixelConvention.resized(principalPoint, by: scale))
    }

    /// The camera of the part of the image that starts at pixel (`x`, `y`) and has the given size. The part may
    /// reach beyond the image (padding).
    public func cropped(x: Int, y: Int, width newWidth: Int, height newHeight: Int) -> Camera {
        precondition(newWidth > 0 && newHeight > 0, "Camera: the new size must be positive")
        return Camera(
            self, model: model, width: newWidth, height: newHeight, focalLength: focalLength,
            principalPoint: principalPoint - Vector2(Double(x), Double(y)))
    }

    /// The same camera with its focal lengths multiplied and its principal point moved (pixels): a correction of the
    /// calibration, the distortion as it is. The ratio must be positive.
    public func corrected(focalRatio: Double, principalPointShift: Vector2) -> Camera {
        Camera(
            self, model: model, width: width, height: height, focalLength: focalLength * focalRatio,
            principalPoint: principalPoint + principalPointShift)
    }

    /// The same camera in a model with two focal lengths: the least general one that holds it.
    public var withTwoFocalLengths: Camera {
        Camera(
            self, model: model.withTwoFocalLengths, width: width, height: height, focalLength: focalLength,
            principalPoint: principalPoint)
    }

    /// Whether a pixel lies in the image: within half a pixel of some pixel's centre.
    public func contains(_ pixel: Vector2) -> Bool {
        pixel.x >= -0.5 && pixel.y >= -0.5 && pixel.x < Double(width) - 0.5 && pixel.y < Double(height) - 0.5
    }
}

/// The one place where pixel origins are converted.
///
/// In the project the centre of the top-left pixel is (0, 0), as in OpenCV and ROS. In COLMAP it is (0.5, 0.5).
public enum PixelConvention {
    /// COLMAP's coordinates of the centre of the top-left pixel.
    private static let colmapOrigin = Vector2(0.5, 0.5)

    /// COLMAP's coordinates of a pixel of the project.
    public static func colmap(fromPixel pixel: Vector2) -> Vector2 { pixel + colmapOrigin }

    /// The project's coordinates of a pixel of COLMAP.
    public static func pixel(fromCOLMAP point: Vector2) -> Vector2 { point - colmapOrigin }

    /// A pixel of an image resized by `scale` (new size over old size), half-pixel-correct:
    /// `x' = (x + 0.5) * scale - 0.5`.
    public static func resized(_ pixel: Vector2, by scale: Vector2) -> Vector2 { (pixel + 0.5) * scale - 0.5 }
}
