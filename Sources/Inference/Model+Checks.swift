internal import Container

/// What a model file must say to be run: the kernels rely on every line of it.
extension Model {
    static let cure = "export the model again with this version's tools/training/export"

    static func network(_ file: TensorFile, _ field: String, _ reason: String) -> ModelError {
        ModelError(.network, file: file.path, field: field, reason: reason, cure: cure)
    }

    /// The layers by name, equal to HF-Net's in everything but quantization.
    static func layers(of file: TensorFile, descriptorDimension: Int) throws(ModelError) -> [String: Layer] {
        guard descriptorDimension % 8 == 0 else {
            throw network(file, "metadata 'descriptor_dimension'", "is no multiple of 8")
        }
        let json: JSON
        do {
            json = try file.json("layers")
        } catch {
            throw ModelError(error)
        }
        guard let entries = json.array else { throw network(file, "metadata 'layers'", "is no JSON array") }
        var found: [String: Layer] = [:]
        for entry in entries {
            do throws(Layer.Unreadable) {
                let layer = try Layer(entry)
                guard found.updateValue(layer, forKey: layer.name) == nil else {
                    throw Layer.Unreadable(entry: "\(layer.name) name")
                }
            } catch {
                throw network(file, "metadata 'layers' \(error.entry)", "is missing or impossible")
            }
        }
        for expected in HFNet.layers(descriptorDimension: descriptorDimension) {
            let field = "metadata 'layers' \(expected.name)"
            guard let layer = found[expected.name] else { throw network(file, field, "is missing") }
            guard layer.structure == expected else { throw network(file, field, "is not HF-Net's") }
        }
        let expectedCount = HFNet.layers(descriptorDimension: descriptorDimension).count
        guard found.count == expectedCount else {
            throw network(file, "metadata 'layers'", "has \(found.count) layers, HF-Net \(expectedCount)")
        }
        return found
    }

    func checkConstants() throws(ModelError) {
        for (key, value) in [
            ("clusters", "\(HFNet.clusters)"), ("descriptor_scale", "\(HFNet.descriptorScale)"),
            ("place_keypoints", "\(HFNet.placeKeypoints)"), ("pixel_convention", "centre-integer"),
        ] where file.metadata[key] != value {
            throw Self.network(
                file, "metadata '\(key)'", "is '\(file.metadata[key] ?? "missing")', this program knows '\(value)'")
        }
    }

    func checkTensors() throws(ModelError) {
        for layer in layers.values.sorted(by: { $0.name < $1.name }) {
            if layer.operation == .add { try checkAddition(layer) } else { try checkConvolution(layer) }
        }
        var vladDimension = 0
        for name in [HFNet.cellMemberships, HFNet.keypointMemberships] {
            let channels = layer(name).inputChannels
            try checkFinite("\(name).centres", shape: [HFNet.clusters, channels])
            vladDimension += HFNet.clusters * channels
        }
        try checkFinite("projection.scale", shape: [globalDimension])
        try checkFinite("projection.bias", shape: [globalDimension])
        _ = try checked("projection.weight", of: Int8.self, shape: [globalDimension, vladDimension])
    }

    private func checked<Element: TensorElement>(
        _ name: String, of type: Element.Type, shape: [Int?]
    ) throws(ModelError) -> TensorView<Element> {
        do {
            return try file.tensor(name, of: type, shape: shape)
        } catch {
            throw ModelError(error)
        }
    }

    private func checkFinite(_ name: String, shape: [Int?]) throws(ModelError) {
        let values = try checked(name, of: Float.self, shape: shape)
        guard values.allSatisfy(\.isFinite) else {
            throw Self.network(file, "tensor '\(name)'", "has a value that is no number")
        }
    }

    private func checkAddition(_ layer: Layer) throws(ModelError) {
        let multipliers = try checked("\(layer.name).multiplier", of: Int16.self, shape: [2])
        guard multipliers.allSatisfy({ $0 >= 0 }) else {
            throw Self.network(file, "tensor '\(layer.name).multiplier'", "has a negative value")
        }
    }

    /// Shapes, and the ranges that keep a 32-bit accumulator from overflowing (CKernels.h, hf_requantization).
    private func checkConvolution(_ layer: Layer) throws(ModelError) {
        let channels = layer.outputChannels
        let weights = try checked("\(layer.name).weight", of: Int8.self, shape: layer.weightShape)
        let bias = try checked("\(layer.name).bias", of: Int32.self, shape: [channels])
        let shift = try checked("\(layer.name).shift", of: UInt8.self, shape: [channels])
        let multiplier = try checked("\(layer.name).multiplier", of: Int16.self, shape: [channels])
        guard weights.allSatisfy({ $0 >= -127 }) else {
            throw Self.network(file, "tensor '\(layer.name).weight'", "has a value below -127")
        }
        guard shift.allSatisfy({ $0 <= 24 }) else {
            throw Self.network(file, "tensor '\(layer.name).shift'", "has a value above 24")
        }
        guard multiplier.allSatisfy({ $0 >= 0 }) else {
            throw Self.network(file, "tensor '\(layer.name).multiplier'", "has a negative value")
        }
        let fits = weights.withSpan { weights in
            (0..<channels).allSatisfy { channel in
                var sum = abs(Int(bias[channel]))
                if layer.operation == .depthwise {
                    for tap in 0..<9 { sum += 255 * abs(Int(weights[tap * channels + channel])) }
                } else {
                    let depth = weights.count / channels
                    for index in channel * depth..<(channel + 1) * depth { sum += 255 * abs(Int(weights[index])) }
                }
                return sum < 1 << 30
            }
        }
        guard fits else { throw Self.network(file, "tensor '\(layer.name).bias'", "can overflow the accumulator") }
    }
}
