package import Features

/// How blurred a picture is, from itself alone: 0 where every edge is sharp, 1 where nothing is.
///
/// A sharp picture loses most of its differences between neighbours to a strong blur, a blurred one hardly any (Crete
/// et al., "The blur effect", 2007). Sharp frames of roads and rooms are at 0.22 to 0.40; 9 pixels of motion blur or 2
/// of defocus at 640 pixels across make 0.56 to 0.70 of them.
package enum BlurMeasure {
    /// Beyond this, keypoints are few and wander.
    package static let tooBlurred = 0.68
    /// Neighbours that the strong blur takes the mean of.
    private static let width = 9
    /// Pictures are looked at in about this many pixels across.
    private static let size = 640

    /// Of the worse direction, across or down. Cost: some milliseconds.
    package static func blur(of image: GreyImage) -> Double {
        let step = max(1, max(image.width, image.height) / size)
        let reduced = reduced(image, by: step)
        guard reduced.width > width, reduced.height > width else { return 1 }
        let across = lost(reduced.pixels, lines: reduced.height, length: reduced.width, (1, reduced.width))
        let down = lost(reduced.pixels, lines: reduced.width, length: reduced.height, (reduced.width, 1))
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

    /// The share of the differences along lines that a strong blur leaves.
    private static func lost(
        _ pixels: [UInt8], lines: Int, length: Int, _ stride: (along: Int, between: Int)
    ) -> Double {
        var (total, gone) = (0, 0)
        for line in 0..<lines {
            let start = line * stride.between
            func pixel(_ i: Int) -> Int { Int(pixels[start + i * stride.along]) }
            // Of windows of `width` neighbours, one after another: their sums differ by the ends alone.
            for i in width / 2..<length - width / 2 - 1 {
                let difference = abs(pixel(i + 1) - pixel(i)) * width
                let blurred = abs(pixel(i + width / 2 + 1) - pixel(i - width / 2))
                total += difference
                gone += max(0, difference - blurred)
            }
        }
        return total > 0 ? 1 - Double(gone) / Double(total) : 1
    }
}
