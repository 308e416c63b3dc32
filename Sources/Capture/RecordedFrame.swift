package import Features

/// A frame that was recorded as a camera or a file had it, made grey as it was when it came.
package struct RecordedFrame {
    private var decoder: JPEGDecoder?
    private var size: (width: Int, height: Int) = (0, 0)
    private var sums = RowSums()

    package init() {}

    /// The intensities of what ``CompressedFrameTap`` was shown; an error is what made the frame a broken one then.
    ///
    /// - Parameters:
    ///   - bytes: the image.
    ///   - view: what was handed out of it; nil: all.
    ///   - name: of the recording, for messages.
    ///   - image: takes the intensities.
    package mutating func decode(
        _ bytes: [UInt8], view: FrameView?, of name: String, into image: inout GreyImage
    ) throws(ImageError) {
        guard let view else {
            _ = try ImageFile.decode(bytes, name, into: &image)
            return
        }
        let found = try unsafe Self.reading(bytes, name) { (input) throws(JPEG.Problem) in try unsafe JPEG.size(input) }
        let fits =
            view.x >= 0 && view.y >= 0 && view.width > 0 && view.height > 0 && [1, 2, 4, 8].contains(view.reduction)
        guard fits, found.width * found.height <= ImageFile.largestPixelCount, view.x + view.width <= found.width,
            view.y + view.height <= found.height
        else { throw .damaged(name, "its view is not a part of the image") }
        if decoder == nil || size != found {
            (decoder, size) = (JPEGDecoder(width: found.width, height: found.height), found)
        }
        let fault: FrameFault? = unsafe bytes.withUnsafeBytes { input in
            do throws(FrameFault) {
                _ = try unsafe decoder?.decode(input, view, sums: &sums, into: &image)
                return nil
            } catch {
                return error
            }
        }
        if let fault { throw .damaged(name, fault.text) }
    }

    private static func reading<Value>(
        _ bytes: [UInt8], _ name: String, _ work: (UnsafeRawBufferPointer) throws(JPEG.Problem) -> Value
    ) throws(ImageError) -> Value {
        do throws(JPEG.Problem) {
            return try unsafe bytes.span.withUnsafeBytes(work)
        } catch {
            throw .damaged(name, error.text)
        }
    }
}
