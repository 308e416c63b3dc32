internal import Geometry
internal import Integrity
internal import Publishing

extension Wire.WatchState {
    /// Matrix and vector.
    private static let sumCount = 12
    /// Both hundreds of frames.
    private static let wordCount = 2 * LandmarkBits.wordCount

    /// With room for everything, so that ``take(_:)`` allocates nothing.
    static var withRoom: Wire.WatchState {
        var state = Wire.WatchState()
        state.sums.reserveCapacity(sumCount)
        state.landmarks.reserveCapacity(wordCount)
        return state
    }

    mutating func take(_ memory: CalibrationWatch.Memory) {
        (frames, contradicts, chiSquare) = (memory.count, memory.contradicts, memory.chiSquare)
        sums.removeAll(keepingCapacity: true)
        for index in 0..<9 { sums.append(memory.information[index / 3, index % 3]) }
        for axis in 0..<3 { sums.append(memory.weighted[axis]) }
        landmarks.removeAll(keepingCapacity: true)
        for index in 0..<LandmarkBits.wordCount { landmarks.append(Double(memory.landmarks.lately.words[index])) }
        for index in 0..<LandmarkBits.wordCount { landmarks.append(Double(memory.landmarks.before.words[index])) }
    }

    /// Whether there are as many numbers as there must be, and each is one.
    fileprivate var isWhole: Bool {
        sums.count == Self.sumCount && sums.allSatisfy(\.isFinite) && landmarks.count == Self.wordCount
    }
}

extension CalibrationWatch.Memory {
    /// nil if the numbers are none that a watch can have.
    init?(_ wire: Wire.WatchState) {
        guard wire.isWhole else { return nil }
        self.init()
        (count, contradicts, chiSquare) = (wire.frames, wire.contradicts, wire.chiSquare)
        for index in 0..<9 { information[index / 3, index % 3] = wire.sums[index] }
        weighted = Vector3(wire.sums[9], wire.sums[10], wire.sums[11])
        for (index, value) in wire.landmarks.enumerated() {
            guard let word = UInt32(exactly: value) else { return nil }
            if index < LandmarkBits.wordCount {
                landmarks.lately.words[index] = word
            } else {
                landmarks.before.words[index - LandmarkBits.wordCount] = word
            }
        }
    }
}
