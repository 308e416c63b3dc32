internal import ArgumentParser
internal import CameraCalibration
internal import CommandSupport
internal import Configuration
internal import Container
internal import Errors
internal import Files
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

            Images that cannot be read or are of another size than most are named and left out.

            Exit codes: 0 unchanged, 1 changed, 2 unclear, or unchanged by those images that could be used, 64 usage, \
            65 the images cannot be used, 66 no such file, 74 a file cannot be read, 78 the camera file is wrong.
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
            let found = try BoardImages.searched(images, board: board)
            let batch = Batch(found.unusable, of: found.count)
            let check: CalibrationCheck
            do throws(CalibrationError) {
                check = try CalibrationCheck(
                    file.camera, covariance: file.record.covariance, board: board, views: found.views,
                    imageCount: found.count, circle: found.circle, fileViews: file.record.views)
            } catch {
                throw Failure(.badData, CalibrationCheck.refusal(error, absences: found.absences))
            }
            try StandardOutput.writeLine(
                json
                    ? check.json(found.absences).text : check.report(file: camera, absences: found.absences))
            switch check.verdict {
            case .unchanged: try batch.finish()
            case .refocused, .moved, .swapped:
                batch.tellCount()
                throw ExitCode(1)
            case .unclear:
                batch.tellCount()
                throw ExitCode(2)
            }
        }
    }
}
