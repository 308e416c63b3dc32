import CAllocationCounter
import Features
import Following
import Geometry
import TestSupport
import Testing

@Suite("Landmarks that are followed from one picture to another", .serialized)
struct LandmarkFollowerTests {
    private let plane: TexturedPlane
    private let follower: LandmarkFollower
    /// Forward, aside and turned: landmarks move by 15 pixels.
    private let moved = RigidTransform(
        exp: Twist(translation: Vector3(0.05, -0.02, -0.3), rotation: Vector3(0.01, -0.03, 0.02)))

    init() throws {
        plane = try TexturedPlane("followed")
        follower = try plane.follower()
    }

    /// Follows into what a pose sees from a prediction; what was found, and by how much, in rising order.
    private func follow(
        _ picture: GreyImage, at truth: RigidTransform, from predicted: RigidTransform = .identity,
        thoroughly: Bool = false
    ) throws -> (pose: RigidTransform, errors: [Double]) {
        follower.look { $0 = picture }
        let pose = try #require(follower.follow(from: predicted, thoroughly: thoroughly))
        return (pose, plane.errors(follower.found, at: truth))
    }

    @Test("are found to a few hundredths of a pixel where the camera was moved and turned")
    func accuracy() throws {
        let (_, errors) = try follow(plane.picture(from: moved), at: moved)
        #expect(errors.count >= follower.countInView(at: moved) * 9 / 10)
        #expect(errors[errors.count / 2] < 0.03)
        #expect(errors[errors.count * 95 / 100] < 0.1)
    }

    @Test("are found by parts of a pixel", arguments: [0.0, 0.1, 0.25, 0.5, 0.75, 1.0])
    func subpixel(shift: Double) throws {
        let aside = RigidTransform(
            rotation: .identity, translation: Vector3(shift * TexturedPlane.depth / 300, 0, 0))
        let (_, errors) = try follow(plane.picture(from: aside), at: aside)
        #expect(errors.count > 150)
        #expect(errors[errors.count / 2] < 0.02)
    }

    @Test("are found whatever the exposure", arguments: [(0.5, 0.0), (0.45, 60.0), (1.3, -40.0)])
    func exposure(gain: Double, bias: Double) throws {
        let picture = plane.picture(from: moved) { $0 * gain + bias }
        let (_, errors) = try follow(picture, at: moved)
        #expect(errors.count > 120)
        #expect(errors[errors.count / 2] < 0.05)
    }

    @Test("behind something else are not found, and the others are as well as ever")
    func occluder() throws {
        let other = try TexturedPlane("occluder").picture(from: .identity)
        var picture = plane.picture(from: moved)
        for y in 0..<240 { for x in 0..<100 { picture[x, y] = other[x, y] } }
        let (_, errors) = try follow(picture, at: moved)
        let wrong = errors.count { $0 > 1 }
        #expect(errors.count - wrong > 80)
        // A patch that is like one of the other picture by chance.
        #expect(wrong * 5 < errors.count)
        #expect(errors[(errors.count - wrong) / 2] < 0.05)
    }

    @Test("are not found in another picture")
    func foreign() throws {
        let other = try TexturedPlane("another").picture(from: .identity)
        follower.look { $0 = other }
        guard let pose = follower.follow(from: .identity, thoroughly: true) else { return }
        let agreeing = plane.errors(follower.found, at: pose).count { $0 < 1 }
        #expect(agreeing < follower.count / 5)
    }

    @Test("are found from a prediction that is tens of pixels off", arguments: [-20.0, 10.0, 20.0])
    func wrongPrediction(pixels: Double) throws {
        let wrong = RigidTransform(
            exp: Twist(translation: .zero, rotation: Vector3(0, pixels / 300, 0)))
        let (_, errors) = try follow(plane.picture(from: moved), at: moved, from: wrong * moved, thoroughly: true)
        #expect(errors.count > 120)
        #expect(errors[errors.count / 2] < 0.03)
    }

    @Test("are the same to the last bit by all kernels of the machine")
    func kernels() throws {
        let scalar = try plane.follower(kernels: "scalar")
        let picture = plane.picture(from: moved)
        for one in [scalar, follower] { one.look { $0 = picture } }
        let (a, b) = (
            scalar.follow(from: .identity, thoroughly: true), follower.follow(from: .identity, thoroughly: true)
        )
        #expect(a != nil && a == b)
        #expect(scalar.found.map(\.pixel) == follower.found.map(\.pixel))
    }

    @Test("cost no allocation")
    func allocations() throws {
        let picture = plane.picture(from: moved)
        let matches = plane.matches(at: .identity)
        hf_allocations_begin()
        follower.look { image in for index in picture.pixels.indices { image.pixels[index] = picture.pixels[index] } }
        let pose = follower.follow(from: .identity, thoroughly: true)
        follower.begin(from: matches, at: .identity)
        let allocations = hf_allocations_end()
        #expect(pose != nil)
        #expect(allocations == 0)
    }

    @Test("lie spread over the picture where there are more than are followed")
    func spread() throws {
        let few = try plane.follower(landmarks: 60)
        few.look { $0 = plane.picture(from: .identity) }
        _ = few.follow(from: .identity, thoroughly: false)
        let cells = Set(few.found.map { Int($0.pixel.x / 80) * 10 + Int($0.pixel.y / 80) })
        #expect(few.count <= 60)
        #expect(cells.count == 12)
    }

    @Test("nothing is followed once it is forgotten")
    func forgotten() {
        follower.forget()
        #expect(follower.follow(from: .identity, thoroughly: false) == nil)
        #expect(follower.found.isEmpty)
        #expect(follower.count == 0)
    }
}
