import CKernels
import Testing
import TestSupport

/// The scalar truth against the sums and the arithmetic of Model.md, written again.
@Suite @safe struct TruthTests {
    private let kernels: hf_kernels

    init() throws { unsafe kernels = try table("scalar").pointee }

    @Test(arguments: [(1, 24, 7), (1, 4, 65), (9, 8, 5), (9, 96, 3)])
    func convolutionIsTheSumOfModelMd(taps: Int, k: Int, n: Int) throws {
        var generator = SeededGenerator(seed: 11)
        let (width, height, border) = (5, 4, taps == 9 ? 1 : 0)
        let row = (width + 2 * border) * k
        let input = (0..<(height + 2 * border) * row).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let weights = (0..<n * taps * k).map { _ in Int8.random(in: -127...127, using: &generator) }
        let after = Requantization(channels: n, shifts: 0...12, using: &generator)
        let offsets = (0..<taps).map { $0 / 3 * row + $0 % 3 * k }
        let cells = (0..<width * height).map { _ in Int32.random(in: 0..<Int32(width * height), using: &generator) }

        let (memory, packed) = unsafe (Memory(input), Memory(kernels.convolution_size(Int32(taps), Int32(k), Int32(n))))
        for output in [HF_OUTPUT_INT8, HF_OUTPUT_INT16] {
            let size = output == HF_OUTPUT_INT8 ? 1 : 2
            let result = Memory(width * height * n * size)
            unsafe after.withPointers {
                unsafe kernels.pack_convolution(
                    packed.bytes, weights, $0, output, Int32(taps), Int32(k), Int32(n))
            }
            var layer = unsafe hf_convolution(
                taps: Int32(taps), k: Int32(k), n: Int32(n), output: output, packed: UnsafeRawPointer(packed.bytes))
            unsafe kernels.convolution(
                &layer, memory.bytes, hf_grid(width: Int32(width), pixel_stride: k, row_stride: row), offsets, cells,
                result.bytes, hf_grid(width: Int32(width), pixel_stride: n * size, row_stride: width * n * size), 0,
                width * height)

            var expected: [UInt8] = []
            for pixel in 0..<width * height {
                let (x, y) = (Int(cells[pixel]) % width, Int(cells[pixel]) / width)
                for channel in 0..<n {
                    var sum = 0
                    for tap in 0..<taps {
                        for i in 0..<k {
                            let q = Arithmetic.quantized(input[y * row + x * k + offsets[tap] + i])
                            sum += q * Int(weights[(channel * taps + tap) * k + i])
                        }
                    }
                    if output == HF_OUTPUT_INT8 {
                        expected.append(after.output(sum, channel: channel))
                    } else {
                        let r = UInt16(bitPattern: Int16(after.result(sum, channel: channel)))
                        expected += [UInt8(r & 255), UInt8(r >> 8)]
                    }
                }
            }
            #expect(result.array == expected)
        }
    }

