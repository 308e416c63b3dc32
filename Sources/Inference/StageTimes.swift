internal import CLinux

/// How long each stage of the last extraction took, in nanoseconds.
public struct StageTimes: Sendable, Equatable {
    /// Reduction and crop of the image.
    public var reduce: Int64 = 0
    /// Layers 1 to 7.
    public var trunk: Int64 = 0
    /// Detector head and its softmax.
    public var detector: Int64 = 0
    /// Maxima, the best k, sub-pixel peaks.
    public var keypoints: Int64 = 0
    /// Descriptor head at the keypoints' cells, and sampling.
    public var descriptors: Int64 = 0
    /// Layers 8 to 18.
    public var globalTrunk: Int64 = 0
    /// VLAD sums, projection.
    public var global: Int64 = 0

    public init() {}
}

/// Reads the monotonic clock at the borders of stages.
struct Stopwatch {
    private var last = hf_monotonic_ns()

    /// Nanoseconds since the last lap, or since the start.
    mutating func lap() -> Int64 {
        let now = hf_monotonic_ns()
        defer { last = now }
        return Int64(now - last)
    }
}
