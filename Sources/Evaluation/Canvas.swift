internal import CPNG
package import Features
package import Files

/// A colour of a drawing.
package struct Colour: Equatable, Sendable {
    package var red: UInt8
    package var green: UInt8
    package var blue: UInt8

    package init(red: UInt8, green: UInt8, blue: UInt8) {
        (self.red, self.green, self.blue) = (red, green, blue)
    }

    /// Found in the image, without a match.
    package static let keypoint = Colour(red: 255, green: 170, blue: 0)
    /// Matched, and agreeing with the pose.
    package static let inlier = Colour(red: 0, green: 230, blue: 60)
    /// Matched, but not where the pose expects it.
    package static let outlier = Colour(red: 255, green: 50, blue: 50)
    /// Where the pose projects a landmark.
    package static let landmark = Colour(red: 60, green: 160, blue: 255)
}

/// An RGB picture to draw results on, written as PNG.
package struct Canvas {
    /// Pixels.
    package let width: Int
    package let height: Int
    private var pixels: [UInt8]

    /// The grey image at `scale` times its size, pixels repeated, a little dimmed so that marks stand out.
    package init(_ image: GreyImage, scale: Int) {
        width = image.width * scale
        height = image.height * scale
        pixels = []
        pixels.reserveCapacity(width * height * 3)
        for y in 0..<height {
            for x in 0..<width {
                let grey = UInt8(Int(image[x / scale, y / scale]) * 3 / 4)
                pixels.append(contentsOf: [grey, grey, grey])
            }
        }
    }

    /// The colour of a pixel within the picture.
    package subscript(x: Int, y: Int) -> Colour {
        let index = (y * width + x) * 3
        return Colour(red: pixels[index], green: pixels[index + 1], blue: pixels[index + 2])
    }

    /// Sets a pixel; outside the picture does nothing.
    package mutating func set(_ x: Int, _ y: Int, _ colour: Colour) {
        guard x >= 0, y >= 0, x < width, y < height else { return }
        let index = (y * width + x) * 3
        pixels[index] = colour.red
        pixels[index + 1] = colour.green
        pixels[index + 2] = colour.blue
    }

    /// A line from one point to another, both included, one pixel wide; of one that is longer than ten times the
    /// picture its beginning only.
    package mutating func line(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double, _ colour: Colour) {
        let steps = Int(max(abs(x1 - x0), abs(y1 - y0)).rounded(.up))
        guard steps > 0, steps < 10 * (width + height) else { return set(Int(x0.rounded()), Int(y0.rounded()), colour) }
        for step in 0...steps {
            let t = Double(step) / Double(steps)
            set(Int((x0 + t * (x1 - x0)).rounded()), Int((y0 + t * (y1 - y0)).rounded()), colour)
        }
    }

    /// Two lines of `arm` pixels to each side of a point.
    package mutating func cross(_ x: Double, _ y: Double, arm: Double, _ colour: Colour) {
        line(x - arm, y, x + arm, y, colour)
        line(x, y - arm, x, y + arm, colour)
    }

    /// A square with sides of twice `arm` pixels about a point.
    package mutating func square(_ x: Double, _ y: Double, arm: Double, _ colour: Colour) {
        line(x - arm, y - arm, x + arm, y - arm, colour)
        line(x - arm, y + arm, x + arm, y + arm, colour)
        line(x - arm, y - arm, x - arm, y + arm, colour)
        line(x + arm, y - arm, x + arm, y + arm, colour)
    }

    /// Writes the picture as PNG.
    ///
    /// - Throws: `FileError`: the file cannot be written.
    package func write(to path: String) throws(FileError) { try AtomicFile.write(png, to: path, syncs: false) }

    /// The picture as the bytes of a PNG file.
    private var png: [UInt8] {
        var header = unsafe png_image()
        unsafe header.version = png_uint_32(PNG_IMAGE_VERSION)
        unsafe header.width = png_uint_32(width)
        unsafe header.height = png_uint_32(height)
        unsafe header.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
        // Stored is the most that it takes: every row with the byte of its filter, the blocks of zlib, and the chunks.
        let most = (width * 3 + 1) * height
        let capacity = most + most / 100 + 1024
        return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            var size = png_alloc_size_t(capacity)
            let isWritten = unsafe png_image_write_to_memory(
                &header, buffer.baseAddress, &size, 0, pixels, png_int_32(width * 3), nil)
            precondition(isWritten != 0, "a picture that fits into memory can be encoded")
            count = Int(size)
        }
    }
}
