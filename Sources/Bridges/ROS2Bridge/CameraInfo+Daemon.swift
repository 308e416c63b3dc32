internal import Messages
internal import ROS2

extension CameraInfo {
    /// Which of ROS's distortion models a model of COLMAP's is: so many focal lengths, then the principal point, then
    /// so many coefficients, which go to these places of ROS's list.
    private struct Row {
        var name: String
        var focalLengths: Int
        var places: [Int]
        var coefficients: Int
    }

    private static let rows: [String: Row] = {
        func plumbBob(_ focalLengths: Int, _ places: [Int]) -> Row {
            Row(name: "plumb_bob", focalLengths: focalLengths, places: places, coefficients: 5)
        }
        func equidistant(_ focalLengths: Int, _ places: [Int]) -> Row {
            Row(name: "equidistant", focalLengths: focalLengths, places: places, coefficients: 4)
        }
        return [
            "SIMPLE_PINHOLE": plumbBob(1, []), "PINHOLE": plumbBob(2, []), "SIMPLE_RADIAL": plumbBob(1, [0]),
            "RADIAL": plumbBob(1, [0, 1]), "OPENCV": plumbBob(2, [0, 1, 2, 3]),
            "FULL_OPENCV": Row(
                name: "rational_polynomial", focalLengths: 2, places: Array(0..<8), coefficients: 8),
            "SIMPLE_FISHEYE": equidistant(1, []), "FISHEYE": equidistant(2, []),
            "SIMPLE_RADIAL_FISHEYE": equidistant(1, [0]), "RADIAL_FISHEYE": equidistant(1, [0, 1]),
            "OPENCV_FISHEYE": equidistant(2, [0, 1, 2, 3]),
        ]
    }()

    /// Nil of a model that ROS has no name for, or with another number of parameters than the model has.
    init?(_ camera: Hfloc_V1_CameraInfo, header: Header) {
        guard let row = Self.rows[camera.model] else { return nil }
        let parameters = camera.parameters
        guard parameters.count == row.focalLengths + 2 + row.places.count else { return nil }
        var distortion = [Double](repeating: 0, count: row.coefficients)
        for (place, value) in zip(row.places, parameters.dropFirst(row.focalLengths + 2)) { distortion[place] = value }
        self.init(
            header: header, width: camera.width, height: camera.height, distortionModel: row.name,
            distortion: distortion, focalLength: SIMD2(parameters[0], parameters[row.focalLengths - 1]),
            principalPoint: SIMD2(parameters[row.focalLengths], parameters[row.focalLengths + 1]))
    }
}
