internal import Features
internal import Geometry

/// A marker as it is read from the cell of a lattice that it fills.
struct MarkerReading {
    /// The bits in the lattice's directions: rows along growing rows.
    let code: UInt64

    /// Less between black and white, in grey levels, cannot be read.
    private static let leastContrast = 12.0

    /// Reads the marker within four corners, given from the lattice's (column, row) clockwise; nil when there is no
    /// black border in white.
    init?(_ corners: (Vector2, Vector2, Vector2, Vector2), _ markers: BoardMarkers, _ image: GreyImage) {
        guard let map = UnitSquare(corners) else { return nil }
        let codes = markers.codes
        let count = codes.bits + 2 * codes.border
        let margin = 0.5 * (1 - markers.size)
        let step = markers.size / Double(count)
        var values: [Double] = []
        values.reserveCapacity(count * count)
        var black = (sum: 0.0, count: 0.0)
        for row in 0..<count {
            for column in 0..<count {
                let (u, v) = (margin + (Double(column) + 0.5) * step, margin + (Double(row) + 0.5) * step)
                let value = Self.mean(around: u, v, 0.22 * step, map, image)
                values.append(value)
                if Self.isBorder(row, column, codes) { black = (black.sum + value, black.count + 1) }
            }
        }
        let middle = 0.5 * (black.sum / black.count + Self.white(margin - markers.whiteAt, map, image))
        guard middle - black.sum / black.count > 0.5 * Self.leastContrast else { return nil }
        var code: UInt64 = 0
        var wrong = 0
        for row in 0..<count {
            for column in 0..<count {
                let isWhite = values[row * count + column] > middle
                if Self.isBorder(row, column, codes) {
                    wrong += isWhite ? 1 : 0
                } else {
                    code = code << 1 | (isWhite ? 1 : 0)
                }
            }
        }
        guard Double(wrong) <= 0.06 * black.count else { return nil }
        self.code = code
    }

    private static func isBorder(_ row: Int, _ column: Int, _ codes: MarkerCodes) -> Bool {
        let inside = codes.border..<codes.border + codes.bits
        return !inside.contains(row) || !inside.contains(column)
    }

    /// The mean of five points around a place of the cell.
    private static func mean(
        around u: Double, _ v: Double, _ d: Double, _ map: UnitSquare, _ image: GreyImage
    ) -> Double {
        let points = [(u, v), (u - d, v - d), (u + d, v - d), (u - d, v + d), (u + d, v + d)]
        return points.reduce(0) { $0 + image.intensity(at: map.pixel($1.0, $1.1)) } / 5
    }

    /// The mean along the four sides, `outset` from the cell's edges.
    private static func white(_ outset: Double, _ map: UnitSquare, _ image: GreyImage) -> Double {
        var sum = 0.0
        for k in 0..<8 {
            let t = 0.15 + 0.1 * Double(k)
            for (u, v) in [(t, outset), (t, 1 - outset), (outset, t), (1 - outset, t)] {
                sum += image.intensity(at: map.pixel(u, v))
            }
        }
        return sum / 32
    }
}

/// The perspective map from the unit square to a quadrilateral (Heckbert 1989, section 2.2.3).
struct UnitSquare {
    private let matrix: Matrix3

    /// Corners of the pixels of (0, 0), (1, 0), (1, 1), (0, 1); nil when three of them lie on a line.
    init?(_ q: (Vector2, Vector2, Vector2, Vector2)) {
        let (d1, d2) = (q.1 - q.2, q.3 - q.2)
        let sum = q.0 - q.1 + q.2 - q.3
        let determinant = d1.x * d2.y - d1.y * d2.x
        guard abs(determinant) > 1 else { return nil }
        let g = (sum.x * d2.y - sum.y * d2.x) / determinant
        let h = (d1.x * sum.y - d1.y * sum.x) / determinant
        let (a, b) = (q.1 - q.0 + q.1 * g, q.3 - q.0 + q.3 * h)
        matrix = Matrix3(columns: Vector3(a.x, a.y, g), Vector3(b.x, b.y, h), Vector3(q.0.x, q.0.y, 1))
    }

    func pixel(_ u: Double, _ v: Double) -> Vector2 {
        let p = matrix * Vector3(u, v, 1)
        return Vector2(p.x, p.y) / p.z
    }
}

extension GreyImage {
    /// Bilinear; outside of the image that of the nearest pixel.
    func intensity(at p: Vector2) -> Double {
        guard p.isFinite else { return 0 }
        let (x, y) = (min(max(p.x, 0), Double(width - 1)), min(max(p.y, 0), Double(height - 1)))
        let (column, row) = (min(Int(x), width - 2), min(Int(y), height - 2))
        let (u, v) = (x - Double(column), y - Double(row))
        let i = row * width + column
        let top = Double(pixels[i]) * (1 - u) + Double(pixels[i + 1]) * u
        let bottom = Double(pixels[i + width]) * (1 - u) + Double(pixels[i + width + 1]) * u
        return top * (1 - v) + bottom * v
    }
}
