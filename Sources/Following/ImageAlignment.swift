internal import CKernels
internal import Geometry
internal import Kernels

/// Finds how the camera moved from the learned picture to another by the pictures themselves: small patches of many
/// landmarks at once, of coarse levels, with one gain and one bias for all; inverse compositional (Forster et al.,
/// "SVO", T-RO 2017; Baker and Matthews, "Lucas-Kanade 20 years on", IJCV 2004). Bridges what a prediction is off by,
/// tens of pixels; what remains is for ``PatchSearch``.
@safe struct ImageAlignment {
    /// Most patches.
    static let patches = 150
    private static let side = Int32(HF_PATCH_COARSE)
    private static let fewest = 12
    private static let iterations = 10
    /// A step is none below this: radians, and metres over the landmarks' mean depth.
    private static let still = 6e-5

    private let memory: AlignedMemory
    private let templates: UnsafeMutablePointer<hf_patch>
    private var moments: [PatchMoments]
    private var residuals: [PatchResiduals]
    private var isSeen: [Bool]
    private var count = 0
    private var depth = 1.0

    /// Allocates everything.
    init() {
        let count = Self.patches * ImagePyramid.levels
        memory = AlignedMemory(count: count * MemoryLayout<hf_patch>.stride)
        unsafe templates = memory.pointer(0, count: count, of: hf_patch.self)
        moments = Array(repeating: PatchMoments(), count: count)
        residuals = Array(repeating: PatchResiduals(), count: Self.patches)
        isSeen = Array(repeating: false, count: Self.patches)
    }

    /// Takes the first landmarks' patches out of the learned picture.
    mutating func begin(_ landmarks: [FollowedLandmark], in reference: ImagePyramid, by kernels: PatchKernels) {
        count = min(landmarks.count, Self.patches)
        depth = landmarks.prefix(count).reduce(0) { $0 + $1.pointInCamera.length } / Double(max(count, 1))
        for level in 1..<ImagePyramid.levels {
            for index in 0..<count {
                let slot = level * Self.patches + index
                let patch = unsafe templates + slot
                let isTaken = unsafe kernels.take(
                    patch, side: Self.side, from: reference.images[level],
                    at: landmarks[index].pixel.inLevel(level), warp: .identity)
                unsafe patch.pointee.side = isTaken ? Self.side : 0
                moments[slot] = unsafe PatchMoments(patch.pointee.moments, side: patch.pointee.side)
            }
        }
    }

    /// Moves the camera to where the pictures agree, level after level. Nil where too few patches are in view.
    ///
    /// - Parameters:
    ///   - predicted: the camera in which a point is, from the camera of the learned picture.
    ///   - landmarks: those that it began with.
    ///   - picture: the other picture.
    ///   - levels: from coarse to fine, 4...1.
    ///   - camera: of both.
    ///   - kernels: of patches.
    mutating func align(
        from predicted: RigidTransform, _ landmarks: [FollowedLandmark], in picture: ImagePyramid,
        levels: ClosedRange<Int>, camera: Camera, by kernels: PatchKernels
    ) -> RigidTransform? {
        var (pose, light) = (predicted, Brightness())
        for level in levels.reversed() {
            for _ in 0..<Self.iterations {
                guard let error = hold(landmarks, at: pose, light, in: picture, level, camera, kernels),
                    let step = equations(landmarks, level, cut: 3 * error).solve()
                else { return nil }
                let move = Vector3(step[0], step[1], step[2])
                let turn = Vector3(step[3], step[4], step[5])
                pose = pose * RigidTransform(exp: Twist(translation: move * -1, rotation: turn * -1))
                light.gain = min(max(light.gain + step[6], Self.gains.lowerBound), Self.gains.upperBound)
                light.bias += step[7]
                if move.length + depth * turn.length < Self.still * depth { break }
            }
        }
        return pose
    }

    private static let gains = 0.1...10.0

    /// Holds every patch that is in view against the picture; their mean root mean square, grey levels. Nil where they
    /// are too few.
    private mutating func hold(
        _ landmarks: [FollowedLandmark], at pose: RigidTransform, _ light: Brightness, in picture: ImagePyramid,
        _ level: Int, _ camera: Camera, _ kernels: PatchKernels
    ) -> Double? {
        var (seen, sum) = (0, 0.0)
        for index in 0..<count {
            isSeen[index] = false
            let slot = level * Self.patches + index
            guard moments[slot].count > 0, let pixel = camera.project(pose * landmarks[index].pointInCamera),
                pixel.isFinite,
                let held = unsafe kernels.hold(
                    templates + slot, against: picture.images[level], at: pixel.inLevel(level))
            else { continue }
            residuals[index] = PatchResiduals(held.sums, moments[slot], light)
            isSeen[index] = true
            seen += 1
            sum += residuals[index].meanSquare.squareRoot()
        }
        return seen >= Self.fewest ? sum / Double(seen) : nil
    }

    /// Of the patches that were held last; one whose root mean square is above the cut has no weight (Tukey).
    private func equations(_ landmarks: [FollowedLandmark], _ level: Int, cut: Double) -> AlignmentEquations {
        var equations = AlignmentEquations()
        let scale = 1 / Double(1 << level)
        for index in 0..<count where isSeen[index] {
            let weight = RobustLoss.tukey(scale: max(cut, 1)).weight(residuals[index].meanSquare)
            guard weight > 0 else { continue }
            equations.add(
                landmarks[index], scale: scale, moments[level * Self.patches + index], residuals[index], weight: weight)
        }
        return equations
    }
}

extension Vector2 {
    /// The same place in a level of a pyramid.
    func inLevel(_ level: Int) -> Vector2 { (self + 0.5) / Double(1 << level) - 0.5 }
    /// The place in the picture of one in a level.
    func fromLevel(_ level: Int) -> Vector2 { (self + 0.5) * Double(1 << level) - 0.5 }
}
