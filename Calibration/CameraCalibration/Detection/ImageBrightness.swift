package import Features
package import Geometry

/// How bright each part of the image ever was, over any number of images: what a lens never lights stays dark.
package struct ImageBrightness: Sendable {
    private static let columns = 48
    /// Samples of a part each way.
    private static let samples = 4
    /// Parts that are darker than this share of the bright ones, and than this grey level, are not lit.
    private static let (darkShare, darkest) = (0.15, 32.0)
    /// Nothing is said of images darker than this.
    private static let leastBright = 48.0

    private let width: Int
    private let height: Int
    private let rows: Int
    /// Mean grey level of each part, the highest of all images.
    private var levels: [Double]

    /// Of one image. Looks at some thirty thousand of its pixels.
    package init(_ image: GreyImage) {
        (width, height) = (image.width, image.height)
        let (width, height, columns) = (image.width, image.height, Self.columns)
        let rows = max(1, (columns * height + width / 2) / max(width, 1))
        self.rows = rows
        let across = columns * Self.samples
        let down = rows * Self.samples
        levels = [Double](repeating: 0, count: columns * rows)
        for j in 0..<down {
            let line = (2 * j + 1) * height / (2 * down) * width
            for i in 0..<across {
                let level = image.pixels[line + (2 * i + 1) * width / (2 * across)]
                levels[j / Self.samples * columns + i / Self.samples] += Double(level)
            }
        }
        let count = Double(Self.samples * Self.samples)
        for i in levels.indices { levels[i] /= count }
    }

    /// Takes in another image; one of another size says nothing.
    package mutating func join(_ other: ImageBrightness) {
        guard width == other.width, height == other.height else { return }
        for i in levels.indices { levels[i] = max(levels[i], other.levels[i]) }
    }

    /// Of several images.
    package static func joined(_ all: [ImageBrightness]) -> ImageBrightness? {
        guard var result = all.first else { return nil }
        for other in all.dropFirst() { result.join(other) }
        return result
    }

    /// The circle outside of which all images were dark.
    /// - Parameter corners: of boards that were seen: they lie inside.
    /// - Returns: nil when the lit part is the whole image, or no circle.
    package func circle(around corners: [Vector2]) -> ImageCircle? {
        let bright = quantile(levels, 0.9)
        guard bright >= Self.leastBright else { return nil }
        let limit = min(Self.darkShare * bright, Self.darkest)
        let isLit = levels.map { $0 > limit }
        let ends = [0, Self.columns - 1, (rows - 1) * Self.columns, rows * Self.columns - 1]
        guard ends.count(where: { !isLit[$0] }) >= 2 else { return nil }
        guard var circle = Self.circle(through: border(isLit)) else { return nil }
        // A part is this large; half of it either way cannot be told.
        let part = Double(width) / Double(Self.columns)
        let wrong = isLit.indices.count { index in
            let reach = (centre(index) - circle.centre).length - circle.radius
            return isLit[index] ? reach > part : reach < -part
        }
        guard wrong * 50 <= isLit.count, isSharp(circle, limit, within: 3 * part) else { return nil }
        let farthest = corners.map { ($0 - circle.centre).length }.max() ?? 0
        guard farthest < circle.radius + 2 * part else { return nil }
        circle.radius = max(circle.radius, farthest)
        return circle
    }

    /// Whether the brightness falls at the circle's edge: from twice the limit to half of it. A dim corner of a room
    /// fades.
    private func isSharp(_ circle: ImageCircle, _ limit: Double, within distance: Double) -> Bool {
        var (inside, outside) = ((sum: 0.0, count: 0.0), (sum: 0.0, count: 0.0))
        for index in levels.indices {
            let reach = (centre(index) - circle.centre).length - circle.radius
            guard abs(reach) < distance, abs(reach) > distance / 3 else { continue }
            if reach < 0 {
                inside = (inside.sum + levels[index], inside.count + 1)
            } else {
                outside = (outside.sum + levels[index], outside.count + 1)
            }
        }
        return inside.sum >= 2 * limit * inside.count && outside.count > 0 && outside.sum <= limit / 2 * outside.count
    }

    private func centre(_ index: Int) -> Vector2 {
        let (column, row) = (index % Self.columns, index / Self.columns)
        return Vector2(
            (Double(column) + 0.5) * Double(width) / Double(Self.columns) - 0.5,
            (Double(row) + 0.5) * Double(height) / Double(rows) - 0.5)
    }

    /// Points between parts that are lit and neighbours that are not.
    private func border(_ isLit: [Bool]) -> [Vector2] {
        var points: [Vector2] = []
        for index in isLit.indices {
            let neighbours = [
                index % Self.columns + 1 < Self.columns ? index + 1 : index,
                index / Self.columns + 1 < rows ? index + Self.columns : index,
            ]
            for other in neighbours where isLit[index] != isLit[other] {
                points.append((centre(index) + centre(other)) / 2)
            }
        }
        return points
    }

    /// The circle of least squares in x² + y² (Kåsa 1976).
    private static func circle(through points: [Vector2]) -> ImageCircle? {
        guard points.count >= 8 else { return nil }
        let middle = points.reduce(Vector2.zero, +) / Double(points.count)
        var (matrix, right) = ([Double](repeating: 0, count: 9), [Double](repeating: 0, count: 3))
        for point in points {
            let p = point - middle
            let row = [p.x, p.y, 1]
            for i in 0..<3 {
                right[i] += row[i] * p.lengthSquared
                for j in 0..<3 { matrix[i * 3 + j] += row[i] * row[j] }
            }
        }
        guard SymmetricPositive.solve(&matrix, &right) else { return nil }
        let offset = Vector2(right[0], right[1]) / 2
        let square = right[2] + offset.lengthSquared
        return square > 0 ? ImageCircle(centre: middle + offset, radius: square.squareRoot()) : nil
    }
}
