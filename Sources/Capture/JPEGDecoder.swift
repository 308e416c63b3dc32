internal import Features

/// Decodes the JPEG frames of a camera straight to grey, whole or cut.
struct JPEGDecoder {
    /// Of the frames that the device agreed to.
    private let width: Int
    private let height: Int
    /// The whole frame, where only a part of it is asked for.
    private var whole = GreyImage(width: 0, height: 0)

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// The frame's part, in `image`.
    @unsafe mutating func decode(
        _ frame: UnsafeRawBufferPointer, _ view: FrameView, sums: inout RowSums, into image: inout GreyImage
    ) throws(FrameFault) -> ImageCondition {
        let size = (width: Self.reduced(width, view.reduction), height: Self.reduced(height, view.reduction))
        let part = (width: view.width / view.reduction, height: view.height / view.reduction)
        if size == part { return try unsafe decode(frame, view.reduction, size, into: &image) }
        let condition = try unsafe decode(frame, view.reduction, size, into: &whole)
        let cut = FrameView(
            x: view.x / view.reduction, y: view.y / view.reduction, width: part.width, height: part.height)
        unsafe whole.pixels.withUnsafeBytes {
            unsafe cut.copy(
                $0, layout: .bytes(offset: 0, step: 1, chroma: 0), stride: size.width, sums: &sums, into: &image)
        }
        return condition
    }

    @unsafe private func decode(
        _ frame: UnsafeRawBufferPointer, _ reduction: Int, _ size: (width: Int, height: Int),
        into image: inout GreyImage
    ) throws(FrameFault) -> ImageCondition {
        do throws(JPEG.Problem) {
            let found = try unsafe JPEG.size(frame)
            guard found == (width, height) else {
                throw JPEG.Problem(
                    kind: .broken, text: "it has \(found.width)x\(found.height) pixels, not \(width)x\(height)")
            }
            image.reshape(width: size.width, height: size.height)
            return try unsafe JPEG.decode(frame, reduction: reduction, into: &image)
        } catch {
            throw FrameFault(text: "broken JPEG: \(error.text)")
        }
    }

    /// As libjpeg rounds.
    private static func reduced(_ pixels: Int, _ factor: Int) -> Int { (pixels + factor - 1) / factor }
}

/// Why a frame cannot be handed out.
struct FrameFault: Error {
    /// For people.
    let text: String
}
