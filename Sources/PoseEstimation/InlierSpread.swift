internal import Geometry

/// How the inliers of a pose are spread over the image.
public struct InlierSpread: Equatable, Sendable {
    /// Share of the cells of an 8 x 8 grid over the image that hold an inlier, 0...1. n inliers reach at most n / 64.
    public var coverage: Double
    /// Inliers at distinct cells of a 64 x 64 grid: what counts as independent support.
    public var distinctCells: Int
}

/// Adds up an ``InlierSpread``; fixed size.
struct InlierSpreadAccumulator {
    private var rows = InlineArray<64, UInt64>(repeating: 0)
    private var coarse: UInt64 = 0
    private let scale: Vector2

    init(camera: Camera) { scale = 1 / Vector2(Double(camera.width), Double(camera.height)) }

    mutating func add(_ pixel: Vector2) {
        // 0...1 over the image; pixels outside count in the border cells.
        let p = ((pixel + 0.5) * scale).clamped(lowerBound: .zero, upperBound: Vector2(0.999999, 0.999999))
        let (x, y) = (Int(p.x * 64), Int(p.y * 64))
        rows[y] |= 1 << UInt64(x)
        coarse |= 1 << UInt64((y / 8) * 8 + x / 8)
    }

    var spread: InlierSpread {
        var cells = 0
        for y in 0..<64 { cells += rows[y].nonzeroBitCount }
        return InlierSpread(coverage: Double(coarse.nonzeroBitCount) / 64, distinctCells: cells)
    }
}
