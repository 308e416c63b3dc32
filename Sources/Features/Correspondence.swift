/// A keypoint of the query matched to a landmark of the map.
public struct Correspondence: Sendable {
    /// In pixels of the network's input image.
    public var pixel: SIMD2<Double>
    /// The landmark's position in the map frame, metres.
    public var point: SIMD3<Double>
    public var landmark: UInt32
    /// Index of the query's keypoint.
    public var keypoint: Int32
    /// Confidence for ordering (PROSAC): larger is better.
    public var quality: Float

    public init(pixel: SIMD2<Double>, point: SIMD3<Double>, landmark: UInt32, keypoint: Int32, quality: Float) {
        self.pixel = pixel
        self.point = point
        self.landmark = landmark
        self.keypoint = keypoint
        self.quality = quality
    }
}
