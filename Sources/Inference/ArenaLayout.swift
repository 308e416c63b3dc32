internal import CKernels
internal import Kernels

/// Where each buffer of a frame lies in one allocation: buffers that are never alive together share bytes.
///
/// Steps are numbered in the order of execution. Largest first, each buffer takes the lowest place that no buffer alive
/// at the same time overlaps. Before and after each buffer lie HF_SLACK bytes that kernels may read.
struct ArenaLayout {
    struct Buffer {
        let name: String
        let bytes: Int
        /// Steps of the first write and the last read.
        let steps: ClosedRange<Int>
        fileprivate(set) var offset = 0
    }

    private(set) var buffers: [Buffer] = []
    private(set) var size = 0

    /// Declares a buffer; its number is its place in `buffers`.
    mutating func add(_ name: String, bytes: Int, steps: ClosedRange<Int>) -> Int {
        precondition(bytes >= 0, "a buffer's size")
        buffers.append(Buffer(name: name, bytes: bytes, steps: steps))
        return buffers.count - 1
    }

    /// Declares a buffer of one step for each of several workers.
    mutating func add(_ name: String, of workers: Int, bytes: Int, step: Int) -> [Int] {
        (0..<workers).map { add("\(name) \($0)", bytes: bytes, steps: step...step) }
    }

    /// Bytes a buffer takes with its slack.
    private static func extent(_ bytes: Int) -> Int { AlignedMemory.aligned(bytes + Int(HF_SLACK)) }

    /// Places every buffer. Quadratic in their number, which is small.
    mutating func place() {
        let order = buffers.indices.sorted { (buffers[$1].bytes, $0) < (buffers[$0].bytes, $1) }
        var placed: [Int] = []
        for index in order {
            let steps = buffers[index].steps
            let neighbours = placed.filter { buffers[$0].steps.overlaps(steps) }
                .sorted { buffers[$0].offset < buffers[$1].offset }
            var offset = AlignedMemory.aligned(Int(HF_SLACK))
            for other in neighbours {
                if offset + Self.extent(buffers[index].bytes) <= buffers[other].offset { break }
                offset = max(offset, buffers[other].offset + Self.extent(buffers[other].bytes))
            }
            buffers[index].offset = offset
            size = max(size, offset + Self.extent(buffers[index].bytes))
            placed.append(index)
        }
    }
}
