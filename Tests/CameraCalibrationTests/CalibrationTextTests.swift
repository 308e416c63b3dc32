import CalibrationFixtures
import CameraCalibration
import Container
import Geometry
import Testing

@Suite("A calibration in words and as JSON")
struct CalibrationTextTests {
    /// With a bent board, cross-validation and a second model, whose figures the tests set.
    static func calibration() throws -> Calibration {
        var options = CalibrationOptions()
        (options.model, options.warp) = (.pinhole, .fit)
        let scene = SyntheticViews(
            try TestCameras.camera(.pinhole), board: try TestCameras.board(), setting: .init(count: 12), seed: 77)
        var c = try Calibrator(board: scene.board, options: options).calibrate(scene.views, imageCount: 14)
        for i in c.views.indices {
            c.views[i].name = "images/\(i).jpg"
            for j in c.views[i].corners.indices { c.views[i].corners[j].isRejected = false }
        }
        c.camera = try Camera(model: .pinhole, parameters: [521.5, 517.25, 322, 236], width: 640, height: 480)
        c.covariance = (0..<16).map { $0 % 5 == 0 ? 0.25 : 0 }
        (c.rmsPixels, c.warp, c.warpDeviations) = (0.1234, .init(x: 0.001, y: -0.0005), .init(x: 0.0001, y: 0.0002))
        c.projectionUncertainty.values = c.projectionUncertainty.values.map { _ in 0.5 }
        c.advice = []
        c.crossValidation?.percentile95 = 0.4
        c.crossValidation?.expected95 = .infinity
        return c
    }

    private func lines(_ c: Calibration, absences: [BoardImages.Absence] = [], output: String? = nil) -> [String] {
        CalibrationText(c, absences: absences).report(output: output).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
    }

