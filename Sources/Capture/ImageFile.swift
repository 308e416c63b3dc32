internal import CPNG
public import Errors
public import Features
internal import Files

/// Image files as grey images: JPEG, PNG and binary PGM, told apart by their first bytes.
///
/// Colour becomes luma, Y = 0.299 R + 0.587 G + 0.114 B of the stored (gamma-coded) values (ITU-R BT.601): of a JPEG
/// that is its Y channel as it stands. Alpha is dropped over black.
public enum ImageFile {
    /// Larger images are refused before memory is taken for them.
    public static let largestPixelCount = 100_000_000
    /// Bytes; a larger file is refused unread.
    public static let largestFile = 1 << 29

    /// Reads the image at `path` into `image`, whose storage is reused. A file that ends early is an error; what may be
    /// odd about a JPEG, as about a camera's frame, is returned.
    @discardableResult
    public static func readGrey(_ path: String, into image: inout GreyImage) throws(ImageError) -> ImageCondition {
        try decode(try content(of: path), path, into: &image)
    }

    /// The image in these bytes, which are those of the file at `path`.
    package static func decode(
        _ bytes: [UInt8], _ path: String, into image: inout GreyImage
    ) throws(ImageError) -> ImageCondition {
        if bytes.starts(with: pngMagic) {
            try decodePNG(bytes, path, into: &image)
        } else if bytes.starts(with: [0x50, 0x35]) {
            try decodePGM(bytes, path, into: &image)
        } else if unsafe bytes.withUnsafeBytes({ unsafe JPEG.begins($0) }) {
            return try decodeJPEG(bytes, path, into: &image)
        } else {
            if bytes.isEmpty {
                throw ImageError(.unknownFormat, path, "the file is empty", cure: "copy or record the image again")
            }
            let foreign = ForeignImage(of: bytes)
            let kind = foreign.map { "\($0.name), and " } ?? ""
            throw ImageError(
                .unknownFormat, path, "\(kind)not a JPEG, PNG or binary PGM file",
                cure: foreign?.cure ?? ForeignImage.conversion)
        }
        return .whole
    }

    /// How the image in these bytes is compressed; nil if it is not, or of no known kind.
    package static func compression(of bytes: [UInt8]) -> CompressedFormat? {
        if bytes.starts(with: pngMagic) { return .png }
        return unsafe bytes.withUnsafeBytes { unsafe JPEG.begins($0) } ? .jpeg : nil
    }

    private static let pngMagic: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

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

    /// The bytes of the file at `path`.
    package static func content(of path: String) throws(ImageError) -> [UInt8] {
        do throws(FileError) {
            return try WholeFile.read(path, atMost: largestFile)
        } catch {
            switch error.kind {
            case .missing: throw ImageError(.missing, path, "does not exist", cure: "check the path")
            case .unreadable, .irregular, .notText, .uncreatable, .unwritable, .overlapping:
                throw ImageError(.unreadable, path, error.reason, cure: "check that it is a readable file")
            case .tooLarge: throw ImageError(.tooLarge, path, error.reason, cure: "give an image file")
            }
        }
    }
}

/// Why an image file cannot be read: the file, the cause and the cure.
public struct ImageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong with the file; the exit status follows from it.
    public enum Kind: Sendable {
        /// There is no file at the path.
        case missing
        /// The system refuses to read it, or it is no regular file.
        case unreadable
        /// Not JPEG, PNG or PGM.
        case unknownFormat
        /// Ends early, or holds values that cannot be.
        case damaged
        /// More than ``ImageFile/largestPixelCount`` pixels.
        case tooLarge
    }

    /// What is wrong, for programs.
    public let kind: Kind
    /// Its path, as it was given.
    public let file: String
    /// What is wrong, for people, with the sizes found where they matter; no full stop.
    public let problem: String
    /// What the user can do about it, in the imperative.
    public let cure: String

    /// One line: `FILE: image: PROBLEM; CURE`.
    public var description: String { "\(file): image: \(problem); \(cure)" }

    init(_ kind: Kind, _ file: String, _ problem: String, cure: String) {
        self.kind = kind
        self.file = file
        self.problem = problem
        self.cure = cure
    }

    static func damaged(_ file: String, _ problem: String) -> ImageError {
        ImageError(.damaged, file, problem, cure: "copy or record the image again")
    }
}

