internal import CKernels
internal import Container
internal import Kernels

/// The model's weights as one table of kernels wants them, packed once, in one allocation.
@safe final class PackedWeights {
    private let memory: AlignedMemory
    private var convolutions: [String: hf_convolution] = unsafe [:]
    private var depthwises: [String: hf_depthwise] = unsafe [:]
    private(set) var stem = unsafe hf_stem()

    init(_ model: Model, kernels: KernelTable) {
        let layers = model.layers.values.filter { $0.operation != .add }.sorted { $0.name < $1.name }
        let sizes = layers.map { Self.size(of: $0, kernels: kernels) }
        memory = AlignedMemory(count: sizes.reduce(0) { $0 + AlignedMemory.aligned($1) })
        var offset = 0
        for (layer, size) in zip(layers, sizes) {
            pack(layer, of: model, kernels: kernels, at: offset)
            offset += AlignedMemory.aligned(size)
        }
    }

    func convolution(_ name: String) -> hf_convolution {
        guard let layer = unsafe convolutions[name] else { preconditionFailure("no convolution \(name)") }
        return unsafe layer
    }

    func depthwise(_ name: String) -> hf_depthwise {
        guard let layer = unsafe depthwises[name] else { preconditionFailure("no depthwise convolution \(name)") }
        return unsafe layer
    }

    private static func taps(_ layer: Layer) -> Int32 { layer.operation == .convolution ? 9 : 1 }

    private static func size(of layer: Layer, kernels: KernelTable) -> Int {
        let n = Int32(layer.outputChannels)
        let size: Int? =
            switch layer.operation {
            case .stem: unsafe kernels.table.stem_size.map { $0(n) }
            case .depthwise: unsafe kernels.table.depthwise_size.map { $0(n) }
            default: unsafe kernels.table.convolution_size.map { $0(taps(layer), Int32(layer.inputChannels), n) }
            }
        guard let size else { preconditionFailure("the table \(kernels.name) cannot size \(layer.name)") }
        return size
    }

    private func pack(_ layer: Layer, of model: Model, kernels: KernelTable, at offset: Int) {
        let packed = unsafe memory.base + offset
        let n = Int32(layer.outputChannels)
        let k = Int32(layer.inputChannels)
        let output = layer.output == .int8 ? HF_OUTPUT_INT8 : HF_OUTPUT_INT16
        unsafe withWeights(of: layer, in: model) { weight, after in
            switch layer.operation {
            case .stem: unsafe kernels.table.pack_stem?(packed, weight, after, n)
            case .depthwise: unsafe kernels.table.pack_depthwise?(packed, weight, after, n)
            default: unsafe kernels.table.pack_convolution?(packed, weight, after, output, Self.taps(layer), k, n)
            }
        }
        switch layer.operation {
        case .stem: unsafe stem = hf_stem(n: n, packed: packed)
        case .depthwise:
            unsafe depthwises[layer.name] = hf_depthwise(channels: n, stride: Int32(layer.stride), packed: packed)
        default:
            unsafe convolutions[layer.name] = hf_convolution(
                taps: Self.taps(layer), k: k, n: n, output: output, packed: packed)
        }
    }

    private func withWeights(
        of layer: Layer, in model: Model, _ body: (UnsafePointer<Int8>?, hf_requantization) -> Void
    ) {
        let weight = model.tensor("\(layer.name).weight", of: Int8.self)
        let bias = model.tensor("\(layer.name).bias", of: Int32.self)
        let shift = model.tensor("\(layer.name).shift", of: UInt8.self)
        let multiplier = model.tensor("\(layer.name).multiplier", of: Int16.self)
        unsafe weight.withUnsafeBufferPointer { weight in
            unsafe bias.withUnsafeBufferPointer { bias in
                unsafe shift.withUnsafeBufferPointer { shift in
                    unsafe multiplier.withUnsafeBufferPointer { multiplier in
                        let after = unsafe hf_requantization(
                            bias: bias.baseAddress, shift: shift.baseAddress, multiplier: multiplier.baseAddress,
                            zero_point: layer.zeroPoint)
                        unsafe body(weight.baseAddress, after)
                    }
                }
            }
        }
    }
}
