package import Features

/// What is wrong with a picture, whatever it shows.
public enum PictureDefect: Sendable {
    /// Black, white or grey all over.
    case blank
    /// The picture before, again, though time has passed: a frozen camera. A sensor has noise, so that even one that
    /// stands still never gives the same picture twice.
    case repeated
    /// One of the last pictures again, to the last bit: a buffer that was not filled anew.
    case stale
    /// The other way round, or upside down.
    case mirrored
    /// Parts of two pictures, or of one in the wrong order.
    case torn

    /// In one sentence for people: what it means, and what may be the cause.
    public var explanation: String {
        switch self {
        case .blank: "the picture shows nothing: lens cap, no light, or a broken camera?"
        case .repeated: "the picture is the one before again: a frozen camera?"
        case .stale: "the picture is an earlier one again: a buffer that was not filled anew?"
        case .mirrored: "the picture seems mirrored or upside down: v4l2 hflip or vflip?"
        case .torn: "the picture seems put together of two: a torn frame, or a buffer that begins in the middle?"
        }
    }
}

/// Whether a picture can be one that the camera takes now. It looks at a grid of pixels, 64 across and 48 down, and at
/// nothing else.
package struct PictureCheck {
    private static let (columns, rows) = (64, 48)

    /// What is remembered of the picture before. Nothing in it allocates.
    package struct Memory: Sendable {
        /// How many pixels a picture is looked at by.
        package static let count = 64 * 48
        /// Its pixels, row by row; meaningless where it has none.
        package var pixels = InlineArray<3072, UInt8>(repeating: 0)
        /// Whether there was a picture.
        package var hasPicture = false
        /// Of its capture, nanoseconds.
        package var time: UInt64 = 0
        /// How many pictures in a row repeated the one before.
        package var repetitions = 0
        /// Hashes of the pixels of the last pictures, the newest first; 0 where there was none.
        package var hashes = InlineArray<8, UInt32>(repeating: 0)

        /// Of nothing.
        package init() {}
    }

    /// What it carries from one picture to the next.
    package var memory: Memory {
        get {
            var memory = Memory()
            memory.hasPicture = !before.isEmpty
            for index in before.indices { memory.pixels[index] = before[index] }
            (memory.time, memory.repetitions, memory.hashes) = (time, repetitions, hashes)
            return memory
        }
        set {
            before.removeAll(keepingCapacity: true)
            if newValue.hasPicture { for index in 0..<Memory.count { before.append(newValue.pixels[index]) } }
            (time, repetitions, hashes) = (newValue.time, newValue.repetitions, newValue.hashes)
        }
    }

    /// Least difference of the brightest and the darkest pixel of a picture that shows something.
    private static let leastContrast = 4
    /// Pictures are the same if their pixels differ by less in all: one in sixteen by one level.
    private static let largestChange = columns * rows / 16

    private var before: [UInt8] = []
    private var now: [UInt8] = []
    private var time: UInt64 = 0
    private var repetitions = 0
    private var hashes = InlineArray<8, UInt32>(repeating: 0)
    private let allowed: Int

    /// No picture was seen.
    /// - Parameter allowed: how many pictures in a row may repeat the one before.
    package init(allowedRepetitions allowed: Int = 0) {
        self.allowed = allowed
        before.reserveCapacity(Self.columns * Self.rows)
        now.reserveCapacity(Self.columns * Self.rows)
    }

    /// Forgets the pictures before.
    package mutating func forget() {
        before.removeAll(keepingCapacity: true)
        hashes = InlineArray(repeating: 0)
    }

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
        let isStale = isStale()
        guard before.count == now.count, time > self.time else { return nil }
        var change = 0
        for index in now.indices { change += abs(Int(now[index]) - Int(before[index])) }
        repetitions = change < Self.largestChange ? repetitions + 1 : 0
        if repetitions > allowed { return .repeated }
        return isStale && repetitions == 0 && allowed == 0 ? .stale : nil
    }

    /// Whether the picture is one of those before to the last bit; remembers it.
    private mutating func isStale() -> Bool {
        // FNV-1a; 0 stands for no picture.
        let hash = max(1, now.reduce(2_166_136_261 as UInt32) { ($0 ^ UInt32($1)) &* 16_777_619 })
        var isKnown = false
        for index in hashes.indices where hashes[index] == hash { isKnown = true }
        for index in (1..<hashes.count).reversed() { hashes[index] = hashes[index - 1] }
        hashes[0] = hash
        return isKnown
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
