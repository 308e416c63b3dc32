package import Container
internal import Geometry

extension CalibrationCheck {
    /// The verdict with what to do, then the figures.
    ///
    /// - Parameter file: the camera file that was checked.
    package func report(file: String) -> String {
        let shift = principalPointChange
        let lines = [
            "",
            """
            Differences in the better known half of the image, for far points; \
            the limit is three times what noise explains.
            """,
            "  focal length      \(figure(focalChange.percent, 2)) +- \(figure(focalChange.deviation, 2)) %",
            """
              principal point   \(figure(shift.pixels.x, 1)) +- \(figure(shift.deviation.x, 1)), \
            \(figure(shift.pixels.y, 1)) +- \(figure(shift.deviation.y, 1)) pixels
            """,
            "  RMS error         \(figure(rmsOfFile, 3)) pixels with the file, \(figure(rmsAnew, 3)) calibrated anew",
            "  chi-square        \(figure(chiSquare, 1)) for \(degreesOfFreedom) parameters",
            "  views             \(calibration.usedImages) of \(calibration.imageCount) images",
        ]
        return (wrapped(headline(file), first: "") + lines).joined(separator: "\n")
    }

    private func headline(_ file: String) -> String {
        let numbers = "\(figure(difference, 2)) pixels (limit \(figure(limit, 2)))"
        return switch verdict {
        case .unchanged: "UNCHANGED: \(file) still holds. It and the new images agree to \(numbers)."
        case .refocused:
            """
            CHANGED, refocused: the focus or zoom has been turned; \(file) is off by \(numbers). Turn it back, \
            or calibrate again.
            """
        case .moved:
            """
            CHANGED, moved: lens or sensor have moved, or the image is cropped otherwise; \
            \(file) is off by \(numbers). Calibrate again.
            """
        case .swapped:
            """
            CHANGED, swapped: another lens, camera or mode; \(file) is off by \(numbers). \
            Give the file of this camera, or calibrate it.
            """
        case .unclear:
            """
            UNCLEAR: these views leave the camera too uncertain to tell (difference \(numbers)). Take 10 or more, \
            tilted and near the edges.
            """
        }
    }

    /// The verdict and the figures, for programs.
    package var json: JSON {
        let shift = principalPointChange
        return .object([
            .init("verdict", .string(verdict.rawValue)),
            .init("difference_px", .exact(difference)), .init("limit_px", .exact(limit)),
            .init("whole_image", CalibrationJSON.difference(wholeImage)),
            .init("rms_file_px", .exact(rmsOfFile)), .init("rms_anew_px", .exact(rmsAnew)),
            .init("chi_square", .exact(chiSquare)),
            .init("degrees_of_freedom", .int(degreesOfFreedom)),
            .init("focal_change_percent", .exact(focalChange.percent)),
            .init("focal_change_percent_deviation", .exact(focalChange.deviation)),
            .init("principal_point_change_px", .numbers([shift.pixels.x, shift.pixels.y])),
            .init("principal_point_change_px_deviation", .numbers([shift.deviation.x, shift.deviation.y])),
            .init("images_used", .int(calibration.usedImages)),
            .init("images_given", .int(calibration.imageCount)),
        ])
    }
}