    @Test(arguments: [1, 2]) func depthwiseIsTheSumOfModelMd(stride: Int) throws {
        var generator = SeededGenerator(seed: 12)
        let (width, height, channels) = (6, 5, 24)
        let row = (width * stride + 2) * channels
        let input = (0..<(height * stride + 2) * row).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let weights = (0..<9 * channels).map { _ in Int8.random(in: -127...127, using: &generator) }
        let after = Requantization(channels: channels, shifts: 0...8, using: &generator)

        let (memory, packed) = unsafe (Memory(input), Memory(kernels.depthwise_size(Int32(channels))))
        let result = Memory(width * height * channels)
        unsafe after.withPointers { unsafe kernels.pack_depthwise(packed.bytes, weights, $0, Int32(channels)) }
        var layer = unsafe hf_depthwise(
            channels: Int32(channels), stride: Int32(stride), packed: UnsafeRawPointer(packed.bytes))
        unsafe kernels.depthwise(
            &layer, memory.bytes, hf_grid(width: Int32(width * stride), pixel_stride: channels, row_stride: row),
            result.bytes, hf_grid(width: Int32(width), pixel_stride: channels, row_stride: width * channels), 0,
            Int32(height))

        var expected: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                for c in 0..<channels {
                    let sum = (0..<9).reduce(0) { sum, tap in
                        let at = (y * stride + tap / 3) * row + (x * stride + tap % 3) * channels + c
                        return sum + Arithmetic.quantized(input[at]) * Int(weights[tap * channels + c])
                    }
                    expected.append(after.output(sum, channel: c))
                }
            }
        }
        #expect(result.array == expected)
    }

    @Test func stemIsTheSumOfModelMd() throws {
        var generator = SeededGenerator(seed: 13)
        let (width, height, n, row) = (7, 3, 24, 17)
        let input = (0..<(height * 2 + 1) * row).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let weights = (0..<9 * n).map { _ in Int8.random(in: -127...127, using: &generator) }
        let after = Requantization(channels: n, shifts: 0...8, using: &generator)

        let (memory, packed) = unsafe (Memory(input), Memory(kernels.stem_size(Int32(n))))
        let result = Memory(width * height * n)
        unsafe after.withPointers { unsafe kernels.pack_stem(packed.bytes, weights, $0, Int32(n)) }
        var layer = unsafe hf_stem(n: Int32(n), packed: UnsafeRawPointer(packed.bytes))
        unsafe kernels.stem(
            &layer, memory.bytes, hf_grid(width: Int32(row), pixel_stride: 1, row_stride: row), result.bytes,
            hf_grid(width: Int32(width), pixel_stride: n, row_stride: width * n), 0, Int32(height))

        var expected: [UInt8] = []
        for pixel in 0..<width * height {
            for channel in 0..<n {
                let sum = (0..<9).reduce(0) { sum, tap in
                    let at = (pixel / width * 2 + tap / 3) * row + pixel % width * 2 + tap % 3
                    return sum + Arithmetic.quantized(input[at]) * Int(weights[channel * 9 + tap])
                }
                expected.append(after.output(sum, channel: channel))
            }
        }
        #expect(result.array == expected)
    }

    /// Every pair of values, at multipliers from none to the largest.
    @Test(arguments: [(0, 0, 0, 8_192, 8_192), (-128, 127, 5, 32_767, 32_767), (127, -128, -128, 1, 20_000)])
    func additionIsThatOfModelMd(aZero: Int, bZero: Int, outZero: Int, aMultiplier: Int, bMultiplier: Int) throws {
        let values = -128...127
        let a = Memory(values.flatMap { value in values.map { _ in Arithmetic.memory(value) } })
        let b = Memory(values.flatMap { _ in values.map { Arithmetic.memory($0) } })
        let result = Memory(65_536)
        let grid = hf_grid(width: 256, pixel_stride: 8, row_stride: 2_048)
        unsafe kernels.add(
            a.bytes, grid, Int32(aZero), Int16(aMultiplier), b.bytes, grid, Int32(bZero), Int16(bMultiplier),
            result.bytes,
            grid, Int32(outZero), 8, 0, 32)
        let expected = values.flatMap { a in
            values.map { b in
                let sum =
                    Arithmetic.scaled((a - aZero) * 128, by: aMultiplier)
                    + Arithmetic.scaled((b - bZero) * 128, by: bMultiplier)
                let q = Arithmetic.roundedShift(Arithmetic.saturated(sum, bits: 16), 5) + outZero
                return Arithmetic.memory(Arithmetic.saturated(q, bits: 8))
            }
        }
        #expect(result.array == expected)
    }

    /// As a coarse cell is added to one of four places of a finer picture, in place: nothing between the places is
    /// touched.
    @Test(arguments: [0, 1]) func additionToEverySecondPixelInPlace(place: Int) throws {
        var generator = SeededGenerator(seed: 14)
        let (width, height, channels) = (5 - place, 3, 24)  // of the coarse picture; the finer one is 9 pixels wide
        let coarse = (0..<5 * height * channels).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let fine = (0..<9 * 2 * height * channels).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let (a, b) = (Memory(coarse), Memory(fine))
        let first = unsafe b.bytes + place * channels
        let every = hf_grid(width: Int32(width), pixel_stride: 2 * channels, row_stride: 2 * 9 * channels)
        unsafe kernels.add(
            a.bytes, hf_grid(width: 5, pixel_stride: channels, row_stride: 5 * channels), 3, 9_000, first, every, -5,
            8_000, first, every, 1, Int32(channels), 0, Int32(height))
        var expected = fine
        for y in 0..<height {
            for x in 0..<width {
                for c in 0..<channels {
                    let at = (2 * y * 9 + 2 * x + place) * channels + c
                    let sum =
                        Arithmetic.scaled(
                            (Arithmetic.quantized(coarse[(y * 5 + x) * channels + c]) - 3) * 128, by: 9_000)
                        + Arithmetic.scaled((Arithmetic.quantized(fine[at]) + 5) * 128, by: 8_000)
                    let q = Arithmetic.roundedShift(Arithmetic.saturated(sum, bits: 16), 5) + 1
                    expected[at] = Arithmetic.memory(Arithmetic.saturated(q, bits: 8))
                }
            }
        }
        #expect(b.array == expected)
    }

    /// Few landmarks and small values, so that ties and rivals of one landmark are common.
    @Test(arguments: 0..<40) func matchFindsTheBestAndTheBestOfAnotherLandmark(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let (d, queries) = (16, 5)
        let count = Int.random(in: 0...40, using: &generator)
        let rows = (0..<count * d).map { _ in Int8.random(in: -1...1, using: &generator) }
        let query = (0..<queries * d).map { _ in Int8.random(in: -1...1, using: &generator) }
        let landmarks = (0..<count).map { _ in UInt32.random(in: 0...UInt32(seed % 5), using: &generator) }
        var best = [hf_best](repeating: hf_best(), count: queries)
        let scratch = unsafe Memory(kernels.match_scratch(d, count))
        unsafe kernels.match(query, queries, rows, landmarks, count, d, scratch.bytes, &best)
        for q in 0..<queries {
            let dots: [Int] = (0..<count).map { row in
                var dot = 0
                for i in 0..<d { dot += Int(rows[row * d + i]) * Int(query[q * d + i]) }
                return dot
            }
            var dotRows = [Int32](repeating: 0, count: count)
            unsafe kernels.dot_rows(rows, count, d, Array(query[q * d..<(q + 1) * d]), &dotRows)
            #expect(dotRows.map(Int.init) == dots)
            guard let top = dots.max(), let index = dots.firstIndex(of: top) else {
                #expect(best[q].index == -1 && best[q].second_dot == .min)
                continue
            }
            let second = (0..<count).filter { landmarks[$0] != landmarks[index] }.map { dots[$0] }.max()
            #expect(best[q].index == Int32(index))
            #expect(best[q].dot == Int32(top))
            #expect(best[q].second_dot == second.map(Int32.init) ?? .min)
        }
    }
}
