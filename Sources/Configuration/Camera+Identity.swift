public import Container
public import Geometry

extension Camera {
    /// Names what a pose's pixels were interpreted with: equal for equal intrinsics, whatever file, part and reduction they came from, and
    /// another as soon as any of them differs. It is `calibration_id` on the wire.
    ///
    /// The hash of the text `MODEL WIDTH HEIGHT`, a line feed, and the parameters in their order as little-endian doubles.
    public var identity: Hash256 {
        var bytes = Array("\(model.rawValue) \(width) \(height)\n".utf8)
        for parameter in parameters {
            for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: parameter.bitPattern >> (8 * byte))) }
        }
        var hasher = Hasher256()
        unsafe bytes.withUnsafeBytes { unsafe hasher.update($0) }
        return hasher.finish()
    }
}
