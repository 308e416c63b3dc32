import Features
import Geometry
import Mapping
import ReferenceMap
import TestSupport
import Testing

/// A map from poses that are off by a known size, of a scene whose truth is known.
@Suite("Refining poses")
struct PoseRefinementTests {
    private func build(
        _ images: [ExtractedImage], _ scene: SyntheticScene, refinement: RefinementOptions?, threads: Int = 2
    ) -> (map: MapContents, summary: MappingSummary) {
        var (summary, options) = (MappingSummary(), MappingOptions())
        options.refinement = refinement
        let map = MapBuilder(options: options, threads: threads).build(
            images, cameras: scene.cameras, network: MapBuilderTests.network, summary: &summary)
        return (map, summary)
    }

    private func disturbed(
        _ scene: SyntheticScene, metres: Double, degrees: Double, named name: String
    ) -> [ExtractedImage] {
        var random = SeededGenerator(name)
        func vector(_ size: Double) -> Vector3 {
            Vector3(random.nextGaussian(), random.nextGaussian(), random.nextGaussian()) * size
        }
        return scene.images.map { image in
            var image = image
            let centre = image.cameraFromMap.originInSource + vector(metres)
            let rotation = Rotation(exp: vector(degrees * .pi / 180)) * image.cameraFromMap.rotation
            image.cameraFromMap = RigidTransform(rotation: rotation, translation: -(rotation * centre))
            return image
        }
    }

    private func stated(_ metres: Double?, _ degrees: Double?) -> RefinementOptions {
        RefinementOptions(
            uncertainty: PoseUncertainty(position: metres, rotation: degrees.map { $0 * .pi / 180 }))
    }

    /// Median distance of the keyframes from where the scene has them.
    private func error(_ map: MapContents, _ scene: SyntheticScene) -> Double {
        zip(map.keyframes, scene.images).map {
            ($0.cameraFromMap.originInSource - $1.cameraFromMap.originInSource).length
        }.sorted()[scene.images.count / 2]
    }

