/// The bit patterns of a set of square markers.
///
/// Bits row by row from the top left, the first the most significant of `bits * bits`; white is 1.
struct MarkerCodes: Sendable {
    /// Bits along a side, without the border.
    let bits: Int
    /// Width of the black border, bits.
    let border: Int
    let codes: [UInt64]
    /// Bits that may be wrong and the marker still be told from all others, turned or not.
    let correctable: Int

    init(_ dictionary: MarkerDictionary) {
        bits = dictionary.bits
        border = 1
        codes = Self.table(of: dictionary, count: dictionary.count)
        correctable = Self.correctable(dictionary)
    }

    private init(hexadecimal text: String, bits: Int, border: Int, correctable: Int) {
        self.bits = bits
        self.border = border
        self.correctable = correctable
        codes = Self.decode(text, bits: bits)
    }

    /// AprilTag's 36h11 with the border of two bits that Kalibr prints.
    static let tag36h11 = MarkerCodes(hexadecimal: MarkerTables.codes36h11, bits: 6, border: 2, correctable: 3)

    /// The marker that `code` is, turned by quarter turns, with the fewest bits wrong; nil when more are than can be
    /// corrected.
    ///
    /// `turn`: how often the marker, as read, is to be turned back: see ``turned(_:)``.
    func identify(_ code: UInt64) -> (marker: Int, turn: Int, errors: Int)? {
        var best: (marker: Int, turn: Int, errors: Int)?
        var turned = code
        for turn in 0..<4 {
            for (marker, known) in codes.enumerated() {
                let errors = (known ^ turned).nonzeroBitCount
                if errors <= min(correctable, (best?.errors ?? 64) - 1) { best = (marker, turn, errors) }
            }
            turned = self.turned(turned)
        }
        return best
    }

    /// The code in a frame whose x axis is this one's y axis, and whose y axis is against this one's x axis.
    func turned(_ code: UInt64) -> UInt64 {
        var out: UInt64 = 0
        for row in 0..<bits {
            for column in 0..<bits { out = out << 1 | bit(code, row: column, column: bits - 1 - row) }
        }
        return out
    }

    /// Bit of a code: 1 is white.
    func bit(_ code: UInt64, row: Int, column: Int) -> UInt64 {
        code >> UInt64(bits * bits - 1 - (row * bits + column)) & 1
    }

    /// OpenCV's figures of the distances within each set; one bit at least is asked for where the board as a whole
    /// confirms it.
    private static func correctable(_ dictionary: MarkerDictionary) -> Int {
        switch dictionary {
        case .dict4x4x50, .dict4x4x100, .dict4x4x250, .arucoOriginal: 1
        case .dict4x4x1000: 0
        case .dict5x5x50, .dict5x5x100, .dict5x5x250, .dict5x5x1000: 2
        case .dict6x6x50, .dict6x6x100, .dict6x6x250, .dict6x6x1000: 4
        case .dict7x7x50, .dict7x7x100, .dict7x7x250, .dict7x7x1000: 6
        }
    }

    private static func table(of dictionary: MarkerDictionary, count: Int) -> [UInt64] {
        let text =
            switch dictionary.bits {
            case 4: MarkerTables.codes4x4
            case 5: dictionary == .arucoOriginal ? MarkerTables.codesOriginal : MarkerTables.codes5x5
            case 6: MarkerTables.codes6x6
            default: MarkerTables.codes7x7
            }
        // The smaller sets are the first of the larger one.
        return Array(decode(text, bits: dictionary.bits).prefix(count))
    }

    private static func decode(_ text: String, bits: Int) -> [UInt64] {
        let digits = (bits * bits + 3) / 4
        var codes: [UInt64] = []
        var (code, count): (UInt64, Int) = (0, 0)
        for byte in text.utf8 {
            let digit = byte <= UInt8(ascii: "9") ? byte - UInt8(ascii: "0") : byte - UInt8(ascii: "a") + 10
            code = code << 4 | UInt64(digit)
            count += 1
            if count == digits {
                codes.append(code)
                (code, count) = (0, 0)
            }
        }
        return codes
    }
}
