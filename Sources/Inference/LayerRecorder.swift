internal import CKernels

/// One layer's whole output, its integers as the model specification has them.
public struct LayerOutput: Sendable, Equatable {
    /// Positions across: the input's width over the layer's stride.
    public let width: Int
    /// Positions down: the input's height over the layer's stride.
    public let height: Int
    /// Values at a position; they are innermost.
    public let channels: Int
    /// `height * width * channels` values q, int8 or int16 widened.
    public internal(set) var values: [Int16]
}

/// Copies what the steps write, strip by strip, so that the very path that frames take can be compared with the golden
/// tensors.
final class LayerRecorder {
    private(set) var outputs: [String: LayerOutput] = [:]

    /// Rows `first ..< first + count` of a layer of `height` rows; `map` starts at row `first`.
    func record(_ name: String, _ map: ActivationMap, height: Int, first: Int, count: Int) {
        let shape = map.shape
        write(name, width: shape.width, height: height, channels: shape.channels, first: first, count: count) {
            y, x, channel in
            let byte = unsafe map.row(y)[x * shape.channels + channel]
            return Int16(Int8(bitPattern: byte ^ UInt8(HF_ACTIVATION_XOR)))
        }
    }

    /// The same for int16 rows without padding.
    func record(
        _ name: String, _ values: UnsafePointer<Int16>, width: Int, height: Int, channels: Int, first: Int, count: Int
    ) {
        write(name, width: width, height: height, channels: channels, first: first, count: count) { y, x, channel in
            unsafe values[(y * width + x) * channels + channel]
        }
    }

    /// `count` pixels of row `row`, from column `column`, out of the first row of `map`.
    func recordRow(
        _ name: String, _ map: ActivationMap, width: Int, height: Int, row: Int, column: Int, count: Int
    ) {
        let channels = map.shape.channels
        write(
            name, width: width, height: height, channels: channels, columns: column..<column + count, first: row,
            count: 1
        ) {
            _, x, channel in
            let byte = unsafe map.pixels[(x - column) * channels + channel]
            return Int16(Int8(bitPattern: byte ^ UInt8(HF_ACTIVATION_XOR)))
        }
    }

    private func write(
        _ name: String, width: Int, height: Int, channels: Int, columns: Range<Int>? = nil, first: Int, count: Int,
        _ value: (_ y: Int, _ x: Int, _ channel: Int) -> Int16
    ) {
        var output =
            outputs.removeValue(forKey: name)
            ?? LayerOutput(
                width: width, height: height, channels: channels,
                values: [Int16](repeating: .min, count: width * height * channels))
        for y in 0..<count {
            for x in columns ?? 0..<width {
                for channel in 0..<channels {
                    output.values[((first + y) * width + x) * channels + channel] = value(y, x, channel)
                }
            }
        }
        outputs[name] = output
    }
}
