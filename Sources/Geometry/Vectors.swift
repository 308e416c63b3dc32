/// A pixel, or a point on the normalized image plane.
public typealias Vector2 = SIMD2<Double>
/// A point or direction in space (metres unless said).
public typealias Vector3 = SIMD3<Double>

extension SIMD2 where Scalar == Double {
    /// Scalar product.
    @inlinable public func dot(_ other: Self) -> Double { x * other.x + y * other.y }
    /// Squared Euclidean length.
    @inlinable public var lengthSquared: Double { dot(self) }
    /// Euclidean length.
    @inlinable public var length: Double { lengthSquared.squareRoot() }
    /// Whether every component is finite.
    @inlinable public var isFinite: Bool { x.isFinite && y.isFinite }
}

extension SIMD3 where Scalar == Double {
    /// Scalar product.
    @inlinable public func dot(_ other: Self) -> Double { x * other.x + y * other.y + z * other.z }
    /// Right-handed vector product.
    @inlinable public func cross(_ other: Self) -> Self {
        Self(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
    }
    /// Squared Euclidean length.
    @inlinable public var lengthSquared: Double { dot(self) }
    /// Euclidean length.
    @inlinable public var length: Double { lengthSquared.squareRoot() }
    /// The same direction with length 1. A zero vector gives NaN.
    @inlinable public var normalized: Self { self / length }
    /// Whether every component is finite.
    @inlinable public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }

    /// Angle to `other`, radians in 0...pi; exact for small and for nearly opposite directions (`atan2` form).
    public func angle(to other: Self) -> Double { arcTangent(cross(other).length, dot(other)) }
}
