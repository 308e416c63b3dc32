internal import Geometry

/// Square cells of an image. Keypoints of a cell show the same part of the scene, from the same keyframes, through the
/// same part of the lens: they err alike, so that their number says little, and the number of cells says more.
struct ImageCells {
    /// Pixels of an image whose long side is 640.
    private static let side = 80.0

    /// A cell without which nothing is fixed counts as if it held two thirds of the information.
    static let lever = 3.0

    private let size: Double
    let columns: Int
    let rows: Int

    /// Cells of the same share of any image.
    init(of camera: Camera) {
        size = Self.side * Double(max(camera.width, camera.height)) / 640
        columns = max(1, Int((Double(camera.width) / size).rounded(.up)))
        rows = max(1, Int((Double(camera.height) / size).rounded(.up)))
    }

    var count: Int { columns * rows }

    /// The cell of a pixel; of one outside of the image, the nearest.
    func index(of pixel: Vector2) -> Int {
        let column = min(max(0, (pixel.x / size).rounded(.down)), Double(columns - 1))
        let row = min(max(0, (pixel.y / size).rounded(.down)), Double(rows - 1))
        return Int(row) * columns + Int(column)
    }
}
