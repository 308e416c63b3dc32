import Configuration
import Testing

private let hash = String(repeating: "0123456789abcdef", count: 4)
private let good = """
    model: PINHOLE
    width: 640
    height: 480
    parameters: [500, 501, 319.5, 239.5]
    standard_deviations: [1, 2, 0, 1]
    covariance:
      - [1, 0.5, 0, 0]
      - [0.5, 4, 0, 0]
      - [0, 0, 0, 0]
      - [0, 0, 0, 1]
    rms_px: 0.2
    views: 13
    board: chessboard:9x6:25mm
    controls: {focus_absolute: 30}
    images:
      - {name: "left 1.jpg", blake2b: "\(hash)"}

    """

@Suite("What a calibration says beside the parameters")
struct CalibrationRecordTests {
    @Test("Every field is read")
    func read() throws {
        let record = try CameraFile(parsing: Array(good.utf8), path: "camera.yaml").record
        #expect(record.standardDeviations == [1, 2, 0, 1])
        #expect(record.covariance?[1] == [0.5, 4, 0, 0])
        #expect(record.rms == 0.2)
        #expect(record.views == 13)
        #expect(record.board == "chessboard:9x6:25mm")
        #expect(record.controls == [.init(name: "focus_absolute", value: 30)])
        #expect(record.images == [.init(name: "left 1.jpg", hash: hash)])
        #expect(record.date == nil)
    }

    @Test("The part of the frame that was calibrated")
    func part() throws {
        let text = good + "frame: [1280, 960]\ncrop: [300, 200, 640, 480]\n"
        let record = try CameraFile(parsing: Array(text.utf8), path: "camera.yaml").record
        #expect(record.part == .init(frameWidth: 1280, frameHeight: 960, x: 300, y: 200))
        for (line, expected) in [
            ("crop: [0, 0, 640, 480]\n", "field 'frame': missing"), ("frame: [640, 480]\n", "field 'crop': missing"),
            ("frame: [1280, 960]\ncrop: [0, 0, 320, 240]\n", "field 'crop': expected [x, y, 640, 480]"),
            ("frame: [1280, 960]\ncrop: [641, 0, 640, 480]\n", "within the frame of 1280x960"),
        ] {
            let error = #expect(throws: ConfigurationError.self) {
                try CameraFile(parsing: Array((good + line).utf8), path: "camera.yaml")
            }
            #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
        }
    }

    @Test(
        "What is wrong is named with its line and field",
        arguments: [
            ("rms_px: 0.2", "rms: 0.2", ":11: field 'rms': unknown (allowed here: board, board_warp, controls"),
            ("rms_px: 0.2", "rms_px: -1", ":11: field 'rms_px': -1 is out of range"),
            (
                "[1, 2, 0, 1]", "[1, 2, 0]",
                ":5: field 'standard_deviations': expected one number of at least 0 for each"
            ),
            ("[1, 2, 0, 1]", "[1, 2, 0, -1]", ":5: field 'standard_deviations': expected one number of at least 0"),
            ("[0, 0, 0, 1]", "[0, 0, 1]", ":7: field 'covariance': expected 4 rows of 4 numbers"),
            ("[0.5, 4, 0, 0]", "[0.6, 4, 0, 0]", ":8: field 'covariance': not a covariance: rows 2 and 1"),
            ("[0.5, 4, 0, 0]", "[0.5, 0.2, 0, 0]", ":8: field 'covariance': not a covariance: rows 2 and 1"),
            ("[0, 0, 0, 0]", "[0, 0, -1, 0]", ":9: field 'covariance': not a covariance: rows 3 and 1"),
            ("[0, 0, 0, 0]", "[0, 0, x, 0]", ":9: field 'covariance': expected a number, found 'x'"),
            ("\"\(hash)\"", "abc", ":16: field 'images.blake2b': 'abc' is not 64 hexadecimal digits"),
            (
                "focus_absolute: 30", "focus_absolute: far",
                ":14: field 'controls.focus_absolute': expected a whole number"
            ),
        ])
    func wrong(old: String, new: String, expected: String) throws {
        let parts = good.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
        try #require(parts.count == 2, "the test's own text")
        let bytes = Array((parts[0] + new + parts[1]).utf8)
        let error = #expect(throws: ConfigurationError.self) { try CameraFile(parsing: bytes, path: "camera.yaml") }
        #expect(error?.description.hasPrefix("camera.yaml" + expected) == true, "\(error?.description ?? "")")
    }
}
