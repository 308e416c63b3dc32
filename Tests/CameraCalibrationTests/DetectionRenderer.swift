import CameraCalibration
import Features
import Geometry
import GeometryFixtures
import TestSupport

/// Pictures of a board as a camera would take them: the pattern is drawn by area, so that where the corners are is
/// known exactly.
struct BoardRenderer {
    let board: Board
    let camera: Camera
    /// Standard deviation of a Gaussian blur, pixels.
    var blur = 0.7
    /// Standard deviation of the noise, grey levels.
    var noise = 0.0
    var black = 35.0
    var white = 205.0
    /// Around the board, as dark as a wall.
    var background = 120.0
    /// Light at the right edge divided by that at the left.
    var gradient = 1.0
    /// White around the pattern, metres.
    var margin = 0.02

    private static let coarse = 4
    /// Points in a pixel: a Fibonacci lattice, so that edges along the axes are not rounded to few places.
    private static let samples = 34

    init(_ board: Board, _ camera: Camera) {
        self.board = board
        self.camera = camera
    }

    /// The view of the board in this pose.
    func image(_ cameraFromBoard: RigidTransform, seed name: String) -> GreyImage {
        let pattern = Pattern(board)
        let places = boardPlaces(cameraFromBoard)
        var values = [Double](repeating: 0, count: camera.width * camera.height)
        for y in 0..<camera.height {
            for x in 0..<camera.width {
                var sum = 0.0
                for k in 0..<Self.samples {
                    let dx = (Double(k) + 0.5) / Double(Self.samples) - 0.5
                    let dy = (Double(k * 21 % Self.samples) + 0.5) / Double(Self.samples) - 0.5
                    sum += level(at: places.at(Double(x) + dx, Double(y) + dy), pattern)
                }
                let light = 1 + (gradient - 1) * Double(x) / Double(camera.width)
                values[y * camera.width + x] = sum / Double(Self.samples) * light
            }
        }
        values = Self.blurred(values, camera.width, camera.height, blur)
        var generator = SeededGenerator(name)
        var image = GreyImage(width: camera.width, height: camera.height)
        for i in values.indices {
            let noisy = values[i] + (noise > 0 ? noise * Self.normal(&generator) : 0)
            image.pixels[i] = UInt8(min(max(noisy.rounded(), 0), 255))
        }
        return image
    }

    /// Where the corners are seen, by id; nil outside of the image.
    func truth(_ cameraFromBoard: RigidTransform) -> [Vector2?] {
        board.points.map { point in
            guard let pixel = camera.project(cameraFromBoard * point), camera.contains(pixel) else { return nil }
            return pixel
        }
    }

    /// A pose that turns the board about its centre and puts that at a distance before a pixel.
    static func pose(_ board: Board, turn: Vector3, distance: Double, at: Vector2 = .zero) -> RigidTransform {
        let rotation = Rotation(exp: turn)
        let centre = board.points.reduce(Vector3.zero, +) / Double(board.points.count)
        let place = Vector3(at.x * distance, at.y * distance, distance)
        return RigidTransform(rotation: rotation, translation: place - rotation * centre)
    }

    private func level(at place: Vector2?, _ pattern: Pattern) -> Double {
        guard let place else { return background }
        let (low, high) = (Vector2(-margin, -margin), pattern.size + margin)
        guard place.x > low.x, place.y > low.y, place.x < high.x, place.y < high.y else { return background }
        return pattern.isBlack(place) ? black : white
    }

