import CalibrationFixtures
import CameraCalibration
import Features
import Geometry
import GeometryFixtures
import TestSupport
import Testing

/// Lenses that light a circle of the image.
@Suite struct ImageCircleTests {
    /// A noisy image of scattered brightness, black outside of a circle.
    static func image(_ circle: ImageCircle?, seed: UInt64, width: Int = 640, height: Int = 480) -> GreyImage {
        var g = SeededGenerator(seed: seed)
        var image = GreyImage(width: width, height: height)
        for y in 0..<height {
            for x in 0..<width {
                let isLit = circle?.contains(Vector2(Double(x), Double(y))) ?? true
                image.pixels[y * width + x] = UInt8(isLit ? g.uniform(20, 220) : g.uniform(0, 14))
            }
        }
        return image
    }

    @Test(
        "the circle that a lens lights is found to a part in forty of the image",
        arguments: [
            ImageCircle(centre: Vector2(325, 236), radius: 230), ImageCircle(centre: Vector2(320, 240), radius: 330),
            ImageCircle(centre: Vector2(300, 255), radius: 300),
        ])
    func found(truth: ImageCircle) throws {
        let images = (0..<3).map { ImageBrightness(Self.image(truth, seed: $0)) }
        let found = try #require(ImageBrightness.joined(images)?.circle(around: [truth.centre]))
        #expect((found.centre - truth.centre).length < 16 && abs(found.radius - truth.radius) < 16)
    }

    @Test("an image that is lit everywhere, or dark elsewhere than around a circle, has none")
    func none() throws {
        #expect(ImageBrightness(Self.image(nil, seed: 4)).circle(around: []) == nil)
        var half = Self.image(nil, seed: 5)
        for y in 0..<480 { for x in 400..<640 { half.pixels[y * 640 + x] = 3 } }
        #expect(ImageBrightness(half).circle(around: []) == nil)
        #expect(ImageBrightness(GreyImage(width: 640, height: 480)).circle(around: []) == nil)
        // A dim room: darker and darker towards the corners, without an edge.
        var dim = Self.image(nil, seed: 7)
        for y in 0..<480 {
            for x in 0..<640 {
                let share = max(1 - (Vector2(Double(x), Double(y)) - Vector2(320, 240)).length / 380, 0)
                dim.pixels[y * 640 + x] = UInt8(Double(dim.pixels[y * 640 + x]) * share)
            }
        }
        #expect(ImageBrightness(dim).circle(around: []) == nil)
        // A corner was seen where it would be dark.
        let circle = ImageCircle(centre: Vector2(320, 240), radius: 230)
        #expect(ImageBrightness(Self.image(circle, seed: 6)).circle(around: [Vector2(20, 20)]) == nil)
    }

    /// A fisheye of 180 degrees whose circle of 235 pixels lies within the image.
    static func calibration(circle: ImageCircle?) throws -> Calibration {
        let scene = try scene()
        return try Calibrator(board: scene.board, options: .quick(.fisheye)).calibrate(scene.views, circle: circle)
    }

    static func scene() throws -> SyntheticViews {
        let camera = try TestCameras.camera(.fisheye, [150, 150, 320, 240, 0.02, -0.006, 0.002, -0.0006])
        let lit = ImageCircle(centre: Vector2(320, 240), radius: 225)
        var setting = SyntheticViews.Setting(count: 60, noise: 0.1, distance: 0.07...0.2, region: (0.1...0.9, 0...1))
        setting.leastShare = 1
        var scene = SyntheticViews(camera, board: try TestCameras.board(), setting: setting, seed: 88)
        scene.views = scene.views.filter { $0.corners.allSatisfy { lit.contains($0.pixel) } }
        return scene
    }

    @Test("coverage and uncertainty are asked for where the lens shows something")
    func masked() throws {
        let circle = ImageCircle(centre: Vector2(320, 240), radius: 235)
        let (whole, masked) = (try Self.calibration(circle: nil), try Self.calibration(circle: circle))
        #expect(masked.coverage.filled > 0.9, "\(masked.coverage.filled)")
        #expect(whole.coverage.filled < 0.75, "\(whole.coverage.filled)")
        #expect(!masked.advice.contains { $0.topic == .edge || $0.topic == .model })
        #expect(masked.grade == .good && whole.grade != .good)
        #expect(masked.projectionUncertainty.values[0].isNaN)
        let text = CalibrationText(masked, absences: []).report(output: nil)
        #expect(!text.contains("unbounded") && !text.contains("inf") && text.contains("dark"))
        let camera = CalibratedCamera(masked, images: [], program: "test", date: "2026-11-30T00:00:00Z")
        let html = ReportContent(calibration: masked, camera: camera) { _ in nil }.html
        // mrcal has no fisheye: convert refuses it.
        #expect(html.contains("Also opencv, kalibr, colmap.") && !html.contains("mrcal"))
        #expect(!html.contains("unbounded") && !html.contains("∞") && !html.contains(" inf"))
    }

    @Test("the page's figure is that of a fisheye for one, and of a usual lens for one")
    func preview() throws {
        let lens = ImageCircle(centre: Vector2(320, 240), radius: 235)
        let scene = try Self.scene()
        let shots = scene.views.map { LiveSession.CapturedView(view: $0, image: Self.image(lens, seed: 3)) }
        let seen = try LivePreview.calibration(shots, board: scene.board, model: nil)
        #expect(seen.model == .fisheye && seen.grade == .good && seen.uncertainty.circle != nil)
        let usual = SyntheticViews(try TestCameras.camera(.radtan4), board: try TestCameras.board(), seed: 8)
        let others = usual.views.map { LiveSession.CapturedView(view: $0, image: Self.image(nil, seed: 4)) }
        #expect(try LivePreview.calibration(others, board: usual.board, model: nil).model == .radtan4)
    }

    @Test("a circle has no corners to hold the board in")
    func advice() throws {
        var seen = try Self.calibration(circle: ImageCircle(centre: Vector2(320, 240), radius: 235))
        #expect(seen.advice.allSatisfy { !$0.text.contains("corner") })
        let wide = ImageCircle(centre: Vector2(320, 240), radius: 330)
        seen = try Self.calibration(circle: wide)
        let edges = seen.advice.filter { $0.topic == .edge }
        #expect(!edges.isEmpty && edges.allSatisfy { $0.text.contains("of what the lens lights") })
        #expect(edges.allSatisfy { !$0.text.contains("corners") })
    }

    @Test("columns keep apart, however large their figures are")
    func columns() throws {
        var calibration = try Self.calibration(circle: nil)
        let n = calibration.parameters.count
        calibration.camera = try TestCameras.camera(
            .fisheye, [150, 150, 320, 240, 1234567.5, -7654321.25, 1e11, -1e11])
        for i in 0..<n { calibration.covariance[i * n + i] = 1e20 }
        let text = CalibrationText(calibration, absences: []).report(output: nil)
        let rows = text.split(separator: "\n").drop { !$0.hasPrefix("Uncertainty") }.dropFirst().prefix(5)
        #expect(rows.count == 5 && rows.allSatisfy { $0.split(separator: " ").count == 7 })
        let parameters = text.split(separator: "\n").filter { $0.contains(" +- ") && $0.hasPrefix("  ") }
        #expect(parameters.count >= n && parameters.prefix(n).allSatisfy { $0.split(separator: " ").count == 4 })
        let places = parameters.prefix(n).map { line in
            line.firstRange(of: " +- ").map { line.distance(from: line.startIndex, to: $0.lowerBound) }
        }
        #expect(Set(places).count == 1)
    }
}
