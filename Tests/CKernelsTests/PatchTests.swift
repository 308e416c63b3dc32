import CKernels
import TestSupport
import Testing

/// Patches as CKernels.h has them, against sums of real numbers.
@Suite struct PatchTests {
    private static let (width, height) = (40, 30)
    private let pixels: [UInt8]

    init() {
        var generator = SeededGenerator(seed: 5)
        pixels = (0..<Self.width * Self.height).map { _ in .random(in: 0...255, using: &generator) }
    }

    /// Between the pixels; grey levels.
    private func grey(_ x: Double, _ y: Double) -> Double {
        let (column, row) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
        let (u, v) = (x - Double(column), y - Double(row))
        func at(_ x: Int, _ y: Int) -> Double { Double(pixels[y * Self.width + x]) }
        return (1 - v) * ((1 - u) * at(column, row) + u * at(column + 1, row))
            + v * ((1 - u) * at(column, row + 1) + u * at(column + 1, row + 1))
    }

    @Test(arguments: [HF_PATCH_COARSE, HF_PATCH_SIDE])
    func takenPatchIsThePictureBetweenItsPixels(side: Int) {
        var patch = hf_patch()
        let step: [Int32] = [1 << 16 + 1 << 13, 1 << 12, -(1 << 13), 1 << 16]
        let (x, y) = (18.25, 14.5)
        unsafe hf_take_patch(
            pixels, Self.width, Int32(x * 65536), Int32(y * 65536), step, Int32(side), &patch)
        let values = unsafe withUnsafeBytes(of: patch.value) { unsafe Array($0.bindMemory(to: Int16.self)) }
        let across = unsafe withUnsafeBytes(of: patch.x) { unsafe Array($0.bindMemory(to: Int16.self)) }
        let half = Double(side - 1) / 2
        func expected(_ column: Double, _ row: Double) -> Double {
            let (a, b) = (column - half, row - half)
            return grey(
                x + (Double(step[0]) * a + Double(step[2]) * b) / 65536,
                y + (Double(step[1]) * a + Double(step[3]) * b) / 65536)
        }
        for row in 0..<side {
            for column in 0..<side {
                let (c, r) = (Double(column), Double(row))
                // 1 / 128 pixel of a picture that has 255 levels from one to the next.
                #expect(abs(Double(values[row * side + column]) / 16 + 128 - expected(c, r)) < 3)
                let slope = expected(c + 1, r) - expected(c - 1, r)
                #expect(abs(Double(across[row * side + column]) / 16 - slope) < 5)
            }
        }
    }

    @Test(arguments: tableNames) func sumsAreThoseOfThePictureUnderThePatch(_ name: String) throws {
        let table = unsafe try CKernelsTests.table(name)
        var patch = hf_patch()
        unsafe hf_take_patch(
            pixels, Self.width, 20 << 16, 15 << 16, [1 << 16, 0, 0, 1 << 16], Int32(HF_PATCH_SIDE), &patch)
        let values = unsafe withUnsafeBytes(of: patch.value) { unsafe Array($0.bindMemory(to: Int16.self)) }
        var sums = hf_patch_sums()
        unsafe pixels.withUnsafeBufferPointer {
            guard let base = $0.baseAddress else { return }
            unsafe table.pointee.patch_sums(base + 5 * Self.width + 7, Self.width, 32, 96, &patch, &sums)
        }
        var (sum, product) = (0.0, 0.0)
        for row in 0..<8 {
            for column in 0..<8 {
                let c = grey(Double(7 + column) + 0.25, Double(5 + row) + 0.75) - 128
                sum += c
                product += c * Double(values[row * 8 + column]) / 16
            }
        }
        #expect(abs(Double(sums.c) / 16 - sum) < 64 * 0.04)
        #expect(abs(Double(sums.cv) / 256 - product) < 64 * 0.04 * 128)
    }

    @Test(arguments: tableNames) func halfIsTheMeanRoundedHalfUp(_ name: String) throws {
        let table = unsafe try CKernelsTests.table(name)
        var half = [UInt8](repeating: 0, count: 20 * 15)
        unsafe table.pointee.halve(pixels, Self.width, &half, 20, 15)
        for y in 0..<15 {
            for x in 0..<20 {
                let first = 2 * y * Self.width + 2 * x
                let four = [first, first + 1, first + Self.width, first + Self.width + 1].map { Int(pixels[$0]) }
                #expect(Int(half[y * 20 + x]) == (four.reduce(0, +) + 2) / 4)
            }
        }
    }
}
