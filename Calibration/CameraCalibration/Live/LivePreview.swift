internal import Geometry

/// The calibration of the views so far, as the page shows it while more are taken: one or two quick fits.
package enum LivePreview {
    /// A fisheye is taken for one where its residuals are at most this share of a usual lens's.
    private static let fisheyeShare = 0.7

    /// With the model that was asked for, or a usual lens, or a fisheye where that fits far better: the final solution
    /// compares all models.
    package static func calibration(
        _ shots: [LiveSession.CapturedView], board: Board, model: LensModel?
    ) throws(CalibrationError) -> Calibration {
        let circle = circle(of: shots)
        func fit(_ model: LensModel) throws(CalibrationError) -> Calibration {
            var quick = CalibrationOptions.quick(model)
            quick.acceptsWeakData = true
            return try Calibrator(board: board, options: quick).calibrate(shots.map(\.view), circle: circle)
        }
        if let model { return try fit(model) }
        let fisheye = try? fit(.fisheye)
        do throws(CalibrationError) {
            let usual = try fit(.radtan4)
            guard let fisheye, fisheye.usedCorners >= usual.usedCorners else { return usual }
            return fisheye.noise < fisheyeShare * usual.noise ? fisheye : usual
        } catch {
            guard let fisheye else { throw error }
            return fisheye
        }
    }

    /// The circle outside of which all views are dark.
    static func circle(of shots: [LiveSession.CapturedView]) -> ImageCircle? {
        ImageBrightness.joined(shots.map { ImageBrightness($0.image) })?
            .circle(around: shots.flatMap { $0.view.corners.map(\.pixel) })
    }
}
