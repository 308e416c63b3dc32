internal import CKernels

/// Rows of signs beside the vectors that queries are: a few rows at a time become bytes of 1 and -1, which stay in the
/// first-level cache, for the exact product of whole numbers.
@safe struct SignRows {
    /// Rows at once.
    private static let block = 4
    /// The eight bytes of a byte's signs.
    private static let bytes: [UInt64] = (0..<256).map { (signs: Int) in
        (0..<8).reduce(0) { $0 | (signs >> $1 & 1 == 1 ? 0x01 : 0xff) << (8 * UInt64($1)) }
    }

    private typealias DotRows =
        @convention(c) (UnsafePointer<Int8>?, Int, Int, UnsafePointer<Int8>?, UnsafeMutablePointer<Int32>?) -> Void

    private let dimension: Int
    private let dotRows: DotRows
    private let table: [UInt64]
    private var expanded: [UInt64]

    /// - Parameters:
    ///   - dimension: signs of a row, a multiple of 8.
    ///   - kernels: of the processor.
    init(dimension: Int, kernels: UnsafePointer<hf_kernels>) {
        guard let dotRows = unsafe kernels.pointee.dot_rows else { preconditionFailure("a table without dot_rows") }
        unsafe self.dotRows = dotRows
        self.dimension = dimension
        table = Self.bytes
        expanded = [UInt64](repeating: 0, count: Self.block * dimension / 8)
    }

    /// `out[i]`: the product of row `i` of `count` with `vector`, which holds no -128.
    mutating func dot(
        _ rows: UnsafePointer<UInt8>, count: Int, with vector: UnsafePointer<Int8>,
        into out: UnsafeMutablePointer<Int32>
    ) {
        let width = dimension / 8
        unsafe table.withUnsafeBufferPointer { table in
            unsafe expanded.withUnsafeMutableBufferPointer { expanded in
                guard let base = expanded.baseAddress, let bytes = table.baseAddress else { return }
                for first in stride(from: 0, to: count, by: Self.block) {
                    let size = min(Self.block, count - first)
                    for index in 0..<size * width { unsafe base[index] = bytes[Int(rows[first * width + index])] }
                    unsafe dotRows(
                        UnsafeRawPointer(base).assumingMemoryBound(to: Int8.self), size, dimension, vector, out + first)
                }
            }
        }
    }
}
