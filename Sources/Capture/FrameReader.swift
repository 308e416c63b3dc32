internal import CLinux
internal import Features

/// Makes a grey image of a device's frame.
struct FrameReader {
    private enum Method {
        case direct(PixelLayout)
        case jpeg
        case converted(FormatConverter)
    }

    private let method: Method
    private var jpeg: JPEGDecoder
    private let view: FrameView
    private let stride: Int
    /// A frame of fewer bytes is not whole.
    private let leastBytes: Int
    private let width: Int
    private var sums = RowSums()

    init(descriptor: Int32, agreed: hf_video_format, view: FrameView, path: String) throws(CaptureError) {
        let format = PixelFormat(code: agreed.code)
        jpeg = JPEGDecoder(width: Int(agreed.width), height: Int(agreed.height))
        (width, self.view) = (Int(agreed.width), view)
        switch format.grey {
        case .plane(let layout):
            method = .direct(layout)
            stride = max(Int(agreed.bytes_per_line), layout.leastStride(width))
            leastBytes = layout.frameBytes(width: width, height: Int(agreed.height), stride: stride)
        case .jpeg:
            method = .jpeg
            (stride, leastBytes) = (width, 1)
        case nil:
            method = .converted(try FormatConverter(descriptor: descriptor, agreed: agreed, path: path))
            (stride, leastBytes) = (width, 1)
        }
    }

    /// Is a frame of so many bytes whole? Compressed ones may have any length.
    func isWhole(_ byteCount: Int) -> Bool { byteCount >= leastBytes }

    /// What is made of a compressed frame; nil for a format that is not compressed.
    var compressedView: FrameView? {
        guard case .jpeg = method else { return nil }
        return view
    }

    /// Makes the frame's intensities: in `image`, unless this throws.
    @unsafe mutating func read(
        _ bytes: UnsafeRawBufferPointer, into image: inout GreyImage
    ) throws(FrameFault) -> ImageCondition {
        switch method {
        case .direct(let layout):
            unsafe view.copy(bytes, layout: layout, stride: stride, sums: &sums, into: &image)
        case .jpeg: return try unsafe jpeg.decode(bytes, view, sums: &sums, into: &image)
        case .converted(let converter):
            let isGood = unsafe converter.convert(bytes) { planar in
                unsafe view.copy(planar, layout: .bytes(), stride: width, sums: &sums, into: &image)
            }
            guard isGood else { throw FrameFault(text: "libv4lconvert cannot decode it") }
        }
        return .whole
    }
}