extension ImageFile {
    /// The Y channel of a JPEG, as a camera's is decoded: see ``JPEG``.
    static func decodeJPEG(
        _ bytes: [UInt8], _ path: String, into image: inout GreyImage
    ) throws(ImageError) -> ImageCondition {
        let size = try unsafe reading(bytes, path) { (input) throws(JPEG.Problem) in try unsafe JPEG.size(input) }
        try reshape(&image, size.width, size.height, path)
        return try unsafe reading(bytes, path) { (input) throws(JPEG.Problem) in
            try unsafe JPEG.decode(input, into: &image)
        }
    }

    /// The file is named in what the decoder objects to.
    @unsafe private static func reading<Value>(
        _ bytes: [UInt8], _ path: String, _ work: (UnsafeRawBufferPointer) throws(JPEG.Problem) -> Value
    ) throws(ImageError) -> Value {
        do throws(JPEG.Problem) {
            return try unsafe bytes.span.withUnsafeBytes(work)
        } catch {
            switch error.kind {
            case .foreign: throw ImageError(.unknownFormat, path, error.text, cure: "convert it to RGB or grey")
            case .unsupported:
                throw ImageError(
                    .unknownFormat, path, "a JPEG of a kind that is not read: \(error.text)",
                    cure: "convert it to a baseline JPEG or PNG")
            case .broken: throw .damaged(path, "not a whole JPEG: \(error.text)")
            }
        }
    }
}

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

extension ImageFile {
    /// A binary PGM (netpbm "P5"), of 8 or 16 bits; values are scaled so that the file's maximum is 255.
    static func decodePGM(_ bytes: [UInt8], _ path: String, into image: inout GreyImage) throws(ImageError) {
        var position = 2
        let width = try number(bytes, &position, path)
        let height = try number(bytes, &position, path)
        let largest = try number(bytes, &position, path)
        guard (1...65_535).contains(largest) else { throw .damaged(path, "its maximal value is \(largest)") }
        try reshape(&image, width, height, path)
        position += 1  // The one blank that ends the header.
        let size = largest > 255 ? 2 : 1
        guard bytes.count - position >= size * image.pixels.count else {
            throw .damaged(path, "the PGM ends early: \(image.pixels.count) pixels are promised")
        }
        for index in image.pixels.indices {
            let at = position + size * index
            let value = size == 1 ? Int(bytes[at]) : Int(bytes[at]) << 8 | Int(bytes[at + 1])
            let scaled: Int = (min(value, largest) * 255 + largest / 2) / largest
            image.pixels[index] = UInt8(scaled)
        }
    }

    /// The next decimal number, behind blanks and comments.
    private static func number(_ bytes: [UInt8], _ position: inout Int, _ path: String) throws(ImageError) -> Int {
        while position < bytes.count, !isDigit(bytes[position]) {
            if bytes[position] == UInt8(ascii: "#") {
                while position < bytes.count && bytes[position] != 0x0A { position += 1 }
            } else if ![0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x20].contains(bytes[position]) {
                throw .damaged(path, "the PGM's header is not three numbers")
            } else {
                position += 1
            }
        }
        var value = 0
        let start = position
        while position < bytes.count, isDigit(bytes[position]), value < 1_000_000 {
            value = 10 * value + Int(bytes[position] - UInt8(ascii: "0"))
            position += 1
        }
        guard position > start, position < bytes.count, !isDigit(bytes[position]) else {
            throw .damaged(path, "the PGM's header is not three numbers")
        }
        return value
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension ImageError: ReportedError {
    public var exitStatus: ExitStatus {
        switch kind {
        case .missing: .missingInput
        case .unreadable: .inputOutput
        case .unknownFormat, .damaged, .tooLarge: .badData
        }
    }
}
