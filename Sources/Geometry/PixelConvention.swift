/// The one place where pixel origins are converted.
///
/// In the project the centre of the top-left pixel is (0, 0), as in OpenCV and ROS. In COLMAP it is (0.5, 0.5).
public enum PixelConvention {
    /// COLMAP's coordinates of the centre of the top-left pixel.
    private static let colmapOrigin = Vector2(0.5, 0.5)

    /// COLMAP's coordinates of a pixel of the project.
    public static func colmap(fromPixel pixel: Vector2) -> Vector2 { pixel + colmapOrigin }

    /// The project's coordinates of a pixel of COLMAP.
    public static func pixel(fromCOLMAP point: Vector2) -> Vector2 { point - colmapOrigin }

    /// A pixel of an image resized by `scale` (new size over old size), half-pixel-correct:
    /// `x' = (x + 0.5) * scale - 0.5`.
    public static func resized(_ pixel: Vector2, by scale: Vector2) -> Vector2 { (pixel + 0.5) * scale - 0.5 }
}
