internal import ArgumentParser
internal import CameraCalibration
internal import Configuration
internal import Container
internal import Errors
internal import Geometry

/// `hfloc-calibrate check`: is the camera still the one of its file?
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Tell from new images of a board whether a camera still is as its file says.",
        discussion: """
            Take 8 to 15 images as for a calibration, with the same resolution, zoom and focus as in use:
              hfloc-calibrate check camera.yaml --board chessboard:9x6:25mm images/
            The camera is calibrated anew and compared with the file where both are known best. The verdict is one of: \
            unchanged, refocused (focus or zoom turned), moved (lens or sensor displaced, another crop), swapped \
            (another lens, camera or mode), unclear (take more views).

            Exit codes: 0 unchanged, 1 changed, 2 unclear, 64 usage, 65 the images cannot be used, 66 no such file, 74 \
            a file cannot be read, 78 the camera file is wrong.
            """)

    @Argument(help: ArgumentHelp("The camera file to check.", valueName: "camera"))
    var camera: String
    @OptionGroup var board: BoardArgument
    @Argument(help: "New images of a board (JPEG, PNG or PGM), or folders of them.")
    var images: [String]
    @Flag(help: "Print the result as JSON.")
    var json = false

    func run() throws {
        try Failure.reporting {
            let file = try CalibratedCamera(reading: camera)
            let board = try board.board()
            let found = try BoardImages(images, board: board, showsProgress: StandardError.isTerminal)
            let check: CalibrationCheck
            do throws(CalibrationError) {
                check = try CalibrationCheck(
                    file.camera, covariance: file.record.covariance, board: board, views: found.views,
                    imageCount: found.images.count)
            } catch {
                throw Failure(.badData, "cannot check: \(error.description)")
            }
            print(json ? CheckText.document(check).text : CheckText.report(check, file: camera))
            switch check.verdict {
            case .unchanged: break
            case .refocused, .moved, .swapped: throw ExitCode(1)
            case .unclear: throw ExitCode(2)
            }
        }
    }
}

/// A check in words and as JSON.
enum CheckText {
    static func report(_ c: CalibrationCheck, file: String) -> String {
        let d = SolveText.decimal
        let numbers = "\(d(c.difference, 2)) pixels (limit \(d(c.limit, 2)))"
        let headline =
            switch c.verdict {
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
        let shift = c.principalPointChange
        let lines = [
            "",
            """
            Differences in the better known half of the image, for far points; \
            the limit is three times what noise explains.
            """,
            "  focal length      \(d(c.focalChange.percent, 2)) +- \(d(c.focalChange.deviation, 2)) %",
            """
              principal point   \(d(shift.pixels.x, 1)) +- \(d(shift.deviation.x, 1)), \
            \(d(shift.pixels.y, 1)) +- \(d(shift.deviation.y, 1)) pixels
            """,
            "  RMS error         \(d(c.rmsOfFile, 3)) pixels with the file, \(d(c.rmsAnew, 3)) calibrated anew",
            "  chi-square        \(d(c.chiSquare, 1)) for \(c.degreesOfFreedom) parameters",
            "  views             \(c.calibration.usedImages) of \(c.calibration.imageCount) images",
        ]
        return (SolveText.wrapped(headline, first: "") + lines).joined(separator: "\n")
    }

    static func document(_ c: CalibrationCheck) -> JSON {
        let shift = c.principalPointChange
        return .object([
            .init("verdict", .string(c.verdict.rawValue)),
            .init("difference_px", SolveJSON.number(c.difference)), .init("limit_px", SolveJSON.number(c.limit)),
            .init("whole_image", SolveJSON.difference(c.wholeImage)),
            .init("rms_file_px", SolveJSON.number(c.rmsOfFile)), .init("rms_anew_px", SolveJSON.number(c.rmsAnew)),
            .init("chi_square", SolveJSON.number(c.chiSquare)),
            .init("degrees_of_freedom", SolveJSON.integer(c.degreesOfFreedom)),
            .init("focal_change_percent", SolveJSON.number(c.focalChange.percent)),
            .init("focal_change_percent_deviation", SolveJSON.number(c.focalChange.deviation)),
            .init("principal_point_change_px", SolveJSON.numbers([shift.pixels.x, shift.pixels.y])),
            .init("principal_point_change_px_deviation", SolveJSON.numbers([shift.deviation.x, shift.deviation.y])),
            .init("images_used", SolveJSON.integer(c.calibration.usedImages)),
            .init("images_given", SolveJSON.integer(c.calibration.imageCount)),
        ])
    }
}
