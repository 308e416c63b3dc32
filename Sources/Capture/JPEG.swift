internal import CJPEG
internal import Features

/// What a frame's or an image file's bytes turned out to be.
public enum ImageCondition: Equatable, Sendable {
    /// As their format wants them.
    case whole
    /// Every pixel is right, beside bytes that the format does not know: what is odd, for people.
    case recovered(String)
}

/// JPEG to grey, by libjpeg: one decoder for cameras and for files. Colours are not even transformed.
///
/// Its warnings are graded: what cannot have touched a pixel is ``ImageCondition/recovered(_:)``, all else is an error.
enum JPEG {
    /// Why there is no picture.
    struct Problem: Error {
        enum Kind {
            case broken
            /// Of colours that have no intensity.
            case foreign
            /// Of a kind that libjpeg does not read.
            case unsupported
        }

        let kind: Kind
        /// For people: one sentence without a full stop.
        let text: String
    }

    /// Does a JPEG begin here, behind padding or a few other bytes?
    static func begins(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let pointer = unsafe bytes.assumingMemoryBound(to: UInt8.self).baseAddress
        return unsafe bytes.count > 0 && hf_jpeg_start(pointer, bytes.count) >= 0
    }

    /// The size that the header states.
    static func size(_ bytes: UnsafeRawBufferPointer) throws(Problem) -> (width: Int, height: Int) {
        var report = hf_jpeg_report()
        unsafe hf_jpeg_read_header(bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count, &report)
        _ = try condition(report)
        return (Int(report.width), Int(report.height))
    }

    /// The intensities. libjpeg takes and frees memory in every frame.
    ///
    /// - Parameters:
    ///   - bytes: the picture as it came.
    ///   - reduction: 1, 2, 4 or 8, of the size that the header states, rounded up; done by the inverse transform
    ///     itself, which is faster than decoding all pixels.
    ///   - image: has the reduced size.
    static func decode(
        _ bytes: UnsafeRawBufferPointer, reduction: Int = 1, into image: inout GreyImage
    ) throws(Problem) -> ImageCondition {
        var report = hf_jpeg_report()
        unsafe image.pixels.withUnsafeMutableBufferPointer { pixels in
            unsafe hf_jpeg_decode_grey(
                bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count, Int32(reduction),
                pixels.baseAddress, pixels.count, &report)
        }
        return try condition(report)
    }

    private static func condition(_ report: hf_jpeg_report) throws(Problem) -> ImageCondition {
        if report.state == hf_jpeg_whole { return .whole }
        let reason = unsafe withUnsafeBytes(of: report.reason) {
            unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        switch report.state {
        case hf_jpeg_recovered: return .recovered(reason)
        case hf_jpeg_foreign: throw Problem(kind: .foreign, text: reason)
        case hf_jpeg_unsupported: throw Problem(kind: .unsupported, text: reason)
        default: throw Problem(kind: .broken, text: reason)
        }
    }
}
