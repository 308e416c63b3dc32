public import Errors
public import Geometry

/// Why images give no calibration, and what to do.
public enum CalibrationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// None of the images shows the board.
    case noBoard(images: Int)
    /// Images of several sizes.
    case mixedSizes([ImageGroup])
    /// Fewer views with enough corners than a calibration needs.
    case tooFewViews(found: Int, needed: Int, images: Int)
    /// Too few of the views differ from each other.
    case repeatedViews(different: Int, views: Int, needed: Int)
    /// Most views show the board as in a mirror.
    case mirrored(views: Int, of: Int, example: String)
    /// All boards are nearly parallel: distance and focal length cannot be told apart.
    case parallel(degrees: Double, views: Int)
    /// The focal length came out so uncertain that it means nothing.
    case uncertainFocalLength(percent: Double)
    /// Most corners fit no camera: a wrong board, or mixed-up corners.
    case noFit(rms: Double, board: String)
    /// The model has directions that the views leave free.
    case underdetermined(model: LensModel)
    /// A camera to compare with whose model no calibration fits.
    case notFitted(model: CameraModel)

    /// Images of one size.
    public struct ImageGroup: Equatable, Sendable {
        /// Pixels across.
        public var width: Int
        /// Pixels down.
        public var height: Int
        /// How many images have this size.
        public var count: Int
        /// One of them.
        public var example: String

        /// So many images of one size, and the name of one of them.
        public init(width: Int, height: Int, count: Int, example: String) {
            (self.width, self.height, self.count, self.example) = (width, height, count, example)
        }
    }

    /// What is wrong, and the cure.
    public var description: String {
        switch self {
        case .noBoard(let images):
            """
            \(images == 1 ? "the image does not show" : "none of the \(images) images shows") the whole board. Check \
            --board against the print (a chessboard is given by its inner corners), and look at the images: the board \
            must be flat, sharp, evenly lit and have a white rim
            """
        case .mixedSizes(let groups):
            "the images differ in size: "
                + groups.map { "\($0.count) of \($0.width) x \($0.height) (\($0.example))" }.joined(separator: ", ")
                + ". A calibration holds for one size: give the images of one camera mode only"
        case .tooFewViews(let found, let needed, let images):
            """
            \(found == 0 ? "no view has" : found == 1 ? "only one view has" : "only \(found) views have") enough \
            corners (of \(images) image\(images == 1 ? "" : "s")), and at least \(needed) are needed: take 15 or more \
            images, with the board at different places, distances and tilts
            """
        case .repeatedViews(let different, let views, let needed):
            """
            the \(views) views show the board in \(different == 1 ? "one place" : "\(different) places") only, and at \
            least \(needed) are needed: take 15 or more images, with the board at different places, distances and tilts
            """
        case .mirrored(let views, let of, let example):
            """
            \(views) of \(of) views show the board as in a mirror (\(example)). Turn the camera's mirroring \
            (horizontal flip, "selfie" view) off and take the images again
            """
        case .parallel(let degrees, let views):
            """
            the board has nearly the same tilt in all \(views) views (\(tenths(degrees)) degrees apart at most): then \
            the focal length cannot be told from the distance. Take views with the board tilted by 20 to 45 degrees to \
            the left, right, up and down
            """
        case .uncertainFocalLength(let percent):
            """
            these views leave the focal length uncertain by \(tenths(percent)) %. Take more views in which the board \
            is tilted by 20 to 45 degrees, fills half of the image and comes near all edges
            """
        case .noFit(let rms, let board):
            """
            no camera explains the corners\(rms.isFinite ? ": they are \(tenths(rms)) pixels off" : ""). Check that \
            the board is \(board), that all images are from one camera with the same zoom and focus, and that the \
            board is flat
            """
        case .underdetermined(let model):
            """
            the views do not determine all parameters of the model \(model.rawValue): take more views, \
            near all edges of the image and tilted, or choose a simpler model
            """
        case .notFitted(let model):
            """
            a calibration cannot fit the camera file's model \(model.rawValue), so the two cannot be compared: \
            calibrate anew with solve
            """
        }
    }
}

extension CalibrationError: ReportedError {
    public var exitStatus: ExitStatus { .badData }
    public var report: String { "no calibration: \(description)" }
}
