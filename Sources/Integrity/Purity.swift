public import Features
public import Geometry

/// How cleanly the matches around a pose's projections agree with it: of those that a wide search finds, the share that
/// a narrow one would keep.
///
/// Inliers that are counted after a search as narrow as their threshold agree by construction. In a wide one the
/// matches of a mirrored, repeated or torn picture scatter, and those of a right pose do not.
public struct Purity: Equatable, Sendable {
    /// Pixels of the network's input within which a match agrees.
    public static let near = 3.0
    /// Pixels within which ``init(of:at:camera:)`` expects the matches to have been looked for.
    public static let wide = 24.0

    /// Matches that agree.
    public var agreeing = 0
    /// Matches that were found.
    public var matches = 0

    /// Share of the matches that agree, 0...1; 0 where there is none. To be held against what the place's own keyframes
    /// give (`MapQuality`): a place with repetition has less.
    public var ratio: Double { matches > 0 ? Double(agreeing) / Double(matches) : 0 }

    /// - Parameters:
    ///   - correspondences: guided matches within ``wide`` of their projections.
    ///   - cameraFromMap: the refined pose; the matches may have been found from one nearby.
    ///   - camera: of the image that the pixels are in.
    public init(of correspondences: [Correspondence], at cameraFromMap: RigidTransform, camera: Camera) {
        matches = correspondences.count
        for c in correspondences {
            guard let pixel = camera.project(cameraFromMap * c.point) else { continue }
            if (pixel - c.pixel).lengthSquared <= Self.near * Self.near { agreeing += 1 }
        }
    }
}
