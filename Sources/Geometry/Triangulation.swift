/// A landmark's observation by a camera of known pose.
public struct PointObservation: Sendable {
    /// Where the landmark was seen, pixels of `camera`'s image, distortion included.
    public var pixel: Vector2
    /// The intrinsics of the camera that saw it.
    public var camera: Camera
    /// Where that camera was, taken as exact.
    public var cameraFromMap: RigidTransform

    /// A landmark was seen at a pixel of a camera with a known pose.
    public init(pixel: Vector2, camera: Camera, cameraFromMap: RigidTransform) {
        self.pixel = pixel
        self.camera = camera
        self.cameraFromMap = cameraFromMap
    }

    /// Reprojection error of a point of the map, pixels; nil when the camera cannot see the point.
    public func residual(_ point: Vector3) -> Vector2? {
        camera.project(cameraFromMap * point).map { $0 - pixel }
    }
}

/// A landmark's position with how far its observations determine and contradict it.
public struct TriangulatedPoint: Sendable {
    /// Where its observations agree best, map frame, metres.
    public var position: Vector3
    /// Largest of the reprojection errors' norms, pixels.
    public var largestReprojectionError: Double
    /// Largest angle between two rays, radians.
    public var angle: Double
}

/// Points from the rays of several cameras.
public enum Triangulation {
    /// The point nearest to all rays in the sense of least squares (the midpoint, for two): linear, needs no start.
    ///
    /// Each ray counts with the inverse square of its distance to a first such point, so that the error minimized is
    /// close to an angle. Nil for fewer than two rays, nearly parallel rays (under about 1e-5 rad), or a point behind
    /// a camera.
    /// - Parameters:
    ///   - centres: the cameras' positions in the map.
    ///   - directions: unit vectors of the rays in the map.
    public static func midpoint(centres: [Vector3], directions: [Vector3]) -> Vector3? {
        precondition(centres.count == directions.count, "Triangulation: as many centres as directions")
        guard centres.count >= 2, var point = nearest(centres, directions, { _ in 1 }) else { return nil }
        for _ in 0..<2 {
            let start = point
            guard let next = nearest(centres, directions, { 1 / max((start - centres[$0]).lengthSquared, 1e-12) })
            else { return nil }
            point = next
        }
        let found = point
        let isInFront = centres.indices.allSatisfy { (found - centres[$0]).dot(directions[$0]) > 0 }
        return found.isFinite && isInFront ? found : nil
    }

    private static func nearest(
        _ centres: [Vector3], _ directions: [Vector3], _ weight: (Int) -> Double
    ) -> Vector3? {
        // Relative to the first centre: maps may be far from the origin.
        let origin = centres[0]
        var (a, b, total) = (Matrix3.zero, Vector3.zero, 0.0)
        for i in centres.indices {
            let w = weight(i)
            let p = (Matrix3.identity - Matrix3(outer: directions[i], directions[i])) * w
            a = a + p
            b += p * (centres[i] - origin)
            total += w
        }
        // For two rays at angle t the smallest eigenvalue is 1 - cos t of a total of 2.
        let scale = 1 / total
        let normalized = a * scale
        guard normalized.determinant > 1e-11, let inverse = normalized.inverse else { return nil }
        return origin + inverse * (b * scale)
    }

    /// Triangulates from observations: rays, then reprojection errors by `refine`.
    public static func triangulate(
        _ observations: [PointObservation], loss: RobustLoss = .squared
    ) -> TriangulatedPoint? {
        var (centres, directions) = ([Vector3](), [Vector3]())
        for o in observations {
            guard let bearing = o.camera.bearing(of: o.pixel) else { return nil }
            centres.append(o.cameraFromMap.originInSource)
            directions.append(o.cameraFromMap.rotation.inverse * bearing)
        }
        guard let start = midpoint(centres: centres, directions: directions) else { return nil }
        return refine(start, observations: observations, loss: loss)
    }

    /// Largest angle between any two rays to `point`, radians.
    public static func largestAngle(at point: Vector3, observations: [PointObservation]) -> Double {
        var largest = 0.0
        let rays = observations.map { $0.cameraFromMap.originInSource - point }
        for i in rays.indices {
            for j in 0..<i { largest = max(largest, rays[i].angle(to: rays[j])) }
        }
        return largest
    }
}
