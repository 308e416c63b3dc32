internal import Geometry

/// How the inliers of a pose are spread over the image.
public struct InlierSpread: Equatable, Sendable {
    /// Share of the cells of an 8 x 8 grid over the image that hold an inlier, 0...1. n inliers reach at most n / 64.
    public var coverage: Double
    /// Area of the inliers' standard-deviation ellipse over that of an evenly filled image: about 1 for inliers all
    /// over the image, 0 for inliers on a line or in one place.
    public var ellipse: Double
    /// Inliers at distinct cells of a 64 x 64 grid: what counts as independent support.
    public var distinctCells: Int

    /// All zero: of no inliers.
    public static let none = InlierSpread(coverage: 0, ellipse: 0, distinctCells: 0)
}

/// Adds up an ``InlierSpread``; fixed size.
struct InlierSpreadAccumulator {
    private var rows = InlineArray<64, UInt64>(repeating: 0)
    private var coarse: UInt64 = 0
    private var count = 0.0
    private var sum = Vector2.zero
    private var squares = Vector2.zero
    private var product = 0.0
    private let scale: Vector2

    init(camera: Camera) { scale = 1 / Vector2(Double(camera.width), Double(camera.height)) }

    mutating func add(_ pixel: Vector2) {
        // 0...1 over the image; pixels outside count in the border cells.
        let p = ((pixel + 0.5) * scale).clamped(lowerBound: .zero, upperBound: Vector2(0.999999, 0.999999))
        let (x, y) = (Int(p.x * 64), Int(p.y * 64))
        rows[y] |= 1 << UInt64(x)
        coarse |= 1 << UInt64((y / 8) * 8 + x / 8)
        count += 1
        sum += p
        squares += p * p
        product += p.x * p.y
    }

    var spread: InlierSpread {
        guard count > 0 else { return .none }
        let mean = sum / count
        let variance = squares / count - mean * mean
        let covariance = product / count - mean.x * mean.y
        var cells = 0
        for y in 0..<64 { cells += rows[y].nonzeroBitCount }
        // An even distribution on the unit square has variances 1/12.
        let ellipse = max(variance.x * variance.y - covariance * covariance, 0).squareRoot() * 12
        return InlierSpread(
            coverage: Double(coarse.nonzeroBitCount) / 64, ellipse: ellipse, distinctCells: cells)
    }
}
