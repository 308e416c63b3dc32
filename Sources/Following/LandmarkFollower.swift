package import Features
package import Geometry

/// Follows landmarks from the last picture that the network has seen, the learned one, through those that come after
/// it.
///
/// Patches always come from the learned picture, never from one in between: errors do not add up. First the camera is
/// moved until small patches of all landmarks agree at coarse levels (`ImageAlignment`), then each landmark's patch is
/// looked for by itself near where that puts it (`PatchSearch`). What is found is for a pose and for gates to judge.
///
/// One follower serves one thread; it allocates at its start only.
package final class LandmarkFollower {
    /// Of the last ``follow(from:thoroughly:)``: landmarks and where they were found; `keypoint` counts them.
    package private(set) var found: [Correspondence] = []
    /// The pose of the learned picture, `cameraFromMap`; nil if nothing is followed.
    package private(set) var reference: RigidTransform?

    private let camera: Camera
    private let most: Int
    private let kernels: PatchKernels
    private var learned: ImagePyramid
    private var current: ImagePyramid
    private var landmarks: [FollowedLandmark] = []
    private var spread: LandmarkSpread
    private var alignment = ImageAlignment()
    private let search = PatchSearch()

    /// Pixels from the picture's edge within which nothing is followed: half of a patch at the coarsest level of its
    /// search would be outside.
    private static let margin = 12.0

    /// Allocates everything: about 2.7 bytes a pixel, and 300 KB of patches. Nil if the machine has no such kernels.
    ///
    /// - Parameters:
    ///   - camera: of the pictures.
    ///   - most: landmarks that are followed.
    ///   - matches: most that they are chosen among.
    ///   - kernels: name of a table; nil: the fastest of the machine.
    package init?(camera: Camera, landmarks most: Int, matches: Int, kernels: String? = nil) {
        guard let kernels = PatchKernels(named: kernels) else { return nil }
        (self.camera, self.most, self.kernels) = (camera, most, kernels)
        learned = ImagePyramid(width: camera.width, height: camera.height)
        current = learned
        spread = LandmarkSpread(capacity: matches)
        landmarks.reserveCapacity(most)
        found.reserveCapacity(most)
    }

    /// Landmarks that are followed.
    package var count: Int { reference == nil ? 0 : landmarks.count }

    /// Nothing is followed any more.
    package func forget() { reference = nil }

    /// Takes a new picture: `write` puts it into an image of the camera's size.
    package func look(_ write: (inout GreyImage) -> Void) {
        write(&current.picture)
        precondition(current.picture.width == camera.width && current.picture.height == camera.height)
        current.halve(by: kernels)
    }

    /// The picture that was looked at last is the learned one from now on.
    ///
    /// - Parameters:
    ///   - matches: of that picture, which its pose explains; best first.
    ///   - pose: `cameraFromMap`.
    package func begin(from matches: [Correspondence], at pose: RigidTransform) {
        swap(&learned, &current)
        reference = pose
        landmarks.removeAll(keepingCapacity: true)
        spread.choose(among: matches, most: most, camera: camera)
        for index in spread.chosen {
            let match = matches[index]
            guard
                let landmark = FollowedLandmark(
                    match.landmark, match.point, cameraFromMap: pose, camera: camera),
                isInView(landmark.pixel)
            else { continue }
            landmarks.append(landmark)
        }
        alignment.begin(landmarks, in: learned, by: kernels)
    }

    /// Looks for the landmarks in the picture that was looked at last; ``found`` says where they are.
    ///
    /// - Parameters:
    ///   - predicted: `cameraFromMap` of that picture, some tens of pixels off at most.
    ///   - thoroughly: at twice the levels, for what the first two cannot bring into line.
    /// - Returns: `cameraFromMap` by the pictures as a whole, nil where too little of the learned one is in view.
    package func follow(from predicted: RigidTransform, thoroughly: Bool) -> RigidTransform? {
        found.removeAll(keepingCapacity: true)
        guard let reference else { return nil }
        let moved = predicted * reference.inverse
        guard
            let aligned = alignment.align(
                from: moved, landmarks, in: current, levels: thoroughly ? 1...4 : 3...4, camera: camera, by: kernels)
        else { return nil }
        let rotation = aligned.rotation.matrix
        for landmark in landmarks {
            guard let seen = landmark.seen(by: camera, from: aligned, rotation), seen.pixel.isFinite,
                let pixel = search.find(
                    landmark.pixel, of: learned, warp: seen.warp, near: seen.pixel, in: current, by: kernels)
            else { continue }
            found.append(
                Correspondence(
                    pixel: pixel, point: landmark.point, landmark: landmark.landmark, keypoint: Int32(found.count),
                    quality: 1))
        }
        return aligned * reference
    }

    /// How many of the followed landmarks a pose puts into the picture.
    package func countInView(at cameraFromMap: RigidTransform) -> Int {
        var count = 0
        forEachInView(at: cameraFromMap) { _ in count += 1 }
        return count
    }

    /// Calls `body` with where a pose puts each landmark that it puts into the picture.
    package func forEachInView(at cameraFromMap: RigidTransform, _ body: (Vector2) -> Void) {
        for landmark in landmarks {
            guard let pixel = camera.project(cameraFromMap * landmark.point), isInView(pixel) else { continue }
            body(pixel)
        }
    }

    private func isInView(_ pixel: Vector2) -> Bool {
        pixel.x > Self.margin && pixel.y > Self.margin && pixel.x < Double(camera.width - 1) - Self.margin
            && pixel.y < Double(camera.height - 1) - Self.margin
    }
}
