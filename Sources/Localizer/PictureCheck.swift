package import Features

/// What is wrong with a picture, whatever it shows.
public enum PictureDefect: Sendable {
    /// Black, white or grey all over.
    case blank
    /// The picture before, again, though time has passed: a frozen camera. A sensor has noise, so that even one that
    /// stands still never gives the same picture twice.
    case repeated
    /// The other way round, or upside down.
    case mirrored
}

/// Whether a picture can be one that the camera takes now. It looks at a grid of pixels, 64 across and 48 down, and at
/// nothing else.
package struct PictureCheck {
    private static let (columns, rows) = (64, 48)
    /// Least difference of the brightest and the darkest pixel of a picture that shows something.
    private static let leastContrast = 4
    /// Pictures are the same if their pixels differ by less in all: one in sixteen by one level.
    private static let largestChange = columns * rows / 16

    private var before: [UInt8] = []
    private var now: [UInt8] = []
    private var time: UInt64 = 0
    private var repetitions = 0
    private let allowed: Int

    /// No picture was seen.
    /// - Parameter allowed: how many pictures in a row may repeat the one before.
    package init(allowedRepetitions allowed: Int = 0) {
        self.allowed = allowed
        before.reserveCapacity(Self.columns * Self.rows)
        now.reserveCapacity(Self.columns * Self.rows)
    }

    /// Forgets the picture before.
    package mutating func forget() { before.removeAll(keepingCapacity: true) }

    /// What is wrong with the picture; nil if nothing is. Cost: some microseconds.
    ///
    /// - Parameters:
    ///   - image: the picture.
    ///   - time: of its capture, nanoseconds.
    package mutating func look(at image: GreyImage, time: UInt64) -> PictureDefect? {
        defer {
            swap(&before, &now)
            self.time = time
        }
        sample(image)
        let (darkest, brightest) = now.reduce((Int(UInt8.max), 0)) { (min($0.0, Int($1)), max($0.1, Int($1))) }
        if brightest - darkest < Self.leastContrast { return .blank }
        guard before.count == now.count, time > self.time else { return nil }
        var change = 0
        for index in now.indices { change += abs(Int(now[index]) - Int(before[index])) }
        repetitions = change < Self.largestChange ? repetitions + 1 : 0
        return repetitions > allowed ? .repeated : nil
    }

    private mutating func sample(_ image: GreyImage) {
        now.removeAll(keepingCapacity: true)
        for row in 0..<Self.rows {
            let y = (2 * row + 1) * image.height / (2 * Self.rows)
            for column in 0..<Self.columns {
                now.append(image[(2 * column + 1) * image.width / (2 * Self.columns), y])
            }
        }
    }
}
