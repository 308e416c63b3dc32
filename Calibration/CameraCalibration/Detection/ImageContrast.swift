internal import Features

/// How contrasty an image is.
enum ImageContrast {
    /// Between the darkest and the brightest hundredth of the pixels, of every third each way; grey levels.
    static func levels(_ image: GreyImage) -> Int {
        var levels = [Int](repeating: 0, count: 256)
        var count = 0
        let w = image.width
        unsafe image.pixels.withUnsafeBufferPointer { p in
            for y in stride(from: 1, to: image.height - 1, by: 3) {
                for x in stride(from: 1, to: w - 1, by: 3) {
                    levels[unsafe Int(p[y * w + x])] += 1
                    count += 1
                }
            }
        }
        return quantile(levels, 99 * count / 100) - quantile(levels, count / 100)
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
