public import Features
public import Geometry
internal import LocalizationOptions

/// What a frame was recognized by, for a picture of it: memory that one frame after another is written into.
public struct FrameSketch: Sendable {
    /// In pixels of the frame, best first.
    public private(set) var keypoints: [Keypoint] = []
    /// Of the frame's last matching.
    public private(set) var correspondences: [Correspondence] = []
    /// The camera of the network's input; nil before the first frame.
    public private(set) var camera: Camera?
    /// Largest reprojection error of an inlier, pixels of the network's input.
    public private(set) var inlierThreshold = 0.0
    /// nil: none was found.
    public private(set) var cameraFromMap: RigidTransform?

    /// Allocates memory for so many keypoints.
    public init(capacity: Int) {
        keypoints.reserveCapacity(capacity)
        correspondences.reserveCapacity(capacity)
    }

    /// What became of a keypoint.
    public enum Fate: Sendable {
        /// The pose explains its match.
        case inlier
        /// It was matched, and the pose puts the landmark elsewhere; or there is no pose.
        case miss
        /// It was matched with nothing.
        case unmatched
    }

    /// The fate of each keypoint. Allocates.
    public var fates: [Fate] {
        var fates = [Fate](repeating: .unmatched, count: keypoints.count)
        for match in correspondences {
            guard fates.indices.contains(Int(match.keypoint)) else { continue }
            // A keypoint may have been matched with several landmarks: one that is right is enough.
            if isExplained(match) {
                fates[Int(match.keypoint)] = .inlier
            } else if fates[Int(match.keypoint)] == .unmatched {
                fates[Int(match.keypoint)] = .miss
            }
        }
        return fates
    }

    private func isExplained(_ match: Correspondence) -> Bool {
        guard let camera, let cameraFromMap, let pixel = camera.project(cameraFromMap * match.point) else {
            return false
        }
        return (pixel - match.pixel).lengthSquared <= inlierThreshold * inlierThreshold
    }

    /// What this frame was recognized by; allocates nothing within the capacity.
    ///
    /// - Parameters:
    ///   - keypoints: of the frame, in pixels of the network's input.
    ///   - frameScale: pixels of the frame in one of those.
    ///   - correspondences: of its last matching.
    ///   - camera: of the network's input.
    ///   - inlierThreshold: pixels of it.
    ///   - cameraFromMap: the pose that was found.
    package mutating func take(
        _ keypoints: [Keypoint], frameScale: Double, _ correspondences: [Correspondence], camera: Camera,
        inlierThreshold: Double, cameraFromMap: RigidTransform?
    ) {
        let scale = Float(frameScale)
        self.keypoints.removeAll(keepingCapacity: true)
        for point in keypoints {
            self.keypoints.append(
                Keypoint(
                    x: (point.x + 0.5) * scale - 0.5, y: (point.y + 0.5) * scale - 0.5, score: point.score))
        }
        self.correspondences.removeAll(keepingCapacity: true)
        self.correspondences.append(contentsOf: correspondences)
        (self.camera, self.inlierThreshold, self.cameraFromMap) = (camera, inlierThreshold, cameraFromMap)
    }
}

extension Localizer {
    /// Writes down what the frame that was answered last was recognized by. Copies; allocates nothing within the
    /// sketch's capacity.
    public func sketch(of result: Localization, into sketch: inout FrameSketch) {
        // A frame that was turned away before it was matched has left what was matched before it.
        sketch.take(
            features.keypoints, frameScale: frameScale, result.matches > 0 ? correspondences : [], camera: camera,
            inlierThreshold: options.inlierThreshold, cameraFromMap: result.cameraFromMap)
    }
}
