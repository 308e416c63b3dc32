internal import CPNG
internal import Features

extension ImageFile {
    /// A PNG of any kind, as 8-bit luma.
    static func decodePNG(_ bytes: [UInt8], _ path: String, into image: inout GreyImage) throws(ImageError) {
        var header = unsafe png_image()
        unsafe header.version = png_uint_32(PNG_IMAGE_VERSION)
        defer { unsafe png_image_free(&header) }
        var rgb: [UInt8] = []
        let isGood = try unsafe bytes.span.withUnsafeBytes { (input) throws(ImageError) in
            guard unsafe png_image_begin_read_from_memory(&header, input.baseAddress, input.count) != 0 else {
                return false
            }
            try reshape(&image, Int(unsafe header.width), Int(unsafe header.height), path)
            // 16-bit values are gamma-coded like 8-bit ones.
            unsafe header.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
            let isColour = unsafe header.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
            unsafe header.format = png_uint_32(isColour ? PNG_FORMAT_FLAG_COLOR : 0)
            if isColour {
                rgb = [UInt8](repeating: 0, count: 3 * image.pixels.count)
                return unsafe finish(&header, &rgb)
            }
            // libpng composes transparent pixels with what is there.
            for index in image.pixels.indices { image.pixels[index] = 0 }
            return unsafe finish(&header, &image.pixels)
        }
        guard isGood else { throw .damaged(path, unsafe message(header)) }
        if !rgb.isEmpty { luma(rgb, into: &image.pixels) }
    }

    private static func finish(_ header: inout png_image, _ pixels: inout [UInt8]) -> Bool {
        unsafe pixels.withUnsafeMutableBytes { output in
            unsafe png_image_finish_read(&header, nil, output.baseAddress, 0, nil) != 0
        }
    }

    /// BT.601 luma with 16-bit weights, rounded, as libjpeg computes it.
    private static func luma(_ rgb: [UInt8], into pixels: inout [UInt8]) {
        for index in pixels.indices {
            let (r, g, b) = (UInt32(rgb[3 * index]), UInt32(rgb[3 * index + 1]), UInt32(rgb[3 * index + 2]))
            pixels[index] = UInt8((19_595 * r + 38_470 * g + 7_471 * b + 32_768) >> 16)
        }
    }

    private static func message(_ header: png_image) -> String {
        unsafe withUnsafeBytes(of: header.message) { bytes in
            unsafe "not a whole PNG: " + String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
