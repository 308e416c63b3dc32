internal import Features
internal import Geometry

/// Chooses landmarks that lie spread over a picture: of each cell of a grid the best, then the second best, and so on.
struct LandmarkSpread {
    private static let cells = 10
    private var ranks: [Int] = []
    private var counts = [Int](repeating: 0, count: cells * cells)
    /// Indices of the chosen, spread first.
    private(set) var chosen: [Int] = []

    /// Allocates memory for so many.
    init(capacity: Int) {
        ranks.reserveCapacity(capacity)
        chosen.reserveCapacity(capacity)
    }

    /// - Parameters:
    ///   - matches: best first.
    ///   - most: how many are chosen.
    ///   - camera: of the picture that their pixels are in.
    mutating func choose(among matches: [Correspondence], most: Int, camera: Camera) {
        ranks.removeAll(keepingCapacity: true)
        chosen.removeAll(keepingCapacity: true)
        for cell in counts.indices { counts[cell] = 0 }
        for match in matches {
            let cell = Self.cell(of: match.pixel, camera)
            ranks.append(counts[cell])
            counts[cell] += 1
        }
        let last = min(counts.max() ?? 0, most)
        for rank in 0..<last {
            for index in matches.indices where ranks[index] == rank && chosen.count < most { chosen.append(index) }
            if chosen.count == most { return }
        }
    }

    private static func cell(of pixel: Vector2, _ camera: Camera) -> Int {
        let x = Int((pixel.x + 0.5) * Double(cells) / Double(camera.width))
        let y = Int((pixel.y + 0.5) * Double(cells) / Double(camera.height))
        return min(max(y, 0), cells - 1) * cells + min(max(x, 0), cells - 1)
    }
}
