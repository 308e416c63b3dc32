import Container
import Features
import Inference

/// The model specification's integer arithmetic, read straight from the file and computed one value at a time: the
/// oracle for sizes that the golden file does not have. It shares nothing with the program but the container.
struct ReferenceNetwork {
    private struct Layer {
        let name: String
        let operation: String
        let inputs: [String]
        let stride: Int
        let channels: Int
        let isWide: Bool
        let zeroPoint: Int
    }

    private let file: TensorFile
    private let layers: [Layer]

    init(_ path: String) throws {
        file = try TensorFile(opening: path)
        layers = try (file.json("layers").array ?? []).map { json in
            Layer(
                name: json["name"]?.string ?? "", operation: json["operation"]?.string ?? "",
                inputs: (json["inputs"]?.array ?? []).compactMap(\.string), stride: json["stride"]?.int ?? 0,
                channels: json["output_channels"]?.int ?? 0, isWide: json["output_type"]?.string == "int16",
                zeroPoint: json["zero_point"]?.int ?? 0)
        }
    }

    struct Tensor {
        var width: Int
        var height: Int
        var channels: Int
        var values: [Int16]
    }

    func run(_ image: GreyImage, features: LocalFeatures) throws -> [String: Tensor] {
        var tensors = [
            "image": Tensor(
                width: image.width, height: image.height, channels: 1, values: image.pixels.map { Int16($0) - 128 }),
            "keypoints": Tensor(
                width: features.count, height: 1, channels: features.dimension,
                values: features.descriptors.map { Int16($0) }),
        ]
        var zero = ["image": 0, "keypoints": 0]
        for layer in layers {
            zero[layer.name] = layer.zeroPoint
            let inputs = layer.inputs.compactMap { tensors[$0] }
            let zeros = layer.inputs.compactMap { zero[$0] }
            tensors[layer.name] =
                layer.operation == "add"
                ? try add(layer, inputs, zeros) : try convolve(layer, inputs[0], zero: zeros[0])
        }
        return tensors
    }

    private func clamp(_ value: Int, _ bits: Int) -> Int { max(-(1 << (bits - 1)), min(1 << (bits - 1) - 1, value)) }
    private func multiply(_ a: Int, _ b: Int) -> Int { (a * b + 0x4000) >> 15 }

    private func add(_ layer: Layer, _ inputs: [Tensor], _ zeros: [Int]) throws -> Tensor {
        let multipliers = try file.tensor("\(layer.name).multiplier", of: Int16.self)
        var out = inputs[0]
        for index in out.values.indices {
            let (pixel, channel) = index.quotientAndRemainder(dividingBy: out.channels)
            let (y, x) = pixel.quotientAndRemainder(dividingBy: out.width)
            let other = ((y / layer.stride) * inputs[1].width + x / layer.stride) * out.channels + channel
            let a = multiply((Int(inputs[0].values[index]) - zeros[0]) << 7, Int(multipliers[0]))
            let b = multiply((Int(inputs[1].values[other]) - zeros[1]) << 7, Int(multipliers[1]))
            out.values[index] = Int16(clamp((clamp(a + b, 16) + 16) >> 5 + layer.zeroPoint, 8))
        }
        return out
    }

    private func convolve(_ layer: Layer, _ input: Tensor, zero: Int) throws -> Tensor {
        let weight = try Array(file.tensor("\(layer.name).weight", of: Int8.self))
        let bias = try Array(file.tensor("\(layer.name).bias", of: Int32.self))
        let shift = try Array(file.tensor("\(layer.name).shift", of: UInt8.self))
        let multiplier = try Array(file.tensor("\(layer.name).multiplier", of: Int16.self))
        let width = (input.width + layer.stride - 1) / layer.stride
        let height = (input.height + layer.stride - 1) / layer.stride
        let isPointwise = layer.operation == "pointwise"
        let isDepthwise = layer.operation == "depthwise"
        func before(_ side: Int) -> Int { layer.stride == 2 && side % 2 == 0 ? 0 : 1 }
        let taps =
            isPointwise ? [(0, 0)] : (0..<9).map { ($0 % 3 - before(input.width), $0 / 3 - before(input.height)) }
        let depth = isDepthwise ? 1 : input.channels
        var out = Tensor(width: width, height: height, channels: layer.channels, values: [])
        out.values.reserveCapacity(width * height * layer.channels)
        var window = [Int](repeating: 0, count: taps.count * input.channels)
        for y in 0..<height {
            for x in 0..<width {
                for (tap, (dx, dy)) in taps.enumerated() {
                    let (column, row) = (x * layer.stride + dx, y * layer.stride + dy)
                    let inside = column >= 0 && row >= 0 && column < input.width && row < input.height
                    for channel in 0..<input.channels {
                        window[tap * input.channels + channel] =
                            inside ? Int(input.values[(row * input.width + column) * input.channels + channel]) : zero
                    }
                }
                for channel in 0..<layer.channels {
                    var sum = Int(bias[channel])
                    if isDepthwise {
                        for tap in 0..<9 {
                            sum +=
                                window[tap * depth * layer.channels + channel]
                                * Int(weight[tap * layer.channels + channel])
                        }
                    } else {
                        let row = channel * window.count
                        for index in window.indices { sum += window[index] * Int(weight[row + index]) }
                    }
                    let half = shift[channel] > 0 ? 1 << (Int(shift[channel]) - 1) : 0
                    let r = multiply(clamp((sum + half) >> Int(shift[channel]), 16), Int(multiplier[channel]))
                    out.values.append(
                        Int16(layer.isWide ? r : clamp(clamp(r + layer.zeroPoint, 16), 8)))
                }
            }
        }
        return out
    }
}
