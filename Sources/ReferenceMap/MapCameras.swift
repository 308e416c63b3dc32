import Container
import Geometry

/// Cameras as tensors: COLMAP's model number, size, and parameters in COLMAP's order, in this project's pixel
/// convention.
enum MapCameras {
    static func read(_ file: TensorFile, count: Int) throws(ContainerError) -> [Camera] {
        let width = MapFormat.cameraParameters
        let models: TensorView<Int32> = try file.tensor(MapFormat.Tensor.cameraModel, shape: [count])
        let sizes: TensorView<Int32> = try file.tensor(MapFormat.Tensor.cameraSize, shape: [count, 2])
        let values: TensorView<Double> = try file.tensor(MapFormat.Tensor.cameraParameters, shape: [count, width])
        var cameras: [Camera] = []
        cameras.reserveCapacity(count)
        for index in 0..<count {
            guard let model = CameraModel(colmapID: models[index]) else {
                throw damaged(file, MapFormat.Tensor.cameraModel, "\(models[index]) is no camera model")
            }
            let start = index * width
            do {
                cameras.append(
                    try Camera(
                        model: model, parameters: Array(values[start..<start + model.parameterCount]),
                        width: Int(sizes[2 * index]), height: Int(sizes[2 * index + 1])))
            } catch {
                throw damaged(file, "cameras", "\(error)")
            }
        }
        return cameras
    }

    private static func damaged(_ file: TensorFile, _ field: String, _ reason: String) -> ContainerError {
        ContainerError(
            .unsuitable, file: file.path, field: "tensor '\(field)'", reason: reason,
            cure: "the file is damaged: fetch or build it again")
    }

    static func add(_ cameras: [Camera], to writer: inout TensorFileWriter) {
        var values: [Double] = []
        for camera in cameras {
            let parameters = camera.parameters
            values += parameters
            values += repeatElement(0, count: MapFormat.cameraParameters - parameters.count)
        }
        writer.add(MapFormat.Tensor.cameraModel, cameras.map(\.model.colmapID))
        writer.add(
            MapFormat.Tensor.cameraSize, cameras.flatMap { [Int32($0.width), Int32($0.height)] },
            shape: [cameras.count, 2])
        writer.add(
            MapFormat.Tensor.cameraParameters, values, shape: [cameras.count, MapFormat.cameraParameters])
    }
}
