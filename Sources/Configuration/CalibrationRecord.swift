/// What a calibration program wrote beside the parameters of a camera file: how sure they are, and where they come
/// from. Everything may be absent; what is there has been checked.
public struct CalibrationRecord: Sendable, Equatable {
    /// An image that was used.
    public struct Image: Sendable, Equatable {
        /// The file's name, without its folder.
        public var name: String
        /// BLAKE2b-256 of the file's bytes, 64 lower-case hexadecimal digits.
        public var hash: String

        public init(name: String, hash: String) {
            self.name = name
            self.hash = hash
        }
    }

    /// A camera control that was held during the calibration, such as `focus_absolute`.
    public struct Control: Sendable, Equatable {
        /// As `v4l2-ctl --list-ctrls` spells it.
        public var name: String
        /// A truth value is 0 or 1.
        public var value: Int

        public init(name: String, value: Int) {
            self.name = name
            self.value = value
        }
    }

    /// Which part of the device's frames a camera file is of. A crop moves the principal point, and a size that scales
    /// the focal lengths.
    public struct Part: Sendable, Equatable {
        /// Size of the device's whole frame, pixels.
        public var frameWidth: Int
        /// See ``frameWidth``.
        public var frameHeight: Int
        /// The part's first pixel in the frame; its size is the camera's.
        public var x: Int
        /// Its row; counted from the frame's top.
        public var y: Int

        public init(frameWidth: Int, frameHeight: Int, x: Int, y: Int) {
            (self.frameWidth, self.frameHeight, self.x, self.y) = (frameWidth, frameHeight, x, y)
        }
    }

    /// nil: not known, and taken to be the whole frame.
    public var part: Part?
    /// Of each parameter, in the parameters' order and units.
    public var standardDeviations: [Double]?
    /// Of the parameters, row by row: n rows of n.
    public var covariance: [[Double]]?
    /// Root mean square of the distances between corners and their reprojections, pixels.
    public var rms: Double?
    /// What 95 % of the image stays below: standard deviation of where the parameters put a distant point, pixels.
    public var projectionUncertainty: Double?
    /// RMS of views that were not used to fit, pixels.
    public var heldOutError: Double?
    /// Views of the board that were used.
    public var views: Int?
    /// Corners that were used, over all views.
    public var corners: Int?
    /// Corners that were left out as wrong.
    public var rejectedCorners: Int?
    /// As the command line writes it, such as `chessboard:9x6:25mm`.
    public var board: String?
    /// How far the board's middle stands out along x and y, metres.
    public var boardWarp: [Double]?
    /// UTC, as in `2026-11-22T18:00:00Z`.
    public var date: String?
    /// Name and version of what wrote the file.
    public var program: String?
    /// The camera: what it calls itself.
    public var device: String?
    /// Those that were held; a camera with others may have another focal length.
    public var controls: [Control] = []
    /// Those that were used, in their order.
    public var images: [Image] = []

    /// Nothing is known beside the parameters.
    public init() {}

    /// Names of the fields in the file, in its order.
    package enum Field {
        /// `[width, height]` of the device's whole frame; goes with ``crop``.
        package static let frame = "frame"
        /// `[x, y, width, height]` of the calibrated part in that frame.
        package static let crop = "crop"
        /// A list, one number for each parameter.
        package static let standardDeviations = "standard_deviations"
        /// A list of rows.
        package static let covariance = "covariance"
        /// See ``CalibrationRecord/rms``.
        package static let rms = "rms_px"
        /// See ``CalibrationRecord/projectionUncertainty``.
        package static let projectionUncertainty = "projection_uncertainty_px"
        /// See ``CalibrationRecord/heldOutError``.
        package static let heldOutError = "held_out_error_px"
        /// How many; see ``CalibrationRecord/views``.
        package static let views = "views"
        /// How many; see ``CalibrationRecord/corners``.
        package static let corners = "corners"
        /// How many; see ``CalibrationRecord/rejectedCorners``.
        package static let rejectedCorners = "rejected_corners"
        /// Text as of `--board`.
        package static let board = "board"
        /// `[x, y]`, metres.
        package static let boardWarp = "board_warp"
        /// UTC, ISO 8601.
        package static let date = "date"
        /// Name and version.
        package static let program = "program"
        /// What the camera calls itself.
        package static let device = "device"
        /// A section: control and number a line.
        package static let controls = "controls"
        /// A list of sections with `name` and `blake2b`.
        package static let images = "images"
    }
}

