public import ArgumentParser
public import CameraCalibration
internal import Errors
internal import Files
internal import Geometry

extension CameraFormat: ExpressibleByArgument {}

/// `hfloc-calibrate convert`: camera files between the formats of hfloc, ROS, OpenCV, Kalibr, COLMAP and mrcal.
struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert a camera file from and to the formats of other programs.",
        discussion: """
            hfloc    hfloc's camera file (YAML); the only one that keeps covariance, board, date and images
            ros      ROS camera_info YAML: plumb_bob, rational_polynomial, equidistant; read also as .ini (ost.txt), \
            and as `ros2 topic echo` prints it
            opencv   OpenCV FileStorage YAML; read also as XML, as JSON, and with the names of ORB-SLAM's settings
            kalibr   a Kalibr camchain: radtan with four coefficients, equidistant
            colmap   a line of COLMAP's cameras.txt; its principal point lies half a pixel further, which is taken \
            care of
            mrcal    an mrcal cameramodel: LENSMODEL_PINHOLE, OPENCV4, OPENCV5, OPENCV8; mrcal has no Kannala-Brandt \
            fisheye

            The format of IN is found by its content, that of OUT by its name (.cameramodel is mrcal's, .txt COLMAP's, \
            .yaml hfloc's) or by --to:
              hfloc-calibrate convert camera.yaml camera_info.yaml --to ros
              hfloc-calibrate convert camchain.yaml camera.yaml --camera cam1
            """)

    @Argument(help: ArgumentHelp("The camera file to read.", valueName: "in"))
    var input: String
    @Argument(help: ArgumentHelp("The camera file to write; - for standard output.", valueName: "out"))
    var output: String
    @Option(help: "The format to write; by default as the name of OUT says.")
    var to: CameraFormat?
    @Option(help: "The format to read; by default as the content says.")
    var from: CameraFormat?
    @Option(help: ArgumentHelp("Which camera of a file with several: cam1, or COLMAP's number.", valueName: "name"))
    var camera: String?
    @Option(help: ArgumentHelp("The image's size, for files that do not state it.", valueName: "WIDTHxHEIGHT"))
    var size: String?

    func run() throws {
        try Failure.reporting {
            let options = CameraImportOptions(format: from, camera: camera, size: try size.map(ImageSize.parse))
            guard let format = to ?? CameraFormat(fileName: output) else {
                throw Failure(
                    .usage,
                    """
                    \(output): the name does not say which format; give --to \
                    \(CameraFormat.allCases.map(\.rawValue).joined(separator: "|"))
                    """
                )
            }
            if output != "-" { try AtomicFile.check(output, reading: [input]) }
            let calibrated = try CalibratedCamera(reading: input, options: options)
            let text = try format.text(of: calibrated)
            guard output != "-" else { return try StandardOutput.write(text) }
            try AtomicFile.write(text, to: output)
            let camera = calibrated.camera
            try StandardOutput.writeLine(
                "\(output): \(format.title), \(camera.model.rawValue), \(camera.width)x\(camera.height)")
        }
    }
}
