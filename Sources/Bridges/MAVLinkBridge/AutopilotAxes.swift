internal import Glibc

/// From hfloc's axes to an autopilot's: the map's east, north, up (ENU) to north, east, down (NED), and the vehicle's
/// forward, left, up (FLU) to forward, right, down (FRD).
///
/// Both are turns that exchange axes and change signs, so that all of them can be written out.
public enum AutopilotAxes {
    /// Row i of NED is `sign` times row `source` of ENU: north is y, east is x, down is -z.
    private static let ned = (source: [1, 0, 2], sign: [1.0, 1.0, -1.0])
    /// The same of the vehicle: forward is x, right is -y, down is -z.
    private static let frd = (source: [0, 1, 2], sign: [1.0, -1.0, -1.0])

    /// A vector along the map's axes.
    public static func ned(_ enu: SIMD3<Double>) -> SIMD3<Double> { SIMD3(enu.y, enu.x, -enu.z) }

    /// A vector along the vehicle's axes.
    public static func frd(_ flu: SIMD3<Double>) -> SIMD3<Double> { SIMD3(flu.x, -flu.y, -flu.z) }

    /// A rotation (w, x, y, z) that turns FLU into ENU, as one that turns FRD into NED.
    ///
    /// With i, j, k of the quaternions: `(i + j)/√2 * q * i`, where `(i + j)/√2` is the half turn about the axis
    /// between x and y, which takes ENU to NED, and `i` the half turn about x, which takes FRD to FLU. Multiplied out,
    /// and its sign changed.
    public static func nedFromFRD(_ q: SIMD4<Double>) -> SIMD4<Double> {
        let (w, x, y, z) = (q[0], q[1], q[2], q[3])
        return SIMD4(w + z, x + y, x - y, w - z) * 0.5.squareRoot()
    }

    /// An element of a 6x6 covariance (three along, three about the axes; row by row) along and about NED.
    public static func ned(_ enu: [Double], _ row: Int, _ column: Int) -> Double { element(enu, row, column, ned) }

    /// The same along and about FRD.
    public static func frd(_ flu: [Double], _ row: Int, _ column: Int) -> Double { element(flu, row, column, frd) }

    private static func element(
        _ matrix: [Double], _ row: Int, _ column: Int, _ axes: (source: [Int], sign: [Double])
    ) -> Double {
        let sourceRow = row / 3 * 3 + axes.source[row % 3]
        let sourceColumn = column / 3 * 3 + axes.source[column % 3]
        return axes.sign[row % 3] * axes.sign[column % 3] * matrix[6 * sourceRow + sourceColumn]
    }

    /// Roll, pitch and yaw (radians) of a rotation that turns FRD into NED.
    public static func angles(_ q: SIMD4<Double>) -> SIMD3<Double> {
        let (w, x, y, z) = (q[0], q[1], q[2], q[3])
        let roll = atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))
        let pitch = asin(min(1, max(-1, 2 * (w * y - x * z))))
        let yaw = atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
        return SIMD3(roll, pitch, yaw)
    }
}
