internal import Features

/// An image on several scales, the coarse ones first: the finer ones are made when they are asked for.
struct Pyramid {
    private let image: GreyImage
    /// From the finest made so far on; each half as large as the one before.
    private(set) var levels: [PyramidLevel]
    /// Levels finer than those, down to the image itself.
    private var missing: Int

    /// Looked at first: a board that fills a third of so small an image has squares of a dozen pixels.
    private static let coarsest = 160_000
    /// With so many pixels a level is fine enough to be content with the corners it shows.
    private static let fine = 1_500_000

    init(_ image: GreyImage) {
        self.image = image
        missing = 0
        while (image.width >> missing) * (image.height >> missing) > Self.coarsest { missing += 1 }
        levels = [Self.level(missing, of: image)]
        while let last = levels.last, min(last.width, last.height) >= 100, levels.count < 7 {
            levels.append(last.halved())
        }
    }

    /// Whether the next finer level has more pixels than are worth looking at, once a board is found; or there is none.
    var isFine: Bool {
        missing == 0 || (image.width >> (missing - 1)) * (image.height >> (missing - 1)) > Self.fine
    }

    /// Adds the next finer level; false when the finest is there.
    mutating func refine() -> Bool {
        guard missing > 0 else { return false }
        missing -= 1
        levels.insert(Self.level(missing, of: image), at: 0)
        return true
    }

    private static func level(_ index: Int, of image: GreyImage) -> PyramidLevel {
        guard index > 0 else { return PyramidLevel(image) }
        return (1..<index).reduce(PyramidLevel(halving: image)) { level, _ in level.halved() }
    }
}
