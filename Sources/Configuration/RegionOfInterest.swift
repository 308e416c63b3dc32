public import Geometry

/// Which size a camera is opened at, and what is made of its frames.
public struct RegionOfInterest: Sendable, Equatable {
    /// Pixels of the whole frame; nil: as it was calibrated.
    public var size: (width: Int, height: Int)?
    /// The part of the whole frame that is used; nil: all of it.
    public var crop: (x: Int, y: Int, width: Int, height: Int)?
    /// The part is made so many times smaller: 1, 2, 4 or 8.
    public var reduction = 1
    /// Where the fields stand, for messages.
    private var file = ""
    private var lines: [String: Int] = [:]

    public init() {}

    /// Says where the fields stand, by their keys.
    mutating func locate(in file: String, _ lines: [String: Int]) { (self.file, self.lines) = (file, lines) }

    public static func == (a: RegionOfInterest, b: RegionOfInterest) -> Bool {
        a.sizeNumbers == b.sizeNumbers && a.cropNumbers == b.cropNumbers && a.reduction == b.reduction
    }

    /// `size` as the file has it: [width, height].
    var sizeNumbers: [Int]? {
        get { size.map { [$0.width, $0.height] } }
        set { size = newValue.map { ($0[0], $0[1]) } }
    }

    /// `crop` as the file has it: [x, y, width, height].
    var cropNumbers: [Int]? {
        get { crop.map { [$0.x, $0.y, $0.width, $0.height] } }
        set { crop = newValue.map { ($0[0], $0[1], $0[2], $0[3]) } }
    }

    /// The size that the device is opened at.
    public func frameSize(of calibrated: Camera, part: CalibrationRecord.Part? = nil) -> (width: Int, height: Int) {
        size ?? part.map { ($0.frameWidth, $0.frameHeight) } ?? (calibrated.width, calibrated.height)
    }

    /// The part of the frame that is asked for, or that was calibrated; nil: the whole.
    public func crop(
        of calibrated: Camera, part: CalibrationRecord.Part?
    ) -> (x: Int, y: Int, width: Int, height: Int)? {
        guard let part, part.isCut(calibrated) else { return crop }
        return crop ?? (part.x, part.y, calibrated.width, calibrated.height)
    }

    /// The camera of the frames as they are used.
    ///
    /// - Parameters:
    ///   - calibrated: the camera of the whole frame, at this size or at another of the same shape: a device that
    ///     offers both is taken to see the same in both.
    ///   - calibratedPart: which part of the frame that camera is of, when it is not the whole: then only this part, or
    ///     a part of it, can be used.
    public func camera(
        of calibrated: Camera, part calibratedPart: CalibrationRecord.Part? = nil
    ) throws(ConfigurationError) -> Camera {
        if let calibratedPart, calibratedPart.isCut(calibrated) {
            return try camera(of: calibrated, cut: calibratedPart)
        }
        let frame = frameSize(of: calibrated)
        guard frame.width * calibrated.height == frame.height * calibrated.width else {
            throw error(
                "size",
                "\(frame.width)x\(frame.height) has not the shape of the calibration's "
                    + "\(calibrated.width)x\(calibrated.height), "
                    + "so that it is not known what it shows; choose a size of that shape, or calibrate at this one")
        }
        var camera = calibrated
        if frame != (calibrated.width, calibrated.height) {
            camera = camera.resized(toWidth: frame.width, height: frame.height)
        }
        let part = crop ?? (0, 0, frame.width, frame.height)
        guard part.width >= 16, part.height >= 16, part.x <= frame.width - part.width,
            part.y <= frame.height - part.height
        else {
            throw error(
                "crop",
                "\(part.width)x\(part.height) pixels at (\(part.x), \(part.y)) are not in the frame of "
                    + "\(frame.width)x\(frame.height) (at least 16x16)")
        }
        try checkReduction(part)
        if crop != nil { camera = camera.cropped(x: part.x, y: part.y, width: part.width, height: part.height) }
        if reduction > 1 {
            camera = camera.resized(toWidth: part.width / reduction, height: part.height / reduction)
        }
        return camera
    }

    /// The camera of a part of what was calibrated, which itself is but a part of the frame.
    private func camera(
        of calibrated: Camera, cut known: CalibrationRecord.Part
    ) throws(ConfigurationError) -> Camera {
        let text =
            "\(calibrated.width)x\(calibrated.height) pixels at (\(known.x), \(known.y)) of a frame of "
            + "\(known.frameWidth)x\(known.frameHeight)"
        if let size, size != (known.frameWidth, known.frameHeight) {
            throw error(
                "size",
                """
                \(size.width)x\(size.height), but the calibration is of \(text); leave size out, \
                or calibrate at this size
                """
            )
        }
        let part = crop ?? (known.x, known.y, calibrated.width, calibrated.height)
        guard part.width >= 16, part.height >= 16, part.x >= known.x, part.y >= known.y,
            part.x + part.width <= known.x + calibrated.width, part.y + part.height <= known.y + calibrated.height
        else {
            throw error(
                "crop",
                "\(part.width)x\(part.height) pixels at (\(part.x), \(part.y)) reach beyond what was calibrated, "
                    + "\(text); "
                    + "leave crop out, or calibrate with this one")
        }
        try checkReduction(part)
        let camera = calibrated.cropped(
            x: part.x - known.x, y: part.y - known.y, width: part.width, height: part.height)
        return reduction > 1
            ? camera.resized(toWidth: part.width / reduction, height: part.height / reduction) : camera
    }

    private func checkReduction(_ part: (x: Int, y: Int, width: Int, height: Int)) throws(ConfigurationError) {
        guard [part.x, part.y, part.width, part.height].allSatisfy({ $0.isMultiple(of: reduction) }) else {
            throw error(
                "reduction",
                """
                \(reduction) does not divide the frame's part, \
                \(part.width)x\(part.height) pixels at (\(part.x), \(part.y))
                """
            )
        }
    }

    private func error(_ field: String, _ reason: String) -> ConfigurationError {
        ConfigurationError(file: file, line: lines["camera.\(field)"], field: "camera.\(field)", reason)
    }
}

extension CalibrationRecord.Part {
    /// Whether the camera is of less than the whole frame.
    fileprivate func isCut(_ calibrated: Camera) -> Bool {
        (frameWidth, frameHeight) != (calibrated.width, calibrated.height)
    }
}

/// A control of a camera, by v4l2-ctl's name, and the value it shall have; a truth value is 0 or 1.
public struct CameraControl: Sendable, Equatable {
    public var name: String
    public var value: Int

    public init(name: String, value: Int) {
        self.name = name
        self.value = value
    }
}
