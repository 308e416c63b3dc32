/// OpenCV's predefined sets of square markers, by their names there.
public enum MarkerDictionary: String, CaseIterable, Sendable {
    /// The first 50 markers of 4 x 4 bits; one wrong bit is corrected.
    case dict4x4x50 = "DICT_4X4_50"
    /// The first 100 markers of 4 x 4 bits; one wrong bit is corrected.
    case dict4x4x100 = "DICT_4X4_100"
    /// The first 250 markers of 4 x 4 bits; one wrong bit is corrected.
    case dict4x4x250 = "DICT_4X4_250"
    /// All 1000 markers of 4 x 4 bits: too much alike for any wrong bit to be corrected.
    case dict4x4x1000 = "DICT_4X4_1000"
    /// The first 50 markers of 5 x 5 bits; two wrong bits are corrected.
    case dict5x5x50 = "DICT_5X5_50"
    /// The first 100 markers of 5 x 5 bits; two wrong bits are corrected.
    case dict5x5x100 = "DICT_5X5_100"
    /// The first 250 markers of 5 x 5 bits; two wrong bits are corrected.
    case dict5x5x250 = "DICT_5X5_250"
    /// All 1000 markers of 5 x 5 bits; two wrong bits are corrected.
    case dict5x5x1000 = "DICT_5X5_1000"
    /// The first 50 markers of 6 x 6 bits; four wrong bits are corrected.
    case dict6x6x50 = "DICT_6X6_50"
    /// The first 100 markers of 6 x 6 bits; four wrong bits are corrected.
    case dict6x6x100 = "DICT_6X6_100"
    /// The first 250 markers of 6 x 6 bits; four wrong bits are corrected.
    case dict6x6x250 = "DICT_6X6_250"
    /// All 1000 markers of 6 x 6 bits; four wrong bits are corrected.
    case dict6x6x1000 = "DICT_6X6_1000"
    /// The first 50 markers of 7 x 7 bits; six wrong bits are corrected.
    case dict7x7x50 = "DICT_7X7_50"
    /// The first 100 markers of 7 x 7 bits; six wrong bits are corrected.
    case dict7x7x100 = "DICT_7X7_100"
    /// The first 250 markers of 7 x 7 bits; six wrong bits are corrected.
    case dict7x7x250 = "DICT_7X7_250"
    /// All 1000 markers of 7 x 7 bits; six wrong bits are corrected.
    case dict7x7x1000 = "DICT_7X7_1000"
    /// The 1024 markers of 5 x 5 bits of the first ArUco library; one wrong bit is corrected.
    case arucoOriginal = "DICT_ARUCO_ORIGINAL"

    /// Number of markers.
    public var count: Int {
        if self == .arucoOriginal { return 1024 }
        return Int(rawValue.split(separator: "_").last ?? "") ?? 0
    }

    /// Bits along a marker's side, without its black border of one bit.
    public var bits: Int {
        switch self {
        case .dict4x4x50, .dict4x4x100, .dict4x4x250, .dict4x4x1000: 4
        case .dict5x5x50, .dict5x5x100, .dict5x5x250, .dict5x5x1000, .arucoOriginal: 5
        case .dict6x6x50, .dict6x6x100, .dict6x6x250, .dict6x6x1000: 6
        case .dict7x7x50, .dict7x7x100, .dict7x7x250, .dict7x7x1000: 7
        }
    }
}
