package import CameraCalibration
internal import Geometry
internal import GeometryFixtures
internal import TestSupport

/// A camera with one of the lenses that people have, and a person who takes views of a board with it.
package struct SyntheticSession {
    /// A kind of lens.
    package enum Lens: String, CaseIterable, Sendable {
        /// 39 degrees across.
        case narrow
        /// 62 degrees across: webcams.
        case normal
        /// 83 degrees across, with strong distortion.
        case wide
        /// 155 degrees across.
        case fisheye

        /// Of the true camera.
        package var model: LensModel {
            switch self {
            case .narrow, .normal: .radtan4
            case .wide: .radtan5
            case .fisheye: .fisheye
            }
        }

        /// Whether a model is of the lens's kind.
        package func fits(_ model: LensModel) -> Bool { (model == .fisheye) == (self == .fisheye) }

        /// Distance at which the board nearly fills the image's width, metres.
        fileprivate var nearest: Double {
            switch self {
            case .narrow: 0.3
            case .normal: 0.18
            case .wide: 0.12
            case .fisheye: 0.085
            }
        }

        fileprivate var typical: [Double] {
            switch self {
            case .narrow: [900, 898, 320, 240, -0.18, 0.12, 0.0005, -0.0004]
            case .normal: [531, 529, 320, 240, -0.28, 0.09, 0.001, -0.0005]
            case .wide: [360, 360, 320, 240, -0.3, 0.11, 0.0005, 0.0004, -0.02]
            case .fisheye: [231, 232, 320, 240, 0.02, -0.006, 0.002, -0.0006]
            }
        }
    }

    /// The kind of its lens.
    package let lens: Lens
    /// Fitted parameters of the true camera, in the order of the lens's model.
    package let parameters: [Double]
    /// How views are taken.
    package var setting: SyntheticViews.Setting
    private let seed: UInt64

    /// A camera: one of many of its kind, drawn by the seed.
    /// - Parameters:
    ///   - lens: of what kind.
    ///   - bend: of the board, metres: across, and half as much down, either way.
    ///   - errors: of the corners.
    ///   - seed: of this camera, its board and its views.
    package init(_ lens: Lens, bend: Double, errors: CornerErrors, seed: UInt64) {
        var g = SeededGenerator("\(lens) \(seed)")
        self.lens = lens
        self.seed = g.next()
        let focal = g.uniform(0.92, 1.08)
        let shift = [g.uniform(-12, 12), g.uniform(-12, 12)]
        let bending = g.uniform(0.8, 1.15)
        parameters = lens.typical.enumerated().map { index, value in
            switch index {
            case 0, 1: value * focal
            case 2, 3: value + shift[index - 2]
            default: value * bending
            }
        }
        setting = SyntheticViews.Setting()
        setting.errors = errors
        setting.leastShare = 1
        (setting.leastTilt, setting.tilt) = (0.35, 0.8)
        // As near as lets the board fill a half of the image, as far as a fifth of it.
        let near = lens.nearest
        setting.distance = near...2.2 * near
        let sign = g.uniform(0, 1) < 0.5 ? 1.0 : -1
        setting.warp = BoardWarp(x: sign * bend, y: (g.uniform(0, 1) < 0.5 ? 0.5 : -0.5) * bend)
    }

    /// The board that is shown.
    package var board: Board { get throws { try TestCameras.board() } }

    /// Views of the board.
    /// - Parameters:
    ///   - name: of the occasion: others have other views.
    ///   - change: what has become of the camera meanwhile.
    package func views(_ name: String, change: ([Double]) -> [Double] = { $0 }) throws -> SyntheticViews {
        var g = SeededGenerator("\(seed) \(name)")
        let camera = try TestCameras.camera(lens.model, change(parameters))
        return SyntheticViews(camera, board: try board, setting: setting, seed: g.next())
    }
}
