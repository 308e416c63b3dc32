public import Container
internal import Features

/// The global descriptors of a map's keyframes, without their scales.
public enum GlobalDescriptorRows: Sendable {
    /// [keyframes, dimension]: of the model's head.
    case numbers(TensorView<Int8>)
    /// [keyframes, dimension / 8]: of clusters of the map's own, a bit a component, 1 for +1 and 0 for -1; the first in
    /// the lowest bit of the first byte.
    case signs(TensorView<UInt8>)

    init(
        _ file: TensorFile, keyframes: Int, dimension: Int, clusters: VladClusters?
    ) throws(ContainerError) {
        guard let clusters else {
            self = .numbers(try file.tensor(MapFormat.Tensor.global, shape: [keyframes, dimension]))
            return
        }
        guard clusters.dimension == dimension else {
            throw ContainerError(
                .corrupt, file: file.path, field: "metadata '\(MapFormat.Key.globalDimension)'",
                reason: "is \(dimension), the map's clusters give \(clusters.dimension)",
                cure: "the file is damaged: fetch or build it again")
        }
        self = .signs(try file.tensor(MapFormat.Tensor.globalSigns, shape: [keyframes, dimension / 8]))
    }

    /// Values of the keyframe's descriptor, `dimension` of them. Allocates.
    public func values(ofKeyframe keyframe: Int, dimension: Int) -> [Int8] {
        switch self {
        case .numbers(let rows): Array(rows[keyframe * dimension..<(keyframe + 1) * dimension])
        case .signs(let rows):
            (0..<dimension).map { rows[keyframe * (dimension / 8) + $0 / 8] >> UInt8($0 % 8) & 1 == 1 ? 1 : -1 }
        }
    }
}