    @Test("the headline, the camera with its deviations, the fit, and the map")
    func report() throws {
        let c = try Self.calibration()
        let lines = lines(c, output: "camera.yaml")
        #expect(
            Array(lines[..<9]) == [
                "Calibrated (good). In 95 % of the image the camera knows the direction of what it sees to 0.50",
                "pixels (one standard deviation), in half of it to 0.50.",
                "", "Camera", "  640 x 480 pixels, pinhole: \(c.model.summary)", "  fx       521.500 +- 0.500",
                "  fy       517.250 +- 0.500", "  cx       322.000 +- 0.500", "  cy       236.000 +- 0.500",
            ])
        #expect(lines[9...10] == ["", "Fit"])
        #expect(
            lines[11] == "  RMS error 0.123 pixels over \(c.usedCorners) corners in \(c.usedImages) of 14 images")
        #expect(lines.contains("  board bent by 1.00 +- 0.10 mm across, -0.50 +- 0.20 mm down"))
        #expect(
            lines.contains(
                "  the two halves of the views agree to 0.40 pixels in 95 % of the image (unbounded expected)"))
        let map = try #require(lines.firstIndex { $0.hasPrefix("Uncertainty of the projection") })
        #expect(lines[(map + 1)...(map + 5)].allSatisfy { $0.count == 58 })
        #expect(
            lines[(map + 6)...] == [
                "", "Written: camera.yaml. hflocd loads it: name it under camera in its configuration.", "",
            ])
    }

    @Test("a weak one points to what is missing; advice is wrapped under its mark")
    func weak() throws {
        var c = try Self.calibration()
        c.projectionUncertainty.values = c.projectionUncertainty.values.map { _ in .nan }
        let tail = String(repeating: " word", count: 25)
        c.advice = [
            Self.advice(.warning, "Warning" + tail), Self.advice(.hint, "Hint."),
        ].compactMap { $0 }
        let lines = lines(c)
        #expect(lines[0].hasPrefix("Calibrated (but weak: see below). In half of the image or more the camera"))
        #expect(lines[1].hasSuffix("direction of what it sees."))
        let advice = try #require(lines.firstIndex(of: "To make it better"))
        #expect(lines[advice + 1].hasPrefix("! Warning word") && lines[advice + 1].count <= 100)
        #expect(lines[advice + 2].hasPrefix("  word") && lines[(advice + 3)...] == ["- Hint.", ""])
    }

    @Test("what has no bound is said in words that make a sentence")
    func unbounded() throws {
        var c = try ImageCircleTests.calibration(circle: nil)
        let values = c.projectionUncertainty.values
        c.projectionUncertainty.values = values.indices.map { $0 % 8 == 0 ? .infinity : 0.5 }
        c.crossValidation = try Self.calibration().crossValidation
        c.crossValidation?.percentile95 = .infinity
        c.advice = Advice.all(of: c)
        let text = lines(c).joined(separator: "\n").replacing("\n  ", with: " ").replacing("\n", with: " ")
        #expect(text.contains("In a twentieth of the image or more the camera does not know the direction of what it"))
        #expect(text.contains("the two halves of the views cannot be compared"))
        #expect(["unbounded pixels", "by unbounded", "than unbounded"].allSatisfy { !text.contains($0) })
        let camera = CalibratedCamera(c, images: [], program: "test", date: "2026-11-30T00:00:00Z")
        let html = ReportContent(calibration: c, camera: camera) { _ in nil }.html
        #expect(!html.contains("unbounded</b> px") && !html.contains("unbounded px"))
        let error = CalibrationError.noFit(rms: .infinity, board: "chessboard:9x6:25mm")
        #expect(error.description.hasPrefix("no camera explains the corners. Check"))
    }

    /// One of the rules' own: an advice cannot be made elsewhere.
    private static func advice(_ severity: Advice.Severity, _ text: String) -> Advice? {
        let scene = try? SyntheticViews(
            TestCameras.camera(.pinhole), board: TestCameras.board(),
            setting: .init(count: 4, noise: 0.5, tilt: 0.3, region: (0.4...0.6, 0.4...0.6)), seed: 5)
        var options = CalibrationOptions.quick(.pinhole)
        options.acceptsWeakData = true
        guard let scene,
            var advice = try? Calibrator(board: scene.board, options: options).calibrate(scene.views).advice.first
        else { return nil }
        (advice.severity, advice.text) = (severity, text)
        return advice
    }

    @Test("outliers are counted, the six images with most of them named")
    func outliers() throws {
        var c = try Self.calibration()
        let before = c.usedCorners
        for i in 0..<7 {
            for j in 0..<(i == 3 ? 9 : 1) { c.views[i].corners[j].isRejected = true }
        }
        let text = lines(c).joined(separator: "\n").replacing("\n  ", with: " ")
        #expect(
            text.contains(
                " 15 corners left out as outliers (3.jpg: 9, 0.jpg: 1, 1.jpg: 1, 2.jpg: 1, 4.jpg: 1, 5.jpg: 1, ...)"))
        #expect(c.usedCorners == before - 15)
    }

    @Test("no line is longer than a hundred characters, however long the images' names are")
    func width() throws {
        var c = try Self.calibration()
        for i in c.views.indices {
            c.views[i].name = "images/Camera_HD-3000_output_2026-06-21T0153\(100 + i).jpg"
            c.views[i].corners[i].isRejected = true
        }
        c.crossValidation?.expected95 = 0.1
        let absence = BoardImages.Absence(reason: "no board found", names: c.views.map(\.name))
        #expect(lines(c, absences: [absence]).allSatisfy { $0.count <= 100 })
        var check = try Self.check.get()
        check.calibration = c
        let text = check.report(file: "cam.yaml", absences: [absence])
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(text)")
    }

    @Test("a check names what it did not use, and why, as a calibration does")
    func checkedViews() throws {
        let file = try CheckTests.file()
        let scene = SyntheticViews(try TestCameras.camera(.radtan4), board: try TestCameras.board(), seed: 131)
        let first = scene.views[0]
        let copy = BoardView(name: "images/b.jpg", width: first.width, height: first.height, corners: first.corners)
        let check = try CalibrationCheck(
            file.camera, covariance: file.covariance, board: scene.board, views: scene.views + [copy])
        let absences = [BoardImages.Absence(reason: "no board found", names: ["x.jpg"])]
        let text = check.report(file: "cam.yaml", absences: absences)
        #expect(text.contains("\n  not used: b.jpg: shows the board where \(first.name) shows it"))
        #expect(text.contains("\n  not used: x.jpg: no board found"))
        let json = check.json(absences)
        #expect(json["views_dropped"]?.array?.first?["name"]?.string == "images/b.jpg")
        #expect(json["images_without_board"]?.array?.first?["reason"]?.string == "no board found")
        let refusal = CalibrationCheck.refusal(.noBoard(images: 2), absences: absences)
        #expect(refusal.hasPrefix("cannot check: none of") && refusal.hasSuffix("\n  x.jpg: no board found"))
    }

    @Test("views and images that were not used are named, each with the reason")
    func unused() throws {
        var c = try Self.calibration()
        c.views[2].isRejected = true
        for j in c.views[2].corners.indices { c.views[2].corners[j].residual = Vector2(3, 4) }
        let lines = lines(
            c,
            absences: [
                .init(reason: "no board found", names: ["images/x.jpg", "y.jpg"]),
                .init(reason: "mirrored", names: ["z.jpg"]),
            ])
        #expect(lines.contains("  left out: 2.jpg: its corners fit no pose (RMS error 5.0 pixels)"))
        #expect(
            lines.contains("  not used: x.jpg, y.jpg: no board found") && lines.contains("  not used: z.jpg: mirrored"))
    }

    @Test("models that were tried are compared, if there was more than one")
    func models() throws {
        var c = try Self.calibration()
        let chosen = try #require(c.heldOutErrors.first)
        c.heldOutErrors = [chosen]
        #expect(!lines(c).contains { $0.contains("left out of the fit") })
        var other = chosen
        (other.model, other.warp, other.pixels, other.isChosen) = (.fisheye, false, .infinity, false)
        c.heldOutErrors = [chosen, other]
        let text = "pinhole\(chosen.warp ? ", bent board" : "") \(decimals(chosen.pixels)) (taken); fisheye unbounded"
        #expect(lines(c).contains("  error on views left out of the fit: \(text)"))
    }

    private func decimals(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        return "\(thousandths / 1000).\(String("\(1000 + thousandths % 1000)".dropFirst()))"
    }

    @Test("why there is none: the error, then the first five reasons of single images")
    func refusal() {
        let error = CalibrationError.underdetermined(model: .pinhole)
        let absences = (0..<6).map { BoardImages.Absence(reason: "reason \($0)", names: ["\($0).jpg"]) }
        #expect(CalibrationText.refusal(error, absences: []) == "no calibration: \(error.description)")
        let lines = CalibrationText.refusal(error, absences: absences).split(separator: "\n")
        #expect(lines.count == 7 && lines[1] == "  0.jpg: reason 0" && lines[5] == "  4.jpg: reason 4")
        #expect(lines[6] == "  and 1 more image")
        let several = [BoardImages.Absence(reason: "dark", names: ["a.jpg", "b.jpg"])]
        #expect(CalibrationText.refusal(error, absences: several).hasSuffix("\n  2 images (a.jpg, ...): dark"))
    }

    @Test("as JSON: matrices row by row, images by name, null for what is not finite or not known")
    func json() throws {
        var c = try Self.calibration()
        c.views[2].isRejected = true
        let absences = [BoardImages.Absence(reason: "dark", names: ["a.jpg", "b.jpg"])]
        let json = try JSON(parsing: CalibrationJSON.document(c, absences: absences).text)
        #expect(json["model"]?.string == "pinhole" && json["fy"]?.double == 517.25 && json["rms_px"]?.double == 0.1234)
        #expect(json["distortion"] == .array([]) && json["standard_deviations"]?["cx"]?.double == 0.5)
        #expect(json["covariance"]?.array?.map { $0.array?.count } == [4, 4, 4, 4])
        #expect(json["cross_validation"]?["expected_p95_px"] == .null)
        #expect(json["images_given"]?.int == 14 && json["images_used"]?.int == 11)
        #expect(json["views"]?.array?[2]["used"] == .bool(false))
        #expect(json["views"]?.array?[2]["reason"]?.string == "its corners fit no pose")
        #expect(json["views"]?.array?[1]["reason"] == .null && json["board_warp_m"]?.array?.count == 2)
        #expect(json["images_without_board"]?.array?.map { $0["name"]?.string } == ["a.jpg", "b.jpg"])
        #expect(json["coverage"]?["counts"]?.array?.count == c.coverage.rows && json["advice"] == .array([]))
        (c.warp, c.crossValidation) = (nil, nil)
        let flat = CalibrationJSON.document(c, absences: [])
        #expect(flat["board_warp_m"] == .null && flat["cross_validation"] == .null)
    }

    @Test(
        "a check says its verdict and what to do",
        arguments: [
            (CalibrationCheck.Verdict.unchanged, "UNCHANGED: cam.yaml still holds. It and the new images agree to"),
            (.refocused, "CHANGED, refocused: the focus or zoom has been turned; cam.yaml is off by"),
            (.moved, "CHANGED, moved: lens or sensor have moved, or the image is cropped otherwise; cam.yaml is off"),
            (
                .swapped,
                """
                CHANGED, swapped: another lens, camera or mode; cam.yaml is off by 0.25 pixels, and by more than \
                chance in focal length or principal point.
                """
            ),
            (.unclear, "UNCLEAR: these views leave the camera too uncertain to tell (difference 0.25 pixels"),
        ])
    func check(verdict: CalibrationCheck.Verdict, begins: String) throws {
        var check = try Self.check.get()
        (check.verdict, check.difference, check.limit) = (verdict, 0.25, .infinity)
        check.focalChange = (-0.004, 0.126)
        check.principalPointChange = (Vector2(1.25, -2), Vector2(0.1, .nan))
        let text = check.report(file: "cam.yaml")
        #expect(text.split(separator: "\n").joined(separator: " ").hasPrefix(begins))
        #expect(text.contains("\n  focal length      0.00 +- 0.13 %\n"))
        #expect(text.contains("\n  these alone       focal "))
        #expect(text.contains("\n  principal point   1.3 +- 0.1, -2.0 +- unknown pixels\n"))
        let json = try JSON(parsing: check.json([]).text)
        #expect(json["verdict"]?.string == verdict.rawValue && json["limit_px"] == .null)
        #expect(json["principal_point_change_px_deviation"] == .array([.number("0.1"), .null]))
        #expect(json["images_given"]?.int == check.calibration.imageCount)
    }

    private static let check = Result { try CheckTests.check(TestCameras.parameters(.radtan4), seed: 201) }
}
