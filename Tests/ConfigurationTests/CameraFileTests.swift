import Configuration
import Geometry
import GeometryFixtures
import TestSupport
import Testing

private let good = """
    model: OPENCV
    width: 640
    height: 480
    parameters: [500.5, 501, 319.5, 239.5, -0.1, 0.01, 0, 1e-4]
    rms_px: 0.2

    """

@Suite("Camera file")
struct CameraFileTests {
    @Test("Model, size and parameters are read")
    func read() throws {
        let file = TemporaryFile(good)
        let camera = try CameraFile(reading: file.path).camera
        let expected = try Camera(
            model: .openCV, parameters: [500.5, 501, 319.5, 239.5, -0.1, 0.01, 0, 1e-4], width: 640, height: 480)
        #expect(camera == expected)
    }

    @Test("Every model of the project can be written", arguments: CameraSamples.all)
    func models(camera: Camera) throws {
        let list = camera.parameters.map { "\($0)" }.joined(separator: ", ")
        let file = TemporaryFile(
            "model: \(camera.model.rawValue)\nwidth: 640\nheight: 480\nparameters: [\(list)]\n")
        #expect(try CameraFile(reading: file.path).camera == camera)
    }

    @Test(
        "What is wrong is named with its line, its field and what is allowed",
        arguments: [
            (
                "model: OPENCV", "model: OPENVC",
                ":1: field 'model': 'OPENVC' is unknown (allowed: SIMPLE_PINHOLE, PINHOLE"
            ),
            ("model: OPENCV\n", "", ": field 'model': missing"),
            ("width: 640", "width: 0", ":2: field 'width': 0 is out of range (allowed: 1...65535)"),
            ("height: 480\n", "", ": field 'height': missing"),
            (
                "[500.5, 501", "[500.5",
                ": field 'parameters': camera model OPENCV has 8 parameters (fx, fy, cx, cy, k1, k2, p1, p2)"
            ),
            ("[500.5, 501", "[500.5, x", ":4: field 'parameters': expected a number, found 'x'"),
            ("[500.5, 501", "[-500.5, 501", ": field 'parameters': camera parameter fx = -500.5 is impossible"),
            ("rms_px: 0.2", "focal: 500", ":5: field 'focal': unknown (allowed here: board"),
            ("[500.5, 501", "[.inf, 501", ":4: field 'parameters': expected a number"),
        ])
    func wrong(old: String, new: String, expected: String) throws {
        guard let range = good.firstRange(of: old) else {
            Issue.record("the test's own text")
            return
        }
        let file = TemporaryFile(good.replacingCharacters(in: range, with: new))
        let error = #expect(throws: ConfigurationError.self) { try CameraFile(reading: file.path) }
        #expect(error?.description.hasPrefix(file.path + expected) == true, "\(error?.description ?? "")")
    }

    @Test(
        "What may be another program's camera file is said to be convertible",
        arguments: [
            "image_width: 640\ncamera_matrix: {rows: 3}\n", "%YAML:1.0\n---\nfx: 3\n",
            "<?xml version=\"1.0\"?>\n<a/>\n",
            "# oST version 5.0 parameters\n\n[image]\n\nwidth\n640\n", "a: 1\n---\na: 1\n",
        ])
    func foreign(text: String) {
        let file = TemporaryFile(text)
        let error = #expect(throws: ConfigurationError.self) { try CameraFile(reading: file.path) }
        #expect(error?.description.contains("`hfloc-calibrate convert`") == true, "\(error?.description ?? "")")
        let wrong = TemporaryFile(good + "focal: 3\n")
        let own = #expect(throws: ConfigurationError.self) { try CameraFile(reading: wrong.path) }
        #expect(own?.description.contains("convert") == false)
    }

    @Test("A missing file is named")
    func missing() {
        let error = #expect(throws: ConfigurationError.self) { try CameraFile(reading: "/nonexistent.yaml") }
        #expect(error?.kind == .missing)
    }
}

extension String {
    fileprivate func firstRange(of text: String) -> Range<Index>? {
        indices.first { self[$0...].hasPrefix(text) }.map { $0..<index($0, offsetBy: text.count) }
    }

    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}
