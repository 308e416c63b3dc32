/// OpenCV's predefined sets of square markers, by their names there.
public enum MarkerDictionary: String, CaseIterable, Sendable {
    case dict4x4x50 = "DICT_4X4_50"
    case dict4x4x100 = "DICT_4X4_100"
    case dict4x4x250 = "DICT_4X4_250"
    case dict4x4x1000 = "DICT_4X4_1000"
    case dict5x5x50 = "DICT_5X5_50"
    case dict5x5x100 = "DICT_5X5_100"
    case dict5x5x250 = "DICT_5X5_250"
    case dict5x5x1000 = "DICT_5X5_1000"
    case dict6x6x50 = "DICT_6X6_50"
    case dict6x6x100 = "DICT_6X6_100"
    case dict6x6x250 = "DICT_6X6_250"
    case dict6x6x1000 = "DICT_6X6_1000"
    case dict7x7x50 = "DICT_7X7_50"
    case dict7x7x100 = "DICT_7X7_100"
    case dict7x7x250 = "DICT_7X7_250"
    case dict7x7x1000 = "DICT_7X7_1000"
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
