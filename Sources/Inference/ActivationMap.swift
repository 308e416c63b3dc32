internal import CKernels

/// Size of an activation map in memory: NHWC bytes, with a one-pixel border of the zero point if a 3x3 window reads it.
struct ActivationMapShape: Equatable {
    let width: Int
    let height: Int
    let channels: Int
    let bordered: Bool
    /// Bytes from a row to the next.
    let rowStride: Int

    /// `rowWidth`, if given, leaves room for more pixels in a row.
    init(width: Int, height: Int, channels: Int, bordered: Bool, rowWidth: Int? = nil) {
        self.width = width
        self.height = height
        self.channels = channels
        self.bordered = bordered
        rowStride = ((rowWidth ?? width) + (bordered ? 2 : 0)) * channels
    }

    var bytes: Int { rowStride * (height + (bordered ? 2 : 0)) }
    /// Bytes from the first one to pixel (0, 0).
    var interior: Int { bordered ? rowStride + channels : 0 }
}

/// An activation map that has its place in memory.
@safe struct ActivationMap {
    /// Pixel (0, 0).
    let pixels: UnsafeMutablePointer<UInt8>
    let shape: ActivationMapShape

    var grid: hf_grid {
        hf_grid(width: Int32(shape.width), pixel_stride: shape.channels, row_stride: shape.rowStride)
    }

    func row(_ y: Int) -> UnsafeMutablePointer<UInt8> { unsafe pixels + y * shape.rowStride }

    func fillBorder(zeroPoint: Int32) {
        unsafe hf_fill_border(pixels, grid, Int32(shape.height), Int32(shape.channels), zeroPoint)
    }
}
