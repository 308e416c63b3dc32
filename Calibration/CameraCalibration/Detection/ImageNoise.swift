internal import Features

/// How noisy and how contrasty an image is.
struct ImageNoise {
    /// Standard deviation of the noise, grey levels; at least that of rounding.
    let deviation: Double
    /// Between the darkest and the brightest hundredth of the pixels, grey levels.
    let contrast: Int

    /// From every third pixel: the median of the differences of second differences in x and y (Immerkaer 1996), which
    /// edges do not move.
    init(_ image: GreyImage) {
        var levels = [Int](repeating: 0, count: 256)
        var differences = [Int](repeating: 0, count: 2048)
        var count = 0
        let w = image.width
        unsafe image.pixels.withUnsafeBufferPointer { p in
            for y in stride(from: 1, to: image.height - 1, by: 3) {
                for x in stride(from: 1, to: w - 1, by: 3) {
                    let i = y * w + x
                    func at(_ k: Int) -> Int { unsafe Int(p[k]) }
                    let middle = at(i - 1) + at(i + 1) + at(i - w) + at(i + w)
                    let corners = at(i - w - 1) + at(i - w + 1) + at(i + w - 1) + at(i + w + 1)
                    differences[min(abs(4 * at(i) - 2 * middle + corners), 2047)] += 1
                    levels[at(i)] += 1
                    count += 1
                }
            }
        }
        contrast = Self.quantile(levels, 99 * count / 100) - Self.quantile(levels, count / 100)
        // The filter multiplies the noise by 6.
        deviation = max(Double(Self.quantile(differences, count / 2)) / 0.6745 / 6, 0.3)
    }

    private static func quantile(_ histogram: [Int], _ rank: Int) -> Int {
        var sum = 0
        for (value, count) in histogram.enumerated() {
            sum += count
            if sum > rank { return value }
        }
        return 0
    }
}
