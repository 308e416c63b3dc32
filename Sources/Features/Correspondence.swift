/// A keypoint of the query matched to a landmark of the map.
public struct Correspondence: Sendable {
    /// Where the keypoint is, pixels of the network's input image (centre of the top-left pixel = (0, 0)).
    public var pixel: SIMD2<Double>
    /// The landmark's position in the map frame, metres.
    public var point: SIMD3<Double>
    /// The landmark's index in the map.
    public var landmark: UInt32
    /// The keypoint's index among the query's, which are sorted best score first.
    public var keypoint: Int32
    /// How far the match is to be trusted, for the order of sampling (PROSAC): larger is better; it has no unit.
    public var quality: Float

    /// A match of one keypoint with one landmark; see the fields.
    public init(pixel: SIMD2<Double>, point: SIMD3<Double>, landmark: UInt32, keypoint: Int32, quality: Float) {
        self.pixel = pixel
        self.point = point
        self.landmark = landmark
        self.keypoint = keypoint
        self.quality = quality
    }
}
