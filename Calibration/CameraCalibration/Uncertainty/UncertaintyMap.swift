public import Geometry

/// Standard deviation of where a camera projects the points that it sees at a grid of pixels: in the worst direction,
/// pixels.
public struct UncertaintyMap: Sendable {
    /// Grid points across the image.
    public var columns: Int
    /// Grid points down the image.
    public var rows: Int
    /// Pixels across the image.
    public var width: Int
    /// Pixels down the image.
    public var height: Int
    /// Distance of the points, metres; nil at infinity.
    public var distance: Double?
    /// Row by row from the top left; infinite where the camera sees no ray, not a number where the lens shows nothing.
    public var values: [Double]

    /// The pixel of a grid point; the grid reaches from the first to the last pixel.
    public func pixel(column: Int, row: Int) -> Vector2 {
        Vector2(
            Double(width - 1) * Double(column) / Double(max(columns - 1, 1)),
            Double(height - 1) * Double(row) / Double(max(rows - 1, 1)))
    }

    /// The value that `share` of the lit part of the image does not exceed; not a number when none is lit.
    public func quantile(_ share: Double) -> Double {
        let lit = lit
        return lit.isEmpty ? .nan : CameraCalibration.quantile(lit, share)
    }
    /// The values where the lens shows something.
    public var lit: [Double] { values.filter { !$0.isNaN } }
    /// The value that 95 % of the image does not exceed.
    public var percentile95: Double { quantile(0.95) }
    /// The value that half of the image does not exceed.
    public var median: Double { quantile(0.5) }
    /// The largest value.
    public var largest: Double { lit.max() ?? .nan }
}

/// The value that `share` (0...1) of the values do not exceed, between neighbours linear; 0 of none.
func quantile(_ values: [Double], _ share: Double) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    let place = share * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    let part = place - Double(low)
    return part == 0 ? sorted[low] : sorted[low] * (1 - part) + sorted[high] * part
}
