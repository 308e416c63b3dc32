import CKernels
import Testing
import TestSupport

/// Borders and reduction: what is the same for every table.
@Suite struct PictureTests {
    @Test(arguments: [(5, 4, 8, 8, 0), (1, 1, 8, 16, 3), (3, 7, 1, 1, 5)])
    func borderIsFilledAndNothingElse(width: Int, height: Int, channels: Int, pixel: Int, gap: Int) throws {
        let row = (width + 2) * pixel + gap
        let memory = Memory((height + 2) * row)
        unsafe hf_fill_border(
            memory.bytes + row + pixel, hf_grid(width: Int32(width), pixel_stride: pixel, row_stride: row),
            Int32(height),
            Int32(channels), -7)
        let filled = memory.array
        for y in 0..<height + 2 {
            for x in 0..<row {
                let (column, channel) = (x / pixel, x % pixel)
                let onBorder = y == 0 || y == height + 1 || column == 0 || column == width + 1
                let inside = column <= width + 1 && channel < channels && onBorder
                #expect(filled[y * row + x] == (inside ? Arithmetic.memory(-7) : 0xa5))
            }
        }
    }

    @Test("a line breaks off where it differs by more than 8 and twice what its neighbours do", arguments: [1, 16, 37])
    func breaks(count: Int) {
        var generator = SeededGenerator(seed: 21)
        var found = 0
        for round in 0..<2000 {
            let most = UInt8([3, 12, 60, 255][round % 4])
            let base = UInt8.random(in: 0...(255 - most), using: &generator)
            func line() -> [UInt8] { (0..<count).map { _ in base + .random(in: 0...most, using: &generator) } }
            let (first, before, after) = (line(), line(), line())
            let line = round % 3 == 0 ? after : line()
            let counts = Memory(count)
            unsafe hf_count_breaks(first, before, line, after, counts.bytes, count)
            for (index, counted) in counts.array.enumerated() {
                func step(_ a: [UInt8], _ b: [UInt8]) -> Int { abs(Int(a[index]) - Int(b[index])) }
                let isBreak = step(line, before) > 2 * max(step(before, first), step(after, line)) + 8
                found += isBreak ? 1 : 0
                #expect(counted == 0xa5 + (isBreak ? 1 : 0))
            }
        }
        #expect(found > 100)
    }

    static let sizes: [[Int]] = [
        [64, 48, 32, 24], [64, 48, 64, 48], [64, 48, 64, 20], [64, 48, 20, 48], [100, 77, 99, 13], [7, 5, 1, 1],
        [1, 9, 1, 4], [97, 3, 31, 3], [61, 37, 60, 36], [128, 30, 64, 29], [4100, 4, 4099, 3],
    ]

    /// Against the mean as a fraction: both sums over units of 1 / (out size) of an input pixel.
    @Test(arguments: sizes, [true, false]) func reductionIsTheMeanRoundedHalfUp(_ size: [Int], white: Bool) throws {
        let (width, height, outWidth, outHeight) = (size[0], size[1], size[2], size[3])
        var generator = SeededGenerator(seed: 14)
        let (stride, outStride) = (width + 3, outWidth + 2)
        let pixels = (0..<height * stride).map { _ in white ? 255 : UInt8.random(in: 0...255, using: &generator) }
        let result = Memory(outHeight * outStride)
        let scratch = Memory(hf_reduce_scratch(Int32(width), Int32(outWidth)))
        unsafe hf_reduce(
            pixels, Int32(width), Int32(height), stride, result.bytes, Int32(outWidth), Int32(outHeight), outStride,
            scratch.bytes)
        let reduced = result.array
        let (across, down) = (Self.overlaps(width, outWidth), Self.overlaps(height, outHeight))
        for y in 0..<outHeight {
            for x in 0..<outStride {
                guard x < outWidth else {
                    #expect(reduced[y * outStride + x] == 0xa5)
                    continue
                }
                var sum = 0
                for (row, tall) in down[y] {
                    for (column, wide) in across[x] { sum += tall * wide * Int(pixels[row * stride + column]) }
                }
                let area = width * height
                #expect(Int(reduced[y * outStride + x]) == (2 * sum + area) / (2 * area))
            }
        }
    }

    /// For each output pixel, the input pixels under it and by how many units each.
    static func overlaps(_ size: Int, _ outSize: Int) -> [[(Int, Int)]] {
        (0..<outSize).map { out in
            let (start, end) = (out * size, (out + 1) * size)
            return (start / outSize...(end - 1) / outSize).map { i in
                (i, min(end, (i + 1) * outSize) - max(start, i * outSize))
            }
        }
    }
}