extension CalibrationRecord {
    /// Takes its fields from a camera file whose model has the given parameters.
    init(
        _ section: inout YAMLSection, parameterNames: [String], width: Int, height: Int
    ) throws(ConfigurationError) {
        part = try Self.part(&section, width, height)
        let pixels = 0.0...1e6
        rms = try section.number(Field.rms, pixels)
        projectionUncertainty = try section.number(Field.projectionUncertainty, pixels)
        heldOutError = try section.number(Field.heldOutError, pixels)
        views = try section.integer(Field.views, 0 ... .max)
        corners = try section.integer(Field.corners, 0 ... .max)
        rejectedCorners = try section.integer(Field.rejectedCorners, 0 ... .max)
        board = try section.string(Field.board)
        boardWarp = try section.numbers(Field.boardWarp)
        date = try section.string(Field.date)
        program = try section.string(Field.program)
        device = try section.string(Field.device)
        try takeUncertainty(&section, parameterNames)
        if let node = section.take(Field.controls) { try takeControls(node, section) }
        if let node = section.take(Field.images) { try takeImages(node, section) }
    }

    /// `frame: [width, height]` and `crop: [x, y, width, height]`, both or none.
    private static func part(
        _ section: inout YAMLSection, _ width: Int, _ height: Int
    ) throws(ConfigurationError) -> Part? {
        let frame = try section.integers(Field.frame, 1...65535)
        guard let crop = try section.integers(Field.crop, 0...65535) else {
            guard frame == nil else {
                throw section.missing(
                    Field.crop, "missing: [x, y, width, height], the part of 'frame' that was calibrated")
            }
            return nil
        }
        guard let frame, frame.count == 2 else {
            throw section.missing(Field.frame, "missing: [width, height] of the frame that 'crop' is a part of")
        }
        guard crop.count == 4, crop[2] == width, crop[3] == height, crop[0] <= frame[0] - width,
            crop[1] <= frame[1] - height
        else {
            throw section.missing(
                Field.crop,
                "expected [x, y, \(width), \(height)] within the frame of \(frame[0])x\(frame[1]), found \(crop)")
        }
        return Part(frameWidth: frame[0], frameHeight: frame[1], x: crop[0], y: crop[1])
    }

    private mutating func takeUncertainty(
        _ section: inout YAMLSection, _ names: [String]
    ) throws(ConfigurationError) {
        let count = names.count
        if let node = section.take(Field.standardDeviations) {
            let values = try section.numbers(node, Field.standardDeviations)
            guard values.count == count, values.allSatisfy({ $0 >= 0 }) else {
                throw section.error(
                    node, Field.standardDeviations,
                    "expected one number of at least 0 for each parameter (\(names.joined(separator: ", ")))")
            }
            standardDeviations = values
        }
        guard let node = section.take(Field.covariance) else { return }
        guard case .sequence(let items) = node.content else {
            throw section.error(node, Field.covariance, "expected a list of rows, found \(node.kind)")
        }
        var rows: [[Double]] = []
        for item in items { rows.append(try section.numbers(item, Field.covariance)) }
        guard rows.count == count, rows.allSatisfy({ $0.count == count }) else {
            throw section.error(
                node, Field.covariance, "expected \(count) rows of \(count) numbers, as many as parameters")
        }
        for i in 0..<count {
            for j in 0...i where !Self.arePossible(rows[i][j], rows[j][i], rows[i][i], rows[j][j]) {
                throw section.error(
                    items[i], Field.covariance, "not a covariance: rows \(i + 1) and \(j + 1) contradict each other")
            }
        }
        covariance = rows
    }

    /// Symmetric, and no correlation beyond 1?
    private static func arePossible(_ ij: Double, _ ji: Double, _ ii: Double, _ jj: Double) -> Bool {
        guard ii >= 0, jj >= 0 else { return false }
        let limit = (ii * jj).squareRoot()
        return abs(ij) <= limit * (1 + 1e-6) && abs(ij - ji) <= limit * 1e-6
    }

    private mutating func takeControls(_ node: YAMLNode, _ section: YAMLSection) throws(ConfigurationError) {
        guard case .mapping(let entries) = node.content else {
            throw section.error(node, Field.controls, "expected lines of the form 'name: number', found \(node.kind)")
        }
        for entry in entries {
            guard case .scalar(let text, true) = entry.value.content, let value = Int(text) else {
                throw section.error(
                    entry.value, "\(Field.controls).\(entry.key)", "expected a whole number, found \(entry.value.kind)")
            }
            controls.append(Control(name: entry.key, value: value))
        }
    }

    private mutating func takeImages(_ node: YAMLNode, _ section: YAMLSection) throws(ConfigurationError) {
        guard case .sequence(let items) = node.content else {
            throw section.error(node, Field.images, "expected a list of images, found \(node.kind)")
        }
        for item in items {
            var fields = try YAMLSection(item, file: section.file, name: Field.images)
            guard let name = try fields.string("name"), let hash = try fields.string("blake2b") else {
                throw section.error(item, Field.images, "expected 'name' and 'blake2b' of each image")
            }
            guard hash.utf8.count == 64, hash.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else {
                throw section.error(item, "\(Field.images).blake2b", "'\(hash)' is not 64 hexadecimal digits")
            }
            try fields.finish()
            images.append(Image(name: name, hash: hash))
        }
    }
}
