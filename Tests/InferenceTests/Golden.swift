import Container
import Features
import Inference
import Testing

/// The model and the golden file that lie beside the sources.
enum Golden {
    private static let directory = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(
        separator: "/")
    static let modelPath = "\(directory)/../../Sources/Inference/Model/hfnet.safetensors"
    static let path = "\(directory)/Golden/golden.safetensors"

    static func model() throws -> Model { try Model(opening: modelPath) }
    static func file() throws -> TensorFile { try TensorFile(opening: path, kind: "hfloc-golden", version: 1) }

    static func image(_ file: TensorFile) throws -> GreyImage {
        let pixels: TensorView<UInt8> = try file.tensor("image", shape: [nil, nil])
        var image = GreyImage(width: pixels.shape[1], height: pixels.shape[0])
        image.pixels = Array(pixels)
        return image
    }
}

/// A network for one image, whatever its size.
func network(
    _ model: Model, _ image: GreyImage, keypoints: Int = 500, threshold: Float? = nil, kernels: String? = nil
) throws -> Network {
    try Network(
        model: model, imageWidth: image.width, imageHeight: image.height, longSide: max(image.width, image.height),
        maximumKeypoints: keypoints, detectionThreshold: threshold, kernels: kernels)
}
