internal import Container
internal import Geometry
internal import ReferenceMap

/// From where the keyframes of a map saw a landmark.
struct LandmarkView: Sendable {
    /// Mean unit vector from the landmark to the cameras, map frame.
    private let direction: SIMD3<Float>
    /// Distances at which it can be recognized, metres: half the least to twice the greatest at which the map saw it.
    private let nearest: Float
    private let farthest: Float

    /// Cosine of the largest angle to the mean direction: 60 degrees.
    private static let leastCosine: Float = 0.5

    init(of landmark: Int, in map: ReferenceMap) {
        let directions = map.viewingDirections
        direction = SIMD3(directions[3 * landmark], directions[3 * landmark + 1], directions[3 * landmark + 2])
        nearest = map.viewingDistances[2 * landmark] / 2
        farthest = map.viewingDistances[2 * landmark + 1] * 2
    }

    /// Whether a camera would recognize the landmark from `ray` away, a vector from the camera to it in the map frame, metres.
    func includes(_ ray: Vector3) -> Bool {
        let ray = SIMD3<Float>(ray)
        let distance = (ray * ray).sum().squareRoot()
        guard distance >= nearest, distance <= farthest else { return false }
        return -(ray * direction).sum() >= Self.leastCosine * distance
    }
}
