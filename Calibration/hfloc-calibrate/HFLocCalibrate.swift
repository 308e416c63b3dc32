internal import ArgumentParser
internal import CLinux
internal import CommandSupport
internal import Configuration
internal import ProgramVersion

@main
struct HFLocCalibrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hfloc-calibrate",
        abstract: "From a bare camera to a camera file for hfloc, with its uncertainty.",
        discussion: """
            Begin here:
              hfloc-calibrate target --board chessboard:9x6:25mm --output board.pdf
            Print it at 100 %, glue it on something flat and stiff, and measure a square. Then, at the camera:
              hfloc-calibrate live --board chessboard:9x6:25mm --size 640x480
            or from images that you have taken:
              hfloc-calibrate solve --board chessboard:9x6:25mm images/ --output camera.yaml --report report.html
            Each prints what to do next, and what would make the result better.
            """,
        version: Version.text,
        subcommands: [
            TargetCommand.self, DetectCommand.self, SolveCommand.self, CheckCommand.self, LiveCommand.self,
            ConvertCommand.self,
        ])

    static func main() {
        hf_keep_memory()
        runProgram("hfloc-calibrate")
    }
}
