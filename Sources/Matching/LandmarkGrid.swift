internal import Geometry

/// The landmarks of a place where a camera would see them, sorted into square cells of the image, so that those near a
/// keypoint are found at once.
struct LandmarkGrid {
    /// Side of a cell, pixels.
    private static let cell = 16.0

    private var columns = 0
    private var rows = 0
    /// Landmarks of cell c: `order[offsets[c] ..< offsets[c + 1]]`.
    private var offsets: [Int32] = []
    private var order: [Int32] = []
    /// Per landmark its pixel, and its cell or -1 if it is not in view.
    private var pixels: [Vector2] = []
    private var cells: [Int32] = []

    mutating func reserve(_ capacity: Int) {
        order.reserveCapacity(capacity)
        pixels.reserveCapacity(capacity)
        cells.reserveCapacity(capacity)
        offsets.reserveCapacity(1 + 80 * 60)
    }

    /// How many landmarks are in view.
    var count: Int { order.count }

    /// Projects the landmarks of a place; those behind the camera, outside the image, or seen by the map only from
    /// elsewhere are left out.
    mutating func project(_ place: PlaceLandmarks, from cameraFromMap: RigidTransform, camera: Camera) {
        let centre = cameraFromMap.originInSource
        columns = Int((Double(camera.width) / Self.cell).rounded(.up))
        rows = Int((Double(camera.height) / Self.cell).rounded(.up))
        offsets.removeAll(keepingCapacity: true)
        offsets.append(contentsOf: repeatElement(0, count: columns * rows + 1))
        pixels.removeAll(keepingCapacity: true)
        cells.removeAll(keepingCapacity: true)
        for (index, position) in place.positions.enumerated() {
            let isRecognizable = place.views[index].includes(position - centre)
            let pixel = isRecognizable ? camera.project(cameraFromMap * position) : nil
            let cell = pixel.flatMap(cellIndex)
            pixels.append(pixel ?? Vector2(0, 0))
            cells.append(Int32(cell ?? -1))
            if let cell { offsets[cell + 1] += 1 }
        }
        sortIntoCells()
    }

    /// Counting sort by cell: afterwards `offsets[c]` is where cell c starts.
    private mutating func sortIntoCells() {
        for cell in 1..<offsets.count { offsets[cell] += offsets[cell - 1] }
        order.removeAll(keepingCapacity: true)
        order.append(contentsOf: repeatElement(0, count: Int(offsets[offsets.count - 1])))
        // Filled from the back, each cell's end moves down to its start.
        for landmark in cells.indices.reversed() where cells[landmark] >= 0 {
            let next = Int(cells[landmark]) + 1
            offsets[next] -= 1
            order[Int(offsets[next])] = Int32(landmark)
        }
        // Now offsets[c + 1] is the start of cell c: shift down by one, the end of the last cell is the total.
        for cell in 1..<offsets.count { offsets[cell - 1] = offsets[cell] }
        offsets[offsets.count - 1] = Int32(order.count)
    }

    private func cellIndex(of pixel: Vector2) -> Int? {
        let column = (pixel.x / Self.cell).rounded(.down)
        let row = (pixel.y / Self.cell).rounded(.down)
        guard column >= 0, row >= 0, column < Double(columns), row < Double(rows) else { return nil }
        return Int(row) * columns + Int(column)
    }

    /// How many landmarks in view project to such pixels.
    func count(where holds: (Vector2) -> Bool) -> Int {
        order.reduce(0) { $0 + (holds(pixels[Int($1)]) ? 1 : 0) }
    }

    /// Calls `body` with the pixel of every landmark in view.
    func forEachLandmark(_ body: (Vector2) -> Void) {
        for index in order { body(pixels[Int(index)]) }
    }

    /// Calls `body` with every landmark that projects within `radius` pixels of `pixel`.
    func forEachLandmark(near pixel: Vector2, radius: Double, _ body: (Int) -> Void) {
        let left = clamp((pixel.x - radius) / Self.cell, columns)
        let right = clamp((pixel.x + radius) / Self.cell, columns)
        let top = clamp((pixel.y - radius) / Self.cell, rows)
        let bottom = clamp((pixel.y + radius) / Self.cell, rows)
        for row in top...bottom {
            for cell in row * columns + left...row * columns + right {
                for index in offsets[cell]..<offsets[cell + 1] {
                    let landmark = Int(order[Int(index)])
                    if (pixels[landmark] - pixel).lengthSquared <= radius * radius { body(landmark) }
                }
            }
        }
    }

    private func clamp(_ value: Double, _ count: Int) -> Int {
        min(max(Int(value.rounded(.down)), 0), count - 1)
    }
}
