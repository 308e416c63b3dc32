internal import Features

/// What is made of a device's frame: a part of it, and that smaller by a whole factor.
public struct FrameView: Equatable, Sendable {
    /// Columns to the left of the part, pixels of the frame.
    public var x = 0
    /// Rows above the part, pixels of the frame.
    public var y = 0
    /// Pixels of the frame across, a multiple of the reduction.
    public var width: Int
    /// Pixels of the frame down, a multiple of the reduction.
    public var height: Int
    /// 1, 2, 4 or 8: every square of so many pixels becomes their mean.
    public var reduction = 1

    /// A part of a frame, or all of it.
    package init(x: Int = 0, y: Int = 0, width: Int, height: Int, reduction: Int = 1) {
        (self.x, self.y, self.width, self.height, self.reduction) = (x, y, width, height, reduction)
    }

    /// Copies a frame's intensities. `bytes` holds at least the layout's `frameBytes`; `sums` is scratch, grown on
    /// first use.
    ///
    /// Cost: one pass over the part's rows.
    @unsafe func copy(
        _ bytes: UnsafeRawBufferPointer, layout: PixelLayout, stride: Int, sums: inout RowSums,
        into image: inout GreyImage
    ) {
        precondition(bytes.count >= stride * (y + height - 1) + layout.rowBytes(x + width))
        image.reshape(width: width / reduction, height: height / reduction)
        guard let source = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
        unsafe image.pixels.withUnsafeMutableBufferPointer { pixels in
            guard let target = pixels.baseAddress else { return }
            if reduction == 1 {
                for row in 0..<height {
                    unsafe layout.copy(
                        source + (y + row) * stride, first: x, count: width, to: target + row * width)
                }
            } else {
                for row in 0..<(height / reduction) {
                    sums.clear(width)
                    for line in 0..<reduction {
                        unsafe sums.add(
                            source + (y + row * reduction + line) * stride, layout: layout, first: x, count: width)
                    }
                    unsafe sums.mean(of: reduction, to: target + row * (width / reduction))
                }
            }
        }
    }
}

/// Sums of the pixels of several rows, column by column: at most 8 * 255.
struct RowSums {
    private var line: [UInt8] = []
    private var sums: [UInt16] = []

    mutating func clear(_ width: Int) {
        if line.count != width {
            line = [UInt8](repeating: 0, count: width)
            sums = [UInt16](repeating: 0, count: width)
        }
        for column in 0..<width { sums[column] = 0 }
    }

    @unsafe mutating func add(_ row: UnsafePointer<UInt8>, layout: PixelLayout, first: Int, count: Int) {
        unsafe line.withUnsafeMutableBufferPointer { line in
            guard let base = line.baseAddress else { return }
            unsafe layout.copy(row, first: first, count: count, to: base)
        }
        for column in 0..<count { sums[column] &+= UInt16(line[column]) }
    }

    /// The means of squares, rounded.
    @unsafe func mean(of size: Int, to out: UnsafeMutablePointer<UInt8>) {
        let half = size * size / 2
        for column in 0..<(sums.count / size) {
            var sum = half
            for index in 0..<size { sum &+= Int(sums[column &* size &+ index]) }
            unsafe out[column] = UInt8(truncatingIfNeeded: sum / (size * size))
        }
    }
}
