/// An 8-bit grey image, rows tightly packed, the top-left pixel first.
///
/// Reused across frames: `reshape` keeps the storage when it is large enough.
public struct GreyImage: Sendable, Equatable {
    /// Pixels across.
    public private(set) var width: Int
    /// Pixels down.
    public private(set) var height: Int
    /// Luma, 0...255: `width * height` bytes, row by row without padding.
    public var pixels: [UInt8]

    /// An image of one intensity. Allocates `width * height` bytes.
    public init(width: Int, height: Int, filledWith value: UInt8 = 0) {
        self.width = width
        self.height = height
        pixels = [UInt8](repeating: value, count: width * height)
    }

    /// Changes the size; the pixels' values are unspecified afterwards. Allocates only when the image grows beyond any
    /// earlier size.
    public mutating func reshape(width: Int, height: Int) {
        self.width = width
        self.height = height
        let count = width * height
        if pixels.count > count {
            pixels.removeLast(pixels.count - count)
        } else if pixels.count < count {
            pixels.append(contentsOf: repeatElement(0, count: count - pixels.count))
        }
    }

    /// Takes another one's size and pixels, not its storage: whoever writes the other next does not copy it. Allocates
    /// as ``reshape(width:height:)`` does.
    public mutating func copy(_ other: GreyImage) {
        reshape(width: other.width, height: other.height)
        unsafe pixels.withUnsafeMutableBufferPointer { target in
            unsafe other.pixels.withUnsafeBufferPointer { source in
                _ = unsafe target.update(fromContentsOf: source)
            }
        }
    }

    /// The intensity of the pixel in column `x` and row `y`; traps beyond the storage, not beyond a row.
    public subscript(x: Int, y: Int) -> UInt8 {
        get { pixels[y * width + x] }
        set { pixels[y * width + x] = newValue }
    }
}
