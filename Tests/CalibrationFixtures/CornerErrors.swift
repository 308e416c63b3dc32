package import Geometry
internal import GeometryFixtures
package import TestSupport

/// Errors of a view's corners as cameras make them: partly independent, partly shared by corners that lie near each
/// other (blur, glare, a board that is not quite the model's, a shutter that reads out row by row).
package struct CornerErrors: Sendable {
    /// What the shared part of a view's errors looks like over the board.
    package enum Kind: String, CaseIterable, Sendable {
        /// There is none.
        case independent
        /// A polynomial of the third degree.
        case smooth
        /// Waves about as long as half of the board.
        case patchy
        /// A shear: the camera moved while it read out its rows.
        case slanted
    }

    /// Standard deviation of a coordinate, pixels.
    package var deviation: Double
    /// What is shared.
    package var kind: Kind
    /// Its share of the variance.
    package var sharedPart: Double

    /// Errors of a deviation, half of whose variance is shared unless they are independent.
    package init(deviation: Double, kind: Kind = .independent, sharedPart: Double = 0.5) {
        (self.deviation, self.kind) = (deviation, kind)
        self.sharedPart = kind == .independent ? 0 : sharedPart
    }

    /// One view's errors.
    /// - Parameters:
    ///   - places: of the corners on the board, -1 to 1 each way.
    ///   - g: where chance comes from.
    package func sample(at places: [Vector2], _ g: inout SeededGenerator) -> [Vector2] {
        let own = deviation * (1 - sharedPart).squareRoot()
        var errors = places.map { _ in Vector2(g.normal(), g.normal()) * own }
        guard kind != .independent else { return errors }
        // Some views are worse than others; 1.04 is the root of the mean square.
        let scale = deviation * sharedPart.squareRoot() * g.uniform(0.5, 1.5) / 1.04
        let field = places.map(shared(&g))
        let square = field.reduce(0) { $0 + $1.lengthSquared } / Double(max(2 * field.count, 1))
        guard square > 0 else { return errors }
        for i in errors.indices { errors[i] += field[i] * (scale / square.squareRoot()) }
        return errors
    }

    private func shared(_ g: inout SeededGenerator) -> (Vector2) -> Vector2 {
        switch kind {
        case .independent:
            return { _ in .zero }
        case .smooth:
            let terms = (0..<10).map { _ in Vector2(g.normal(), g.normal()) }
            return { place in
                let (u, v) = (place.x, place.y)
                let powers = [1, u, v, u * u, u * v, v * v, u * u * u, u * u * v, u * v * v, v * v * v]
                return zip(terms, powers).reduce(Vector2.zero) { $0 + $1.0 * $1.1 }
            }
        case .patchy:
            let waves = (0..<8).map { _ in
                (Vector2(g.normal(), g.normal()), Vector2(g.normal(), g.normal()) * 4, g.uniform(0, 2 * .pi))
            }
            return { place in
                waves.reduce(Vector2.zero) { $0 + $1.0 * sineAndCosine($1.1.dot(place) + $1.2).sine }
            }
        case .slanted:
            let (way, across) = (Vector2(g.normal(), g.normal()), Vector2(g.normal(), g.normal()))
            return { way * across.dot($0) }
        }
    }
}
