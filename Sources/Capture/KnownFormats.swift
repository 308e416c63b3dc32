/// How grey is had of a frame.
package enum GreySource: Equatable, Sendable {
    /// The intensities lie in its first plane.
    case plane(PixelLayout)
    /// Each frame is a JPEG image.
    case jpeg
}

extension PixelFormat {
    /// The formats that are read without libv4lconvert, best first: intensities as they are, then with their low bits
    /// dropped, then between colours, then compressed. To add one: a row here, a row of the documentation (Capture.md),
    /// and the fake camera's way to draw it (Tests/CFakeCamera/picture.c); the tests go over this list.
    package static let known: [(format: PixelFormat, grey: GreySource)] = table.compactMap { row in
        PixelFormat(row.name).map { (format: $0, grey: row.grey) }
    }

    private static let table: [(name: String, grey: GreySource)] = [
        // Eight bits each; two or four chroma bytes for every four pixels behind them, or (M) in buffers of their own.
        ("GREY", .plane(.bytes())),
        ("NV12", .plane(.bytes(chroma: 2))),
        ("NV21", .plane(.bytes(chroma: 2))),
        ("NM12", .plane(.bytes())),
        ("NM21", .plane(.bytes())),
        ("YU12", .plane(.bytes(chroma: 2))),
        ("YV12", .plane(.bytes(chroma: 2))),
        ("YM12", .plane(.bytes())),
        ("YM21", .plane(.bytes())),
        ("NV16", .plane(.bytes(chroma: 4))),
        ("NV61", .plane(.bytes(chroma: 4))),
        ("NM16", .plane(.bytes())),
        ("NM61", .plane(.bytes())),
        ("YM16", .plane(.bytes())),
        ("YM61", .plane(.bytes())),
        ("422P", .plane(.bytes(chroma: 4))),
        // More bits; the highest eight of sixteen are a byte.
        ("Y16", .plane(.bytes(offset: 1, step: 2))),
        ("Y16 -BE", .plane(.bytes(offset: 0, step: 2))),
        ("Y14", .plane(.words(bits: 14))),
        ("Y12", .plane(.words(bits: 12))),
        ("Y10", .plane(.words(bits: 10))),
        ("Y12P", .plane(.packed(pixels: 2))),
        ("Y10P", .plane(.packed(pixels: 4))),
        // Every second byte is a colour.
        ("YUYV", .plane(.bytes(offset: 0, step: 2))),
        ("UYVY", .plane(.bytes(offset: 1, step: 2))),
        ("YVYU", .plane(.bytes(offset: 0, step: 2))),
        ("VYUY", .plane(.bytes(offset: 1, step: 2))),
        // Eight chroma bytes for every four pixels: most of the bandwidth.
        ("NV24", .plane(.bytes(chroma: 8))),
        ("NV42", .plane(.bytes(chroma: 8))),
        ("YM24", .plane(.bytes())),
        ("YM42", .plane(.bytes())),
        ("MJPG", .jpeg),
        ("JPEG", .jpeg),
    ]

    /// nil for a format of which libv4lconvert must make planar YUV.
    var grey: GreySource? { Self.known.first { $0.format == self }?.grey }
}
