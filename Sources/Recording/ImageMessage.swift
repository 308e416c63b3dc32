public import Features
internal import Publishing

/// An image of a recording: `foxglove.CompressedImage` or `foxglove.RawImage`.
public struct ImageMessage {
    /// "jpeg", "png", "mono8".
    public private(set) var format = ""
    /// A file's bytes, or pixels.
    public private(set) var data: [UInt8] = []
    private var size: (width: UInt32, height: UInt32) = (0, 0)

    /// nil if the bytes are no such message.
    public init?(_ message: [UInt8], isRaw: Bool) {
        var reader = WireReader(0..<message.count)
        do {
            while let (field, value) = try reader.next(message.span) {
                switch (field, value) {
                case (isRaw ? 6 : 2, .bytes(let range)): data = Array(message[range])
                case (isRaw ? 4 : 3, .bytes(let range)): format = try String(wire: message.span, range)
                case (2, .fixed32(let bits)): size.width = bits
                case (3, .fixed32(let bits)): size.height = bits
                default: break
                }
            }
        } catch {
            return nil
        }
    }

    /// Of pixels; nil if they are not as many as the size wants, or not grey.
    public var grey: GreyImage? {
        let (width, height) = (Int(size.width), Int(size.height))
        guard format == "mono8", width > 0, width <= 65_535, height <= 65_535, width * height == data.count else {
            return nil
        }
        var image = GreyImage(width: 0, height: 0)
        image.reshape(width: width, height: height)
        image.pixels = data
        return image
    }
}
