import CKernelChecks
import CKernels
import Inference
import Testing

/// The kernels are checked and timed on the network's layers, whose list is written in C once more
/// (Tests/CKernelChecks).
@Suite struct KernelCheckLayersTests {
    /// What both lists say of a layer.
    struct Shape: Equatable, CustomStringConvertible {
        let description: String

        init(_ layer: Layer) {
            let operation =
                switch layer.operation {
                case .stem: HF_STEM
                case .pointwise: HF_POINTWISE
                case .depthwise: HF_DEPTHWISE
                case .convolution: HF_CONVOLUTION
                case .add: HF_ADD
                }
            description =
                "\(layer.name) \(operation.rawValue) \(layer.inputChannels) \(layer.outputChannels) "
                + "\(layer.stride) \(layer.output == .int16)"
        }

        init(_ layer: hf_network_layer) {
            let name = unsafe withUnsafeBytes(of: layer.name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            description =
                "\(name) \(layer.operation.rawValue) \(layer.k) \(layer.n) "
                + "\(layer.stride) \(layer.output == HF_OUTPUT_INT16)"
        }
    }

    @Test("the checks' list of layers is the network's", arguments: [64, 256])
    func agree(descriptorDimension: Int) {
        var list = [hf_network_layer](repeating: hf_network_layer(), count: Int(HF_NETWORK_LAYERS))
        let count = unsafe hf_network_layers(Int32(descriptorDimension), &list)
        let network = HFNet.layers(descriptorDimension: descriptorDimension)
        #expect(list[..<count].map(Shape.init) == network.map(Shape.init))
    }
}
