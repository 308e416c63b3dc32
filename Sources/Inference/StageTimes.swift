internal import CLinux

/// How long each stage of the last extraction took, in nanoseconds.
public struct StageTimes: Sendable, Equatable {
    /// Area averaging of the image to the network's size, and the crop.
    public var reduce: Int64 = 0
    /// Layers 1 to 7, which both branches share.
    public var trunk: Int64 = 0
    /// Detector head and its softmax.
    public var detector: Int64 = 0
    /// Maxima, the best k, sub-pixel peaks.
    public var keypoints: Int64 = 0
    /// Descriptor head at the keypoints' cells, and sampling.
    public var descriptors: Int64 = 0
    /// Layers 8 to 14, which only the global descriptor needs.
    public var globalTrunk: Int64 = 0
    /// Both VLADs: memberships, sums and projection to the global descriptor.
    public var global: Int64 = 0

    /// All zero: nothing was extracted.
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
