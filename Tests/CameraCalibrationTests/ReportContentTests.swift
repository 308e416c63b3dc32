import CameraCalibration
import Testing

@Suite("What a report names as not used")
struct ReportContentTests {
    @Test("every image without a board, with its reason; names are harmless")
    func absences() throws {
        let calibration = try CalibrationTextTests.calibration()
        let camera = CalibratedCamera(calibration, images: [], program: "p", date: "d")
        let content = ReportContent(
            calibration: calibration, camera: camera,
            without: [
                .init(reason: "dark", names: ["a/<x>.jpg", "b.jpg"]), .init(reason: "mirrored", names: ["c.jpg"]),
            ]
        ) { _ in nil }
        #expect(content.absences.map(\.name) == ["a/<x>.jpg", "b.jpg", "c.jpg"])
        #expect(content.absences.map(\.reason) == ["dark", "dark", "mirrored"])
        #expect(content.html.contains("<tr><th>&lt;x&gt;.jpg</th><td class=\"text\">dark</td></tr>"))
    }
}
