public import Features

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

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
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw systemError(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw systemError(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= largestFile else {
            throw ImageError(
                .unreadable, path, "not a regular file of at most \(largestFile) bytes", cure: "give an image file")
        }
        let size = Int(status.st_size)
        var failure: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            while filled < size {
                let count = unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), size - filled)
                if count < 0 && errno == EINTR { continue }
                if count < 0 { failure = errno }
                if count <= 0 { break }
                filled += count
            }
        }
        guard failure == 0 else { throw systemError(path, failure) }
        return bytes
    }

    private static func systemError(_ path: String, _ code: Int32) -> ImageError {
        if code == ENOENT || code == ENOTDIR {
            return ImageError(.missing, path, "does not exist", cure: "check the path")
        }
        return ImageError(
            .unreadable, path, unsafe String(cString: strerror(code)), cure: "check that it is a readable file")
    }
}
