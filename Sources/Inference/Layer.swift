internal import Container

/// One layer as the model file declares it (Model.md, "The model file").
package struct Layer: Equatable, Sendable {
    package enum Operation: String, Sendable {
        case stem, pointwise, depthwise, convolution, add
    }

    package enum Output: String, Sendable {
        case int8, int16
    }

    package var name: String
    package var operation: Operation
    package var inputs: [String]
    package var stride: Int
    package var inputChannels: Int
    package var outputChannels: Int
    package var output: Output
    /// A real value is `(q - zeroPoint) * scale`.
    var scale: Float = 1
    var zeroPoint: Int32 = 0

    /// The same layer whatever its quantization.
    var structure: Layer {
        var layer = self
        layer.scale = 1
        layer.zeroPoint = 0
        return layer
    }

    /// The shape of its weights in the file; an addition has none.
    var weightShape: [Int?] {
        switch operation {
        case .stem: [outputChannels, 9]
        case .pointwise: [outputChannels, inputChannels]
        case .convolution: [outputChannels, 9, inputChannels]
        case .depthwise: [9, outputChannels]
        case .add: []
        }
    }
}

extension Layer {
    /// Reads one entry of the metadata `layers`; an `Unreadable` names the entry at fault.
    init(_ json: JSON) throws(Unreadable) {
        guard let name = json["name"]?.string else { throw Unreadable(entry: "name") }
        guard let operation = json["operation"]?.string.flatMap(Operation.init) else {
            throw Unreadable(entry: "\(name) operation")
        }
        guard let list = json["inputs"]?.array else { throw Unreadable(entry: "\(name) inputs") }
        let inputs = list.compactMap(\.string)
        guard inputs.count == list.count, !inputs.isEmpty else { throw Unreadable(entry: "\(name) inputs") }
        guard let output = json["output_type"]?.string.flatMap(Output.init) else {
            throw Unreadable(entry: "\(name) output_type")
        }
        guard let scale = json["scale"]?.double, scale > 1e-12, scale < 1e6 else {
            throw Unreadable(entry: "\(name) scale")
        }
        self.init(
            name: name, operation: operation, inputs: inputs, stride: try Self.int("stride", 1...2, json, name),
            inputChannels: try Self.int("input_channels", 1...4096, json, name),
            outputChannels: try Self.int("output_channels", 1...4096, json, name), output: output,
            scale: Float(scale),
            zeroPoint: Int32(try Self.int("zero_point", output == .int8 ? -128...127 : 0...0, json, name)))
    }

    struct Unreadable: Error {
        let entry: String
    }

    private static func int(
        _ key: String, _ range: ClosedRange<Int>, _ json: JSON, _ layer: String
    ) throws(Unreadable) -> Int {
        guard let value = json[key]?.int, range.contains(value) else { throw Unreadable(entry: "\(layer) \(key)") }
        return value
    }
}