    @Test("undoes rotations that are a degree off")
    func rotations() throws {
        let scene = try SyntheticScene(named: "refine rotations", noise: 0.3)
        let images = disturbed(scene, metres: 0.0005, degrees: 1, named: "rotations")
        let given = build(images, scene, refinement: nil)
        let refined = build(images, scene, refinement: stated(0.0005, 1))
        #expect(refined.summary.verifiedMatches > given.summary.verifiedMatches)
        #expect(refined.summary.meanReprojectionError < given.summary.meanReprojectionError)
        // What all share about the line on which the cameras stand is open.
        let turns = zip(refined.map.keyframes, scene.images).map {
            $0.cameraFromMap.rotation * $1.cameraFromMap.rotation.inverse
        }
        for turn in turns { #expect((turn * turns[0].inverse).angle < 0.15 * .pi / 180) }
        let report = try #require(refined.summary.refinement)
        #expect(report.isAccepted && report.epipolarDistance.refined < report.epipolarDistance.given)
    }

    @Test("makes positions that are 10 cm off more exact")
    func positions() throws {
        let scene = try SyntheticScene(named: "refine positions", images: 12, noise: 0.3)
        let images = disturbed(scene, metres: 0.1, degrees: 0.2, named: "positions")
        let refined = build(images, scene, refinement: stated(0.1, 0.2))
        #expect(error(refined.map, scene) < 0.1)
        #expect(error(refined.map, scene) < 0.7 * error(build(images, scene, refinement: nil).map, scene))
        let report = try #require(refined.summary.refinement)
        let square = try #require(report.positionChiSquare)
        #expect((0.25...2).contains(square))
        #expect(report.warnings.isEmpty)
    }

    @Test("says when what was stated is three times too small, and three times too large", arguments: [0.333, 3])
    func misstated(factor: Double) throws {
        let scene = try SyntheticScene(named: "misstated", images: 12, noise: 0.3)
        let images = disturbed(scene, metres: 0.1, degrees: 1, named: "misstated poses")
        let refined = build(images, scene, refinement: stated(0.1 * factor, factor))
        let report = try #require(refined.summary.refinement)
        #expect(report.warnings.contains { $0.contains(factor < 1 ? "are wrong" : "more exact") }, "\(report.warnings)")
    }

    @Test("of exact poses keeps them")
    func exact() throws {
        let scene = try SyntheticScene(named: "exact poses", noise: 0.3)
        let refined = build(scene.images, scene, refinement: stated(0.05, 0.1))
        let report = try #require(refined.summary.refinement)
        #expect(!report.isAccepted)
        #expect(refined.map.keyframes.map(\.cameraFromMap) == scene.images.map(\.cameraFromMap))
    }

    @Test("goes from the widest tolerance to the last where poses fit already, and step by step where they do not")
    func tolerances() throws {
        let scene = try SyntheticScene(named: "tolerances", images: 12, noise: 0.3)
        func steps(_ images: [ExtractedImage]) -> [Int] {
            var (summary, options, steps) = (MappingSummary(), MappingOptions(), [Int]())
            options.refinement = stated(0.1, 0.2)
            _ = MapBuilder(options: options, threads: 1) { stage, done, _ in
                if stage == .refinement { steps.append(done) }
            }.build(images, cameras: scene.cameras, network: MapBuilderTests.network, summary: &summary)
            return steps
        }
        #expect(steps(scene.images) == [2, 3])
        #expect(steps(disturbed(scene, metres: 0.1, degrees: 0.2, named: "tolerances off")) == [1, 2, 3])
    }

    @Test("follows measured positions, but not one that is far off")
    func measurements() throws {
        let scene = try SyntheticScene(named: "measured", images: 12, noise: 0.3)
        var random = SeededGenerator("measurements")
        var images = scene.images
        for index in images.indices {
            // Exact to each other, in another unit: the images cannot tell.
            let rotation = images[index].cameraFromMap.rotation
            let truth = images[index].cameraFromMap.originInSource
            images[index].cameraFromMap.translation = -(rotation * truth) * 1.05
            let error = Vector3(random.nextGaussian(), random.nextGaussian(), random.nextGaussian()) * 0.02
            images[index].measurement = PositionMeasurement(
                position: truth + error + (index == 3 ? Vector3(3, 0, -2) : .zero), sigma: Vector3(repeating: 0.02))
        }
        let refined = build(images, scene, refinement: RefinementOptions(uncertainty: .unknown))
        let report = try #require(refined.summary.refinement)
        #expect(report.isAccepted && report.measuredCost.refined < 0.5 * report.measuredCost.given)
        #expect(error(build(images, scene, refinement: nil).map, scene) > 0.1)
        #expect(error(refined.map, scene) < 0.025)
    }

    @Test("leaves images that are stated to be exact where they are")
    func anchors() throws {
        let scene = try SyntheticScene(named: "anchors", noise: 0.3)
        var images = disturbed(scene, metres: 0.05, degrees: 0.5, named: "anchor poses")
        for anchor in [0, 7] {
            images[anchor].cameraFromMap = scene.images[anchor].cameraFromMap
            images[anchor].uncertainty = .exact
        }
        let map = build(images, scene, refinement: stated(0.05, 0.5)).map
        for anchor in [0, 7] { #expect(map.keyframes[anchor].cameraFromMap == scene.images[anchor].cameraFromMap) }
        #expect(map.keyframes[3].cameraFromMap != images[3].cameraFromMap)
    }

    @Test("gives the same map for any number of threads")
    func threads() throws {
        let scene = try SyntheticScene(named: "threads", noise: 0.3)
        let images = disturbed(scene, metres: 0.05, degrees: 0.5, named: "thread poses")
        let alone = build(images, scene, refinement: stated(0.05, 0.5), threads: 1).map
        let many = build(images, scene, refinement: stated(0.05, 0.5), threads: 5).map
        #expect(alone.landmarks == many.landmarks)
        #expect(alone.keyframes.map(\.cameraFromMap) == many.keyframes.map(\.cameraFromMap))
        #expect(alone.keyframes.map(\.landmarks) == many.keyframes.map(\.landmarks))
    }
}
