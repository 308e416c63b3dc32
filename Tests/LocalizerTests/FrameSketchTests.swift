import Features
import Geometry
import Localizer
import Testing

@Suite("What became of a frame's keypoints")
struct FrameSketchTests {
    private let camera: Camera
    /// The landmark behind each keypoint, as the identity sees it.
    private let points = [Vector3(0, 0, 2), Vector3(0.4, 0, 2), Vector3(0, 0.4, 2), Vector3(-0.4, 0, 2)]

    init() throws {
        camera = try Camera(model: .pinhole, parameters: [100, 100, 31.5, 23.5], width: 64, height: 48)
    }

    /// Keypoints where the identity sees the points.
    private var keypoints: [Keypoint] {
        points.compactMap { camera.project($0) }.map { Keypoint(x: Float($0.x), y: Float($0.y), score: 1) }
    }

    private func match(_ keypoint: Int, off: Vector2 = .zero) throws -> Correspondence {
        let pixel = try #require(camera.project(points[keypoint])) + off
        return Correspondence(
            pixel: pixel, point: points[keypoint], landmark: UInt32(keypoint), keypoint: Int32(keypoint), quality: 1)
    }

    private func sketch(_ matches: [Correspondence], at pose: RigidTransform?, scale: Double = 1) -> FrameSketch {
        var sketch = FrameSketch(capacity: 8)
        sketch.take(
            keypoints, frameScale: scale, matches, camera: camera, inlierThreshold: 3, cameraFromMap: pose)
        return sketch
    }

    @Test("what the pose explains is an inlier, what it does not is a miss, the rest was not matched")
    func fates() throws {
        let matches = try [match(0), match(1, off: Vector2(2.9, 0)), match(2, off: Vector2(0, 3.1))]
        #expect(sketch(matches, at: .identity).fates == [.inlier, .inlier, .miss, .unmatched])
    }

    @Test("of several matches of a keypoint one that is right is enough, whichever comes first")
    func several() throws {
        let (right, wrong) = try (match(0), match(0, off: Vector2(30, 0)))
        #expect(sketch([right, wrong], at: .identity).fates[0] == .inlier)
        #expect(sketch([wrong, right], at: .identity).fates[0] == .inlier)
    }

    @Test("without a pose nothing is explained; nor is what lies behind the camera")
    func noPose() throws {
        #expect(sketch([try match(0)], at: nil).fates == [.miss, .unmatched, .unmatched, .unmatched])
        let behind = RigidTransform(rotation: .identity, translation: Vector3(0, 0, -5))
        #expect(sketch([try match(0)], at: behind).fates[0] == .miss)
    }

    @Test("keypoints are told in pixels of the frame, whose pixels' centres are whole numbers")
    func scaled() {
        // The centre of the first of the reduced pixels lies between the first two of the frame.
        let points = sketch([], at: nil, scale: 2).keypoints
        #expect(points[0].x == (31.5 + 0.5) * 2 - 0.5 && points[0].y == (23.5 + 0.5) * 2 - 0.5)
    }

    @Test("a match of a keypoint that is not there is passed over")
    func stray() throws {
        var stray = try match(0)
        stray.keypoint = 99
        #expect(sketch([stray], at: .identity).fates.allSatisfy { $0 == .unmatched })
    }
}
