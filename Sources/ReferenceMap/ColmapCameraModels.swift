/// COLMAP's camera models: name and number of parameters by id (COLMAP 4, `sensor/models.h`).
enum ColmapCameraModels {
    static let all: [(name: String, parameters: Int)] = [
        ("SIMPLE_PINHOLE", 3), ("PINHOLE", 4), ("SIMPLE_RADIAL", 4), ("RADIAL", 5), ("OPENCV", 8),
        ("OPENCV_FISHEYE", 8), ("FULL_OPENCV", 12), ("FOV", 5), ("SIMPLE_RADIAL_FISHEYE", 4), ("RADIAL_FISHEYE", 5),
        ("THIN_PRISM_FISHEYE", 12), ("RAD_TAN_THIN_PRISM_FISHEYE", 16), ("SIMPLE_DIVISION", 4), ("DIVISION", 5),
        ("SIMPLE_FISHEYE", 3), ("FISHEYE", 4), ("EUCM", 6), ("EQUIRECTANGULAR", 2),
    ]

    static func parameterCount(of name: String) -> Int? {
        all.first { $0.name == name }?.parameters
    }

    /// Largest image side that is believed, pixels.
    static let largestSide = 100_000
}
