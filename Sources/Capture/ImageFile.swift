internal import Container
public import Features

/// Image files as grey images: JPEG, PNG and binary PGM, told apart by their first bytes.
///
/// Colour becomes luma, Y = 0.299 R + 0.587 G + 0.114 B of the stored (gamma-coded) values (ITU-R BT.601): of a JPEG that is its Y
/// channel as it stands. Alpha is dropped over black.
public enum ImageFile {
    /// Larger images are refused before memory is taken for them.
    public static let largestPixelCount = 100_000_000
    private static let largestFile = 1 << 29

    /// Reads the image at `path` into `image`, whose storage is reused. A file that ends early is an error.
    public static func readGrey(_ path: String, into image: inout GreyImage) throws(ImageError) {
        let bytes = try content(of: path)
        if bytes.starts(with: [0xFF, 0xD8]) {
            try decodeJPEG(bytes, path, into: &image)
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            try decodePNG(bytes, path, into: &image)
        } else if bytes.starts(with: [0x50, 0x35]) {
            try decodePGM(bytes, path, into: &image)
        } else {
            throw ImageError(
                .unknownFormat, path, bytes.isEmpty ? "the file is empty" : "not a JPEG, PNG or binary PGM file",
                cure: "convert it to JPEG, PNG or PGM")
        }
    }

    /// Gives the image its size, if that can be believed.
    static func reshape(_ image: inout GreyImage, _ width: Int, _ height: Int, _ path: String) throws(ImageError) {
        guard width > 0 && height > 0 else { throw .damaged(path, "its size is \(width) x \(height)") }
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow && count <= largestPixelCount else {
            throw ImageError(
                .tooLarge, path, "\(width) x \(height) pixels are more than \(largestPixelCount)",
                cure: "reduce the image")
        }
        image.reshape(width: width, height: height)
    }

    private static func content(of path: String) throws(ImageError) -> [UInt8] {
        do throws(FileError) {
            return try WholeFile.read(path, atMost: largestFile)
        } catch {
            switch error.kind {
            case .missing: throw ImageError(.missing, path, "does not exist", cure: "check the path")
            case .unreadable:
                throw ImageError(.unreadable, path, error.reason, cure: "check that it is a readable file")
            case .tooLarge: throw ImageError(.tooLarge, path, error.reason, cure: "give an image file")
            }
        }
    }
}
