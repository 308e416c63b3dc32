/// A plane at z = 5 m, facing the cameras, covered with rectangles of random grey.
public struct Wall {
    /// Pixels.
    public static let width = 320
    public static let height = 240
    private var rectangles: [(x: Double, y: Double, width: Double, height: Double, grey: Double)] = []

    /// The same wall for the same name.
    public init(named name: String) {
        var random = SeededGenerator(name)
        for _ in 0..<700 {
            rectangles.append(
                (
                    .random(in: -4...6, using: &random), .random(in: -3...3, using: &random),
                    .random(in: 0.15...0.6, using: &random), .random(in: 0.15...0.6, using: &random),
                    .random(in: 10...245, using: &random)
                ))
        }
    }

    /// A PGM of what a camera with f = 300 at (x, 0, 0) sees, four samples a pixel.
    public func picture(cameraX: Double) -> [UInt8] {
        let (w, h) = (2 * Self.width, 2 * Self.height)
        var samples = [Double](repeating: 128, count: w * h)
        // Sample (i, j) lies at pixel ((i + 0.5) / 2 - 0.5), which sees x = cameraX + 5 (pixel - 159.5) / 300.
        func column(_ x: Double) -> Int { Int((((x - cameraX) * 60 + 159.5 + 0.5) * 2 - 0.5).rounded(.up)) }
        func row(_ y: Double) -> Int { Int(((y * 60 + 119.5 + 0.5) * 2 - 0.5).rounded(.up)) }
        for r in rectangles {
            let columns = max(0, column(r.x))..<max(max(0, column(r.x)), min(w, column(r.x + r.width)))
            for y in max(0, row(r.y))..<max(max(0, row(r.y)), min(h, row(r.y + r.height))) {
                for x in columns { samples[y * w + x] = r.grey }
            }
        }
        var bytes = Array("P5 \(Self.width) \(Self.height) 255\n".utf8)
        for y in 0..<Self.height {
            for x in 0..<Self.width {
                let at = 2 * y * w + 2 * x
                bytes.append(UInt8((samples[at] + samples[at + 1] + samples[at + w] + samples[at + w + 1]) / 4))
            }
        }
        return bytes
    }
}
