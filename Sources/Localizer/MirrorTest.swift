package import Features
package import Inference

/// A picture as it would be the other way round, and its keypoints: what tells a mirrored camera. Owns its memory, that
/// of a network too: the frame's own still holds the picture as it came, of which places may be retrieved later.
package struct MirrorTest {
    /// How a sensor, or its driver, may turn a picture.
    package enum Flip: UInt8 {
        /// Left and right are exchanged.
        case sideways
        /// Top and bottom are exchanged.
        case upsideDown
        /// Turned by half a circle.
        case both

        /// The next one to be tried; nil after the last.
        var next: Flip? { Flip(rawValue: rawValue + 1) }
    }

    /// Of the picture that was extracted last.
    package private(set) var features: LocalFeatures
    private var image: GreyImage
    private let network: Network

    /// For pictures of a size, by a network like the other one. Allocates everything.
    package init(width: Int, height: Int, beside other: Network) {
        image = GreyImage(width: width, height: height)
        features = LocalFeatures(dimension: other.model.descriptorDimension, capacity: other.maximumKeypoints)
        network = Network(beside: other)
    }

    /// Flips a picture and finds its keypoints: the cost of a network's local branch.
    package mutating func extract(_ picture: GreyImage, _ flip: Flip) {
        image.reshape(width: picture.width, height: picture.height)
        let (width, height) = (picture.width, picture.height)
        for y in 0..<height {
            let row = (flip == .sideways ? y : height - 1 - y) * width
            let target = y * width
            if flip == .upsideDown {
                for x in 0..<width { image.pixels[target + x] = picture.pixels[row + x] }
            } else {
                for x in 0..<width { image.pixels[target + x] = picture.pixels[row + width - 1 - x] }
            }
        }
        network.extractLocal(from: image, into: &features)
    }
}
