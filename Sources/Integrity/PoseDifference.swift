public import Geometry

extension RigidTransform {
    /// Whether two poses of a frame are different answers: more than .3 m or 5 degrees apart. Nearer ones are the same
    /// answer, drawn by other inliers.
    public func isApart(from other: RigidTransform) -> Bool {
        (originInSource - other.originInSource).length > 0.3
            || (rotation * other.rotation.inverse).angle > 5 * Double.pi / 180
    }
}
