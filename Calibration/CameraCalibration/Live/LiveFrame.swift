public import Features

/// A frame of the camera as the page and the detector share it.
public struct LiveFrame: Sendable {
    public let image: GreyImage
    /// CLOCK_MONOTONIC, nanoseconds.
    public let time: UInt64

    public init(image: GreyImage, time: UInt64) {
        self.image = image
        self.time = time
    }
}
