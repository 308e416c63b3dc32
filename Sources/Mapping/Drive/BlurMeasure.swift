package import Features

/// How blurred a picture is, from itself alone: 0 where every edge is sharp, 1 where nothing is.
///
/// A sharp picture loses most of its differences between neighbours to a strong blur, a blurred one hardly any (Crete
/// et al., "The blur effect", 2007). Noise is as sharp as anything, and makes a blurred picture pass for a sharp one:
/// the differences are those of strips of some lines, and only of edges that noise does not make. Sharp frames of roads
/// and rooms are at 0.39 to 0.58, with noise of up to four grey levels or without; 9 pixels of motion blur or 2 of
/// defocus at 640 pixels across make 0.65 to 0.88 of them.
package enum BlurMeasure {
    /// Beyond this a picture is blurred, which explains it where one has too few matches.
    package static let blurred = 0.62
    /// Beyond this, keypoints are few and wander.
    package static let tooBlurred = 0.76
    /// Neighbours that the strong blur takes the mean of.
    private static let width = 9
    /// Lines of a strip.
    private static let lines = 4
    /// Grey levels between the ends of `width` neighbours that make an edge: where less than one in `rarest` of a
    /// picture's places is beyond the first, as in the dark, the next.
    private static let steps = [32, 16, 8, 1]
    private static let rarest = 500
    /// Pictures are looked at in about this many pixels across.
    private static let size = 640

    /// Of the worse direction, across or down. Cost: some milliseconds.
    package static func blur(of image: GreyImage) -> Double {
        let step = max(1, max(image.width, image.height) / size)
        let reduced = reduced(image, by: step)
        guard reduced.width > width, reduced.height > width else { return 1 }
        let across = lost(strips(reduced, (1, reduced.width), (reduced.width, reduced.height)))
        let down = lost(strips(reduced, (reduced.width, 1), (reduced.height, reduced.width)))
        return max(across, down)
    }

    /// Means of squares of `step` pixels a side.
    private static func reduced(_ image: GreyImage, by step: Int) -> GreyImage {
        guard step > 1 else { return image }
        var small = GreyImage(width: image.width / step, height: image.height / step)
        for y in 0..<small.height {
            for x in 0..<small.width {
                var sum = 0
                for dy in 0..<step { for dx in 0..<step { sum += Int(image[x * step + dx, y * step + dy]) } }
                small[x, y] = UInt8(sum / (step * step))
            }
        }
        return small
    }

    /// Sums over `lines` neighbouring lines, strip after strip.
    ///
    /// - Parameters:
    ///   - image: what is summed up.
    ///   - stride: pixels to the next of a line, and to the next line.
    ///   - size: pixels of a line, and how many lines there are.
    private static func strips(
        _ image: GreyImage, _ stride: (along: Int, between: Int), _ size: (length: Int, count: Int)
    ) -> [[Int]] {
        (0..<size.count / lines).map { strip in
            (0..<size.length).map { i in
                let first = strip * lines * stride.between + i * stride.along
                return (0..<lines).reduce(0) { $0 + Int(image.pixels[first + $1 * stride.between]) }
            }
        }
    }

    /// The share of the differences along strips that a strong blur leaves, at edges.
    private static func lost(_ strips: [[Int]]) -> Double {
        let places = strips.reduce(0) { $0 + $1.count }
        for step in steps {
            var (total, gone, edges) = (0, 0, 0)
            for strip in strips {
                // Of windows of `width` neighbours, one after another: their sums differ by the ends alone.
                for i in width / 2..<strip.count - width / 2 - 1 {
                    let blurred = abs(strip[i + width / 2 + 1] - strip[i - width / 2])
                    guard blurred >= step * lines else { continue }
                    let difference = abs(strip[i + 1] - strip[i]) * width
                    total += difference
                    gone += max(0, difference - blurred)
                    edges += 1
                }
            }
            if total > 0, edges * rarest >= places { return 1 - Double(gone) / Double(total) }
        }
        return 1
    }
}
