import CKernels
import TestSupport

/// Model.md's integer arithmetic, as its lines read: 64 bits wide, rounding and saturation written out.
enum Arithmetic {
    /// The byte that holds `q` in memory.
    static func memory(_ q: Int) -> UInt8 { UInt8(bitPattern: Int8(q)) ^ UInt8(HF_ACTIVATION_XOR) }
    static func quantized(_ byte: UInt8) -> Int { Int(Int8(bitPattern: byte ^ UInt8(HF_ACTIVATION_XOR))) }

    /// value / 2^shift, rounded half up.
    static func roundedShift(_ value: Int, _ shift: Int) -> Int {
        Int((Double(value) / Double(1 << shift) + 0.5).rounded(.down))
    }
    static func saturated(_ value: Int, bits: Int) -> Int {
        min(max(value, -(1 << (bits - 1))), (1 << (bits - 1)) - 1)
    }
    /// The rounding int16 multiply.
    static func scaled(_ value: Int, by multiplier: Int) -> Int { roundedShift(value * multiplier, 15) }
}

/// Requantization of some channels, and the arrays it points to.
struct Requantization {
    var bias: [Int32]
    var shift: [UInt8]
    var multiplier: [Int16]
    var zeroPoint: Int32

    init(channels: Int, shifts: ClosedRange<UInt8>, using generator: inout SeededGenerator) {
        bias = (0..<channels).map { _ in .random(in: -60_000...60_000, using: &generator) }
        shift = (0..<channels).map { _ in .random(in: shifts, using: &generator) }
        multiplier = (0..<channels).map { _ in .random(in: 2_048...32_767, using: &generator) }
        zeroPoint = .random(in: -128...127, using: &generator)
    }

    /// r of Model.md: a channel's accumulation as int16.
    func result(_ accumulation: Int, channel c: Int) -> Int {
        let t = Arithmetic.saturated(Arithmetic.roundedShift(accumulation + Int(bias[c]), Int(shift[c])), bits: 16)
        return Arithmetic.scaled(t, by: Int(multiplier[c]))
    }
    func output(_ accumulation: Int, channel c: Int) -> UInt8 {
        let r = Arithmetic.saturated(result(accumulation, channel: c) + Int(zeroPoint), bits: 16)
        return Arithmetic.memory(Arithmetic.saturated(r, bits: 8))
    }

    func withPointers<Result>(_ body: (hf_requantization) throws -> Result) rethrows -> Result {
        try unsafe bias.withUnsafeBufferPointer { bias in
            try unsafe shift.withUnsafeBufferPointer { shift in
                try unsafe multiplier.withUnsafeBufferPointer { multiplier in
                    try unsafe body(
                        hf_requantization(
                            bias: bias.baseAddress, shift: shift.baseAddress, multiplier: multiplier.baseAddress,
                            zero_point: zeroPoint))
                }
            }
        }
    }
}

/// Memory as the kernels want it: aligned, with HF_SLACK readable bytes on both sides.
@safe final class Memory {
    private let base: UnsafeMutableRawPointer
    let count: Int

    init(_ count: Int) {
        self.count = count
        unsafe base = .allocate(byteCount: count + 2 * Int(HF_SLACK), alignment: Int(HF_ALIGNMENT))
        unsafe base.initializeMemory(as: UInt8.self, repeating: 0xa5, count: count + 2 * Int(HF_SLACK))
    }
    convenience init(_ bytes: [UInt8]) {
        self.init(bytes.count)
        for i in bytes.indices { unsafe self.bytes[i] = bytes[i] }
    }
    deinit { unsafe base.deallocate() }

    var bytes: UnsafeMutablePointer<UInt8> { unsafe (base + Int(HF_SLACK)).assumingMemoryBound(to: UInt8.self) }
    var array: [UInt8] { unsafe Array(UnsafeBufferPointer(start: bytes, count: count)) }
}
