import Features

/// Deterministic pictures to look at; SplitMix64 from a named seed.
enum Pictures {
    struct Random {
        var state: UInt64

        /// The seed is the sum of the name's bytes, each weighted by its place.
        init(_ name: String) {
            state = name.utf8.reduce(0x9E37_79B9_7F4A_7C15) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return z ^ z >> 31
        }
    }

    /// Rectangles of random greys, with noise.
    static func blocks(width: Int, height: Int, seed: String) -> GreyImage {
        var random = Random(seed)
        var image = GreyImage(width: width, height: height, filledWith: 90)
        for _ in 0..<(width * height / 300) {
            let (x, y) = (Int(random.next() % UInt64(width)), Int(random.next() % UInt64(height)))
            let (w, h) = (Int(random.next() % 24) + 2, Int(random.next() % 24) + 2)
            let grey = UInt8(truncatingIfNeeded: random.next())
            for row in y..<min(y + h, height) {
                for column in x..<min(x + w, width) { image[column, row] = grey }
            }
        }
        for index in image.pixels.indices {
            image.pixels[index] = UInt8(clamping: Int(image.pixels[index]) + Int(random.next() % 7) - 3)
        }
        return image
    }

    static func noise(width: Int, height: Int, seed: String) -> GreyImage {
        var random = Random(seed)
        var image = GreyImage(width: width, height: height)
        for index in image.pixels.indices { image.pixels[index] = UInt8(truncatingIfNeeded: random.next()) }
        return image
    }

    /// Two values: everything the network can see, at its extremes.
    static func checkerboard(width: Int, height: Int, side: Int) -> GreyImage {
        var image = GreyImage(width: width, height: height)
        for y in 0..<height {
            for x in 0..<width where (x / side + y / side) % 2 == 0 { image[x, y] = 255 }
        }
        return image
    }
}
