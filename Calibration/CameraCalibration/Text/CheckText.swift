package import Container
internal import Geometry

extension CalibrationCheck {
    /// The verdict with what to do, then the figures.
    ///
    /// - Parameters:
    ///   - file: the camera file that was checked.
    ///   - absences: why images show no board.
    package func report(file: String, absences: [BoardImages.Absence] = []) -> String {
        let shift = principalPointChange
        let explanation = """
            Differences in the better known half of the image, for far points; the limit is what the views' errors \
            explain once in 4300 times.
            """
        let lines = [
            "  focal length      \(figure(focalChange.percent, 2)) +- \(figure(focalChange.deviation, 2)) %",
            """
              principal point   \(figure(shift.pixels.x, 1)) +- \(figure(shift.deviation.x, 1)), \
            \(figure(shift.pixels.y, 1)) +- \(figure(shift.deviation.y, 1)) pixels
            """,
            usualText,
            "  RMS error         \(figure(rmsOfFile, 3)) pixels with the file, \(figure(rmsAnew, 3)) calibrated anew",
            "  chi-square        \(figure(chiSquare, 1)) for \(degreesOfFreedom) parameters",
            "  views             \(calibration.usedImages) of \(calibration.imageCount) images",
        ]
        let parts = [
            wrapped(headline(file), first: ""), [""], wrapped(explanation, first: ""), lines,
            calibration.unused(absences),
        ]
        return parts.flatMap { $0 }.joined(separator: "\n")
    }

    /// Why there is no verdict, with what was wrong with single images.
    package static func refusal(_ error: CalibrationError, absences: [BoardImages.Absence]) -> String {
        "cannot check: \(error.description)" + CalibrationText.details(absences)
    }

    private var usualText: String {
        guard let u = usualChange else { return "  nothing can be said of focus and principal point alone" }
        return """
              these alone       focal \(figure(u.focal * 100, 2)) +- \(figure(u.focalDeviation * 100, 2)) %, principal \
            point \(figure(u.shift.x, 1)) +- \(figure(u.shiftDeviation.x, 1)), \
            \(figure(u.shift.y, 1)) +- \(figure(u.shiftDeviation.y, 1)) pixels
            """
    }

    private func headline(_ file: String) -> String {
        let numbers =
            difference > limit || !isChanged
            ? "\(figure(difference, 2)) pixels (limit \(figure(limit, 2)))"
            : "\(figure(difference, 2)) pixels, and by more than chance in focal length or principal point"
        let off =
            difference.isFinite
            ? "\(file) is off by \(numbers)" : "\(file) and the new images have hardly a direction in common"
        return switch verdict {
        case .unchanged: "UNCHANGED: \(file) still holds. It and the new images agree to \(numbers)."
        case .refocused:
            """
            CHANGED, refocused: the focus or zoom has been turned; \(off). Turn it back, or calibrate again.
            """
        case .moved:
            """
            CHANGED, moved: lens or sensor have moved, or the image is cropped otherwise; \(off). Calibrate again.
            """
        case .swapped:
            """
            CHANGED, swapped: another lens, camera or mode; \(off). Give the file of this camera, or calibrate it.
            """
        case .unclear:
            """
            UNCLEAR: these views leave the camera too uncertain to tell (\(compared)): a focal length changed by 1 % \
            might not show. Take 15 or more, tilted, near, and up to the edges.
            """
        }
    }

    private var compared: String {
        difference.isFinite
            ? "difference \(figure(difference, 2)) pixels, limit \(figure(limit, 2))"
            : "in half of the image one of the two sees nothing"
    }

    private var isChanged: Bool {
        switch verdict {
        case .refocused, .moved, .swapped: true
        case .unchanged, .unclear: false
        }
    }

    /// The verdict and the figures, for programs.
    ///
    /// - Parameter absences: why images show no board.
    package func json(_ absences: [BoardImages.Absence]) -> JSON {
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
            .init(
                "usual_change",
                usualChange.map {
                    .object([
                        .init("focal_percent", .exact($0.focal * 100)),
                        .init("focal_percent_deviation", .exact($0.focalDeviation * 100)),
                        .init("principal_point_px", .numbers([$0.shift.x, $0.shift.y])),
                        .init(
                            "principal_point_px_deviation", .numbers([$0.shiftDeviation.x, $0.shiftDeviation.y])),
                    ])
                } ?? .null),
            .init("images_used", .int(calibration.usedImages)),
            .init("images_given", .int(calibration.imageCount)),
            .init("views_dropped", CalibrationJSON.dropped(calibration)),
            .init("images_without_board", CalibrationJSON.absent(absences)),
        ])
    }
}
