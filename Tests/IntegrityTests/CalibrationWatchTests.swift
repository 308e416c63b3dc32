import CAllocationCounter
import Features
import Geometry
import GeometryFixtures
import Integrity
import TestSupport
import Testing

@Suite("The watch on the calibration")
struct CalibrationWatchTests {
    private let camera: Camera
    /// Of a good frame: .4 % of the focal length, and a pixel and a half.
    private let good = Matrix3(diagonal: Vector3(0.004 * 0.004, 2.25, 2.25))
    /// A wall seen head-on: the focal length is open.
    private let wall = Matrix3(diagonal: Vector3(0.034 * 0.034, 2.25, 2.25))

    init() throws {
        camera = try Camera(model: .pinhole, parameters: [400, 400, 319.5, 239.5], width: 640, height: 480)
    }

    /// A hundred landmarks of a frame's own.
    private func landmarks(of frame: Int) -> [Correspondence] {
        (0..<100).map {
            Correspondence(pixel: .zero, point: .zero, landmark: UInt32(100 * frame + $0), keypoint: 0, quality: 0)
        }
    }

    private func sample(
        _ truth: FreeCamera, _ covariance: Matrix3, _ random: inout SeededGenerator
    ) -> FreeCamera {
        let d = covariance.diagonal.squareRoot()
        return FreeCamera(
            logFocal: truth.logFocal + d.x * random.normal(),
            shift: truth.shift + Vector2(d.y * random.normal(), d.z * random.normal()))
    }

    /// Frames until the watch contradicts; nil if it does not within so many.
    private func framesToContradict(
        _ truth: FreeCamera, _ covariance: Matrix3, seed: UInt64, most: Int
    ) -> Int? {
        var random = SeededGenerator(seed: seed)
        var watch = CalibrationWatch(camera: camera)
        for frame in 0..<most {
            watch.observe(sample(truth, covariance, &random), covariance: covariance, from: landmarks(of: frame))
            if watch.contradicts { return frame + 1 }
        }
        return nil
    }

    @Test("a lens that is 2 % longer is named within five frames, 5 % in the first")
    func wrong() {
        for seed in 1...100 as ClosedRange<UInt64> {
            let two = framesToContradict(FreeCamera(logFocal: 0.02, shift: .zero), good, seed: seed, most: 5)
            #expect(two != nil, "seed \(seed)")
            #expect(framesToContradict(FreeCamera(logFocal: 0.05, shift: .zero), good, seed: seed, most: 1) == 1)
            let centre = FreeCamera(logFocal: 0, shift: Vector2(-20, 0))
            #expect(framesToContradict(centre, good, seed: seed, most: 1) == 1)
        }
    }

    @Test("of a thousand right cameras at most five are accused within fifty frames")
    func right() {
        let accused = (1...1000 as ClosedRange<UInt64>).count {
            framesToContradict(FreeCamera(), good, seed: $0, most: 50) != nil
        }
        #expect(accused <= 5)
    }

    @Test("before a wall the focal length is open, and nobody is accused; a street beside it settles it")
    func unobservable() {
        let longer = FreeCamera(logFocal: 0.03, shift: .zero)
        var random = SeededGenerator(seed: 5)
        var watch = CalibrationWatch(camera: camera)
        for frame in 0..<4 {
            watch.observe(sample(longer, wall, &random), covariance: wall, from: landmarks(of: frame))
        }
        #expect(!watch.contradicts)
        for frame in 4..<7 {
            watch.observe(sample(longer, good, &random), covariance: good, from: landmarks(of: frame))
        }
        #expect(watch.contradicts)
    }

    @Test("a camera that stands is no more sure after a thousand frames than its landmarks allow")
    func standing() throws {
        var watch = CalibrationWatch(camera: camera)
        // An error that all frames share: two standard deviations.
        let biased = FreeCamera(logFocal: 0.008, shift: .zero)
        for _ in 0..<100 { watch.observe(biased, covariance: good, from: landmarks(of: 0)) }
        #expect(!watch.contradicts)
        #expect(try #require(watch.deviations).x > 0.0015)
    }

    @Test("one frame that contradicts all others is not believed")
    func outlier() {
        var random = SeededGenerator(seed: 7)
        var watch = CalibrationWatch(camera: camera)
        for frame in 0..<10 {
            watch.observe(sample(FreeCamera(), good, &random), covariance: good, from: landmarks(of: frame))
        }
        let wild = FreeCamera(logFocal: 0.2, shift: Vector2(60, 0))
        watch.observe(wild, covariance: good, from: landmarks(of: 10))
        #expect(!watch.contradicts)
    }

    @Test("a lens that is set right again is forgiven")
    func forgiven() {
        var random = SeededGenerator(seed: 8)
        var watch = CalibrationWatch(camera: camera)
        for frame in 0..<10 {
            let longer = FreeCamera(logFocal: 0.05, shift: .zero)
            watch.observe(sample(longer, good, &random), covariance: good, from: landmarks(of: frame))
        }
        #expect(watch.contradicts)
        var frames = 0
        while watch.contradicts, frames < 2000 {
            watch.observe(
                sample(FreeCamera(), good, &random), covariance: good, from: landmarks(of: 10 + frames))
            frames += 1
        }
        #expect(!watch.contradicts)
    }

    @Test("what a camera file states of its own uncertainty is taken off")
    func stated() {
        let longer = FreeCamera(logFocal: 0.03, shift: .zero)
        let unsure = Matrix3(diagonal: Vector3(0.02 * 0.02, 100, 100))
        var believes = CalibrationWatch(camera: camera, given: unsure)
        var knows = CalibrationWatch(camera: camera)
        for frame in 0..<5 {
            believes.observe(longer, covariance: good, from: landmarks(of: frame))
            knows.observe(longer, covariance: good, from: landmarks(of: frame))
        }
        #expect(knows.contradicts && !believes.contradicts)
    }

    @Test("what is no number is left out, and nothing is allocated")
    func robust() {
        var watch = CalibrationWatch(camera: camera)
        watch.observe(FreeCamera(logFocal: .nan, shift: .zero), covariance: good, from: [])
        watch.observe(FreeCamera(), covariance: .zero, from: [])
        #expect(watch.memory.count == 0 && watch.mean == nil)
        let all = landmarks(of: 3)
        watch.observe(FreeCamera(), covariance: good, from: all)
        hf_allocations_begin()
        for _ in 0..<10 { watch.observe(FreeCamera(), covariance: good, from: all) }
        #expect(hf_allocations_end() == 0)
    }

    @Test("the words: the number, its deviation, the direction, the file; in pixels of the file")
    func words() throws {
        var watch = CalibrationWatch(camera: camera)
        #expect(watch.verdict == nil)
        for frame in 0..<30 {
            watch.observe(
                FreeCamera(logFocal: 0.05, shift: Vector2(-10, 0)), covariance: good, from: landmarks(of: frame))
        }
        let verdict = try #require(watch.verdict).scaled(by: 2)
        #expect(verdict.contradicts && verdict.frames == 30)
        #expect(
            verdict.text(file: "/etc/hfloc/cam0.camera.yaml")
                == "the focal length seems 5.1 +- 0.2 % longer, the principal point seems 20 +- 1 px further left than "
                + "cam0.camera.yaml says: another lens, focus or resolution? Or the map was built with a wrong camera")
    }
}
