import Geometry

/// Which matches of a pair can be one point, given where the two cameras stood.
struct PairVerification {
    /// Farthest from the epipolar line, in either image, pixels.
    let tolerance: Double
    /// Rays that meet at a smaller sine than this say nothing about depth.
    private static let parallel = 2e-3

    /// Removes the matches that cannot be.
    func filter(_ matches: inout [DescriptorMatch], _ a: ImageRays, _ b: ImageRays) {
        let geometry = EpipolarGeometry(
            bFromA: b.cameraFromMap * a.cameraFromMap.inverse, cameraA: a.camera, cameraB: b.camera)
        matches.removeAll { match in
            let (i, j) = (Int(match.a), Int(match.b))
            let isNear =
                abs(geometry.distanceToLineInA(a.undistorted[i], b.undistorted[j])) <= tolerance
                && abs(geometry.distanceToLineInB(a.undistorted[i], b.undistorted[j])) <= tolerance
            return !isNear || !isInFront(a.centre, a.directions[i], b.centre, b.directions[j])
        }
    }

    /// Sum over the matches of the distance from the epipolar line, of the two images the greater, none counted as more
    /// than the tolerance.
    func truncatedDistance(_ matches: [DescriptorMatch], _ a: ImageRays, _ b: ImageRays) -> Double {
        let geometry = EpipolarGeometry(
            bFromA: b.cameraFromMap * a.cameraFromMap.inverse, cameraA: a.camera, cameraB: b.camera)
        return matches.reduce(0) { sum, match in
            let (x, y) = (a.undistorted[Int(match.a)], b.undistorted[Int(match.b)])
            let distance = max(abs(geometry.distanceToLineInA(x, y)), abs(geometry.distanceToLineInB(x, y)))
            return sum + (distance < tolerance ? distance : tolerance)
        }
    }

    /// Whether the two rays come nearest to each other before both cameras; nearly parallel rays pass.
    private func isInFront(_ a: Vector3, _ rayA: Vector3, _ b: Vector3, _ rayB: Vector3) -> Bool {
        let normal = rayA.cross(rayB)
        if normal.lengthSquared < Self.parallel * Self.parallel { return true }
        // a + s rayA = b + t rayB, crossed with one ray to find the other's depth.
        let baseline = b - a
        return baseline.cross(rayB).dot(normal) > 0 && baseline.cross(rayA).dot(normal) > 0
    }
}
