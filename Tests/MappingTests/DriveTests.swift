import Features
import Geometry
import Mapping
import ReferenceMap
import TestSupport
import Testing

/// The parts of a map from a drive, on drives whose truth is known.
@Suite("A recorded drive")
struct DriveTests {
    private static let second: UInt64 = 1_000_000_000
    private static func camera() throws -> Camera {
        try Camera(model: .pinhole, parameters: [400, 400, 319.5, 239.5], width: 640, height: 480)
    }
    /// Looks ahead, a metre above the ground.
    private static let baseFromCamera = RigidTransform(
        rotation: Rotation(w: 0.5, x: -0.5, y: 0.5, z: -0.5), translation: Vector3(1, 0, 1))

    /// A frame each half second while the vehicle drives `metres` ahead and turns `radians`, both evenly in 20 s.
    private func drive(
        metres: Double, radians: Double = 0, odometry: Bool = true, image: GreyImage? = nil
    ) throws -> Drive {
        let samples = (0...200).map { number in
            let share = Double(number) / 200
            return (
                time: Self.second + UInt64(number) * (Self.second / 10),
                odomFromBase: RigidTransform(
                    rotation: Rotation(exp: Vector3(0, 0, radians * share)),
                    translation: Vector3(metres * share, 0, 0))
            )
        }
        let picture = image ?? Self.pattern(blurredOver: 0)
        return Drive(
            name: "drive.mcap", frameTimes: (0...40).map { Self.second + UInt64($0) * (Self.second / 2) },
            camera: try Self.camera(), baseFromCamera: Self.baseFromCamera,
            odometry: OdometryPath(odometry ? samples : []),
            readFrame: { _ in ("pgm", Array("P5 \(picture.width) \(picture.height) 255\n".utf8) + picture.pixels) })
    }

    /// Random squares, each pixel the mean of its neighbours at most so far to each side.
    private static func pattern(blurredOver radius: Int) -> GreyImage {
        var random = SeededGenerator("blur pattern")
        var image = GreyImage(width: 320, height: 240)
        let levels = (0..<1200).map { _ in UInt8.random(in: 0...255, using: &random) }
        for y in 0..<240 { for x in 0..<320 { image[x, y] = levels[y / 8 * 40 + x / 8] } }
        guard radius > 0 else { return image }
        var blurred = image
        for y in 0..<240 {
            for x in 0..<320 {
                let across = (max(0, x - radius)...min(319, x + radius)).map { Int(image[$0, y]) }
                blurred[x, y] = UInt8(across.reduce(0, +) / across.count)
            }
        }
        return blurred
    }

    private func problem(_ drive: Drive) -> String {
        do throws(MapError) {
            _ = try DriveKeyframes(drive, choice: KeyframeChoice())
            return ""
        } catch {
            return "\(error)"
        }
    }

    // MARK: - Odometry

