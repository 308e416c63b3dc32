/// How an image becomes the network's input: reduced by area averaging, then cropped at the right and bottom to
/// multiples of 8.
///
/// A pixel of the reduced image is also the input's pixel; `x' = (x + 0.5) * reducedWidth / imageWidth - 0.5`.
public struct InputSize: Sendable, Equatable {
    /// Across the image that a caller gives, pixels.
    public let imageWidth: Int
    /// Down the image that a caller gives, pixels.
    public let imageHeight: Int
    /// After the reduction and before the crop, pixels: what the intrinsics scale by.
    public let reducedWidth: Int
    /// Down the reduced image, before the crop, pixels.
    public let reducedHeight: Int
    /// Of the network's input, pixels: a multiple of 8.
    public let width: Int
    /// Of the network's input, pixels: a multiple of 8.
    public let height: Int

    /// Shortest side of the network's input, pixels: a smaller one gives the deepest layers too little to look at.
    public static let minimumSide = 64
    /// Longest side of an image that is accepted, pixels.
    public static let maximumSide = 16384

    /// `nil` if the image is too large, or one side of the input would be shorter than `minimumSide`.
    public init?(imageWidth: Int, imageHeight: Int, longSide: Int) {
        let long = max(imageWidth, imageHeight)
        guard min(imageWidth, imageHeight) > 0, long <= Self.maximumSide, longSide > 0 else { return nil }
        let scale = min(1, Double(longSide) / Double(long))
        self.imageWidth = imageWidth
        self.imageHeight = imageHeight
        reducedWidth = Int((Double(imageWidth) * scale).rounded(.toNearestOrEven))
        reducedHeight = Int((Double(imageHeight) * scale).rounded(.toNearestOrEven))
        width = reducedWidth / HFNet.cell * HFNet.cell
        height = reducedHeight / HFNet.cell * HFNet.cell
        guard min(width, height) >= Self.minimumSide else { return nil }
    }

    /// Why an image of this size, for which there is no input, is none for the network; and the cure, with the size
    /// that is needed.
    static func problem(imageWidth: Int, imageHeight: Int, longSide: Int) -> (problem: String, cure: String) {
        let (short, long) = (min(imageWidth, imageHeight), max(imageWidth, imageHeight))
        if long > maximumSide { return ("too large", "reduce it to at most \(maximumSide) pixels a side") }
        var needed = max(short, 1)
        let most = minimumSide * max(long, 1)
        while needed < most, Self(imageWidth: long, imageHeight: needed, longSide: longSide) == nil { needed += 1 }
        guard needed <= long else {
            return ("too small for the network", "give images of at least \(minimumSide) x \(minimumSide) pixels")
        }
        let reduced = long > longSide ? ", which is reduced to \(longSide)" : ""
        return (
            "too small for the network",
            "give images of at least \(needed) pixels on the short side for \(long) on the long one\(reduced)"
        )
    }

    /// Cells of layer 7 across.
    var columns: Int { width / HFNet.cell }
    /// Cells of layer 7 down.
    var rows: Int { height / HFNet.cell }
}