    /// The pattern's coordinates of every few pixels; between them they are interpolated.
    private func boardPlaces(_ cameraFromBoard: RigidTransform) -> PlaceGrid {
        let boardFromCamera = cameraFromBoard.inverse
        let origin = boardFromCamera.translation
        let corner = Pattern(board).firstCorner
        let step = Self.coarse
        let (columns, rows) = (camera.width / step + 3, camera.height / step + 3)
        let places = (0..<columns * rows).map { index -> Vector2? in
            let pixel = Vector2(Double((index % columns - 1) * step), Double((index / columns - 1) * step))
            guard let ray = camera.bearing(of: pixel) else { return nil }
            let direction = boardFromCamera.rotation * ray
            let distance = -origin.z / direction.z
            guard distance > 0, distance.isFinite else { return nil }
            let hit = origin + direction * distance
            return Vector2(hit.x, hit.y) + corner
        }
        return PlaceGrid(step: Double(step), columns: columns, rows: rows, places: places)
    }

    private static func normal(_ generator: inout SeededGenerator) -> Double {
        // Twelve uniform numbers are normal enough.
        (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &generator) }
    }

    private static func blurred(_ values: [Double], _ width: Int, _ height: Int, _ sigma: Double) -> [Double] {
        guard sigma > 0 else { return values }
        let reach = Int((3 * sigma).rounded(.up))
        let raw = (-reach...reach).map { exponential(-0.5 * Double($0 * $0) / (sigma * sigma)) }
        let weights = raw.map { $0 / raw.reduce(0, +) }
        func pass(_ source: [Double], _ dx: Int, _ dy: Int) -> [Double] {
            var out = source
            for y in 0..<height {
                for x in 0..<width {
                    var sum = 0.0
                    for k in -reach...reach {
                        let (u, v) = (min(max(x + k * dx, 0), width - 1), min(max(y + k * dy, 0), height - 1))
                        sum += weights[k + reach] * source[v * width + u]
                    }
                    out[y * width + x] = sum
                }
            }
            return out
        }
        return pass(pass(values, 1, 0), 0, 1)
    }
}

private struct PlaceGrid {
    let step: Double
    let columns: Int
    let rows: Int
    let places: [Vector2?]

    func at(_ x: Double, _ y: Double) -> Vector2? {
        let (u, v) = (x / step + 1, y / step + 1)
        let (column, row) = (Int(u), Int(v))
        let (s, t) = (u - Double(column), v - Double(row))
        let i = row * columns + column
        guard let a = places[i], let b = places[i + 1], let c = places[i + columns], let d = places[i + columns + 1]
        else { return nil }
        return (a * (1 - s) + b * s) * (1 - t) + (c * (1 - s) + d * s) * t
    }
}

/// The drawing, sorted into cells to be asked for single points.
private struct Pattern {
    let size: Vector2
    /// Where corner (0, 0, 0) of the board frame lies on the pattern.
    let firstCorner: Vector2
    private let cell: Double
    private let columns: Int
    private let rows: Int
    private var cells: [[BoardDrawing.Rectangle]]

    init(_ board: Board) {
        let drawing = BoardDrawing(board)
        size = drawing.size
        switch board.kind {
        case .chessboard, .charuco: firstCorner = Vector2(board.squareSize, board.squareSize)
        case .aprilGrid(_, _, let tag, let spacing): firstCorner = Vector2(tag, tag) * spacing
        }
        cell = board.squareSize
        columns = Int(size.x / cell) + 2
        rows = Int(size.y / cell) + 2
        cells = Array(repeating: [], count: columns * rows)
        for r in drawing.rectangles {
            let end = r.origin + r.size
            for row in Int(r.origin.y / cell)...Int(end.y / cell) {
                for column in Int(r.origin.x / cell)...Int(end.x / cell) { cells[row * columns + column].append(r) }
            }
        }
    }

    func isBlack(_ p: Vector2) -> Bool {
        guard p.x >= 0, p.y >= 0, p.x < size.x, p.y < size.y else { return false }
        let count = cells[Int(p.y / cell) * columns + Int(p.x / cell)].count { r in
            p.x >= r.origin.x && p.y >= r.origin.y && p.x < r.origin.x + r.size.x && p.y < r.origin.y + r.size.y
        }
        return count % 2 == 1
    }
}