    @Test("Odometry is interpolated between samples, and unknown beyond them and in gaps")
    func interpolation() throws {
        let path = OdometryPath([
            (time: 2_000_000_000, odomFromBase: RigidTransform(rotation: .identity, translation: Vector3(4, 0, 0))),
            (time: 1_600_000_000, odomFromBase: RigidTransform(rotation: .identity, translation: Vector3(2, 0, 0))),
            (time: 3_000_000_000, odomFromBase: RigidTransform(rotation: .identity, translation: Vector3(4, 3, 0))),
        ])
        let state = try #require(path.state(at: 1_700_000_000))
        #expect((state.odomFromBase.translation - Vector3(2.5, 0, 0)).length < 1e-12)
        #expect(abs(state.travelled - 0.5) < 1e-12)
        #expect(path.state(at: 3_000_000_000)?.travelled == 5)
        for time in [1_599_999_999, 2_500_000_000, 3_000_000_001] as [UInt64] { #expect(path.state(at: time) == nil) }
    }

    // MARK: - Keyframes

    @Test(
        "Keyframes follow at the spacing, standing still gives none, and of those that would do the sharpest is taken")
    func choice() {
        let places: [Double] = [0, 0.4, 0.9, 1.0, 1.1, 1.2, 1.2, 1.2, 2.0, 2.3, 2.5]
        let frames = places.enumerated().map { index, x in
            KeyframeChoice.Frame(
                index: index, cameraFromOdometry: RigidTransform(rotation: .identity, translation: Vector3(-x, 0, 0)))
        }
        var asked: Set<Int> = []
        let chosen = KeyframeChoice().choose(frames) { position in
            asked.insert(position)
            return position == 4 ? 0.2 : 0.5
        }
        #expect(chosen == [0, 4, 9])
        #expect(asked.isSuperset(of: [3, 4, 5]) && !asked.contains(0))
    }

    @Test("A turn gives keyframes as way does")
    func turns() {
        let frames = (0...90).map { degree in
            KeyframeChoice.Frame(
                index: degree,
                cameraFromOdometry: RigidTransform(
                    rotation: Rotation(exp: Vector3(0, Double(degree) * .pi / 180, 0)), translation: .zero))
        }
        let chosen = KeyframeChoice().choose(frames) { _ in 0 }
        #expect((8...10).contains(chosen.count))
    }

    @Test("Blur is told from the picture alone")
    func blur() {
        let measures = [0, 2, 5, 9].map { BlurMeasure.blur(of: Self.pattern(blurredOver: $0)) }
        #expect(measures == measures.sorted())
        #expect(measures[0] < BlurMeasure.blurred && measures[3] > BlurMeasure.tooBlurred)
        #expect(BlurMeasure.blur(of: GreyImage(width: 640, height: 480, filledWith: 90)) == 1)
    }

    @Test("Noise makes no blurred picture sharp, nor the dark a sharp one blurred", arguments: [1, 8])
    func noisyBlur(darker: Int) {
        var random = SeededGenerator("noise")
        let measures = [0, 9].map { radius in
            var image = Self.pattern(blurredOver: radius)
            for index in image.pixels.indices {
                // Of about two grey levels, as the sum of four.
                let noise = (0..<4).reduce(-8) { sum, _ in sum + Int.random(in: 0...4, using: &random) } / 2
                image.pixels[index] = UInt8(clamping: Int(image.pixels[index]) / darker + 20 + noise)
            }
            return BlurMeasure.blur(of: image)
        }
        #expect(measures[0] < BlurMeasure.blurred)
        if darker == 1 { #expect(measures[1] > BlurMeasure.tooBlurred) }
    }

    @Test("A drive's keyframes have the camera's poses by odometry and mounting")
    func keyframes() throws {
        let found = try DriveKeyframes(try drive(metres: 20), choice: KeyframeChoice())
        #expect(found.keyframes.count == 21 && found.report.keyframes == 21 && found.report.frames == 41)
        let last = try #require(found.keyframes.last).deadReckoning
        #expect((last.cameraFromOdometry.originInSource - Vector3(21, 0, 1)).length < 1e-9)
        #expect(abs(last.travelled - 20) < 1e-9 && abs(found.report.length - 20) < 1e-9)
    }

    @Test("What cannot give a map is refused, with the reason and the cure")
    func refusals() throws {
        #expect(problem(try drive(metres: 20, odometry: false)).contains("tools/map-drive"))
        #expect(problem(try drive(metres: 0.4)).contains("moved 0.40 m; drive at least"))
        #expect(problem(try drive(metres: 0.1, radians: 3)).contains("turned on the spot"))
        let blurred = problem(try drive(metres: 20, image: Self.pattern(blurredOver: 12)))
        #expect(blurred.contains("21 of 21 keyframes are too blurred; focus the camera"))
        var late = try drive(metres: 20)
        late.frameTimes = late.frameTimes.map { $0 + 3600 * Self.second }
        #expect(problem(late).contains("odometry is of 1.0 to 21.0 s, images of 3601.0 to 3621.0 s"))
    }

    // MARK: - Gaps

    @Test("Cuts that too few landmarks cross are gaps, unless a closed loop bridges them")
    func gaps() {
        let spans =
            [ClosedRange<Int>](repeating: 0...3, count: 30) + [ClosedRange<Int>](repeating: 4...9, count: 30)
            + [ClosedRange<Int>](repeating: 2...5, count: 7)
        #expect(DriveGaps.gaps(10, spans, []) == [DriveGaps.Gap(before: 3, landmarks: 7)])
        let bridge = ClosedLoop(earlier: 1, later: 8, laterFromEarlier: .identity)
        #expect(DriveGaps.gaps(10, spans, [bridge]).isEmpty)
        let within = ClosedLoop(earlier: 4, later: 8, laterFromEarlier: .identity)
        #expect(DriveGaps.gaps(10, spans, [within]).count == 1)
        #expect(DriveGaps.gaps(10, [], []).count == 9)
    }

    // MARK: - The graph

    /// Round a circle of 60 m of way, and as it looks when each step turns too much.
    private func loop() -> (truth: [RigidTransform], drifted: [RigidTransform], travelled: [Double]) {
        let steps = 60
        let truth = (0...steps).map { number in
            let angle = 2 * Double.pi * Double(number) / Double(steps)
            let turn = sineAndCosine(angle)
            return RigidTransform(
                rotation: Rotation(exp: Vector3(0, 0, angle)),
                translation: Vector3(turn.sine, 1 - turn.cosine, 0) * (Double(steps) / (2 * .pi)))
        }.map(\.inverse)
        var drifted = [truth[0]]
        let error = RigidTransform(exp: Twist(translation: Vector3(0.01, 0, 0), rotation: Vector3(0, 0, 0.001)))
        for (a, b) in zip(truth, truth.dropFirst()) {
            drifted.append(error * b * a.inverse * drifted[drifted.count - 1])
        }
        return (truth, drifted, (0...steps).map(Double.init))
    }

    private func worst(_ poses: [RigidTransform], _ truth: [RigidTransform]) -> Double {
        zip(poses, truth).map { ($0.originInSource - $1.originInSource).length }.max() ?? 0
    }

    @Test("A closed loop brings a drifted drive together, and one that is wrong does not bend it")
    func closure() {
        let (truth, drifted, travelled) = loop()
        let right = ClosedLoop(earlier: 0, later: 60, laterFromEarlier: truth[60] * truth[0].inverse)
        let near = ClosedLoop(earlier: 1, later: 60, laterFromEarlier: truth[60] * truth[1].inverse)
        let wrong = ClosedLoop(earlier: 10, later: 40, laterFromEarlier: .identity)
        func solved(_ closures: [ClosedLoop]) -> [RigidTransform] {
            PoseGraph(poses: drifted, closures: closures, positions: [:], travelled: travelled, drift: OdometryDrift())
                .solved(threads: 1)
        }
        #expect(worst(drifted, truth) > 0.5)
        let closed = solved([right, near])
        #expect(worst(closed, truth) < 0.4 * worst(drifted, truth))
        #expect(closed[0] == drifted[0])
        let disturbed = solved([right, near, wrong])
        #expect(worst(disturbed, closed) < 0.1)
        #expect(PoseGraph.held([right, near, wrong], by: disturbed) == [right, near])
    }

    @Test("What is seen again from farther down the street is no closed loop; a place come to again is one")
    func places() {
        func closure(_ metres: Double) -> ClosedLoop {
            let turned = Rotation(exp: Vector3(0, 0.2, 0))
            return ClosedLoop(
                earlier: 0, later: 40,
                laterFromEarlier: RigidTransform(rotation: turned, translation: turned * Vector3(0.5, 0, -metres)))
        }
        #expect(closure(1.5).isAtThePlace && closure(4.5).isAtThePlace)
        #expect(!closure(12).isAtThePlace && !closure(40).isAtThePlace)
        #expect(!ClosedLoop.mayClose(apart: 40, way: 40) && !ClosedLoop.mayClose(apart: 150, way: 200))
        #expect(ClosedLoop.mayClose(apart: 8, way: 60) && ClosedLoop.mayClose(apart: 60, way: 1000))
    }

    @Test("Closures that motions or positions contradict are let go of, also where they bear each other out")
    func plausibility() {
        let (truth, drifted, travelled) = loop()
        func closure(_ earlier: Int, _ later: Int, off: Vector3 = .zero) -> ClosedLoop {
            let motion = truth[later] * truth[earlier].inverse
            return ClosedLoop(
                earlier: earlier, later: later,
                laterFromEarlier: RigidTransform(rotation: motion.rotation, translation: motion.translation + off))
        }
        let right = [closure(0, 60), closure(1, 60), closure(0, 59)]
        // Of a front that looks the same elsewhere, and of the same lane a house further on.
        let elsewhere = [10, 11, 12].map {
            ClosedLoop(earlier: $0, later: $0 + 30, laterFromEarlier: .identity)
        }
        let further = [closure(0, 60, off: Vector3(2.5, 0, 0)), closure(1, 60, off: Vector3(2.5, 0, 0))]
        let open = PoseGraph(
            poses: drifted, closures: [], positions: [:], travelled: travelled, drift: OdometryDrift())
        let solved = open.solved(threads: 1)
        #expect(open.plausible(right + elsewhere, at: solved, threads: 2) == right)
        let positions = Dictionary(
            uniqueKeysWithValues: truth.enumerated().map {
                ($0, PositionMeasurement(position: $1.originInSource, sigma: Vector3(repeating: 1)))
            })
        let held = PoseGraph(
            poses: drifted, closures: [], positions: positions, travelled: travelled, drift: OdometryDrift())
        let placed = held.solved(threads: 1)
        #expect(held.plausible(right + further + elsewhere, at: placed, threads: 1) == right)
    }

    @Test("Positions with outliers hold a drifted drive")
    func positions() {
        let (truth, drifted, travelled) = loop()
        var random = SeededGenerator("graph positions")
        var measured: [Int: PositionMeasurement] = [:]
        for (index, pose) in truth.enumerated() {
            let noise = Vector3(random.nextGaussian(), random.nextGaussian(), random.nextGaussian()) * 0.1
            let outlier = index % 10 == 3 ? Vector3(20, -5, 3) : .zero
            measured[index] = PositionMeasurement(
                position: pose.originInSource + noise + outlier, sigma: Vector3(repeating: 0.1))
        }
        let graph = PoseGraph(
            poses: drifted, closures: [], positions: measured, travelled: travelled, drift: OdometryDrift())
        #expect(worst(graph.solved(threads: 1), truth) < 0.25)
        #expect(graph.solved(threads: 1) == graph.solved(threads: 3))
    }

    // MARK: - Odometry in the adjustment

    @Test("Odometry keeps the scale and the frame of images that know neither")
    func refinement() throws {
        let scene = try SyntheticScene(named: "odometry", images: 12, noise: 0.3)
        var random = SeededGenerator("odometry noise")
        var images = scene.images
        var way = 0.0
        for index in images.indices {
            if index > 0 {
                let (a, b) = (scene.images[index - 1].cameraFromMap, scene.images[index].cameraFromMap)
                let step = (b.originInSource - a.originInSource).length
                way += step
                let noise = Twist(
                    translation: Vector3(random.nextGaussian(), random.nextGaussian(), random.nextGaussian()) * 0.01,
                    rotation: Vector3(random.nextGaussian(), random.nextGaussian(), random.nextGaussian()) * 0.003)
                images[index].cameraFromMap =
                    RigidTransform(exp: noise) * b * a.inverse * images[index - 1].cameraFromMap
            }
            images[index].deadReckoning = DeadReckoning(
                cameraFromOdometry: images[index].cameraFromMap, travelled: way)
        }
        var (summary, options) = (MappingSummary(), MappingOptions())
        options.refinement = .ofDrive
        let map = MapBuilder(options: options, threads: 2).build(
            images, cameras: scene.cameras, network: MapBuilderTests.network, summary: &summary)
        let report = try #require(summary.refinement)
        #expect(report.isAccepted && report.warnings.isEmpty)
        let square = try #require(report.odometryChiSquare)
        #expect((0.05...1.5).contains(square))
        #expect(map.keyframes[0].cameraFromMap == images[0].cameraFromMap)
        func error(_ poses: [RigidTransform]) -> Double {
            zip(poses, scene.images).map { ($0.originInSource - $1.cameraFromMap.originInSource).length }.max() ?? 0
        }
        #expect(error(map.keyframes.map(\.cameraFromMap)) < 0.7 * error(images.map(\.cameraFromMap)))
    }
}
