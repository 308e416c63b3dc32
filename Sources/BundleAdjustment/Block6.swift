/// A 6x6 matrix by columns: the part of the reduced normal equations that couples two poses. Lanes 0...5 of a column
/// count; lane 6 carries a gradient where sums of outer products are formed (`ObservationRows`), lane 7 nothing.
package struct Block6: Equatable, Sendable {
    package var columns: InlineArray<6, SIMD8<Double>>

    package static let zero = Block6(columns: .init(repeating: .zero))

    package static func == (a: Block6, b: Block6) -> Bool { (0..<6).allSatisfy { a.columns[$0] == b.columns[$0] } }

    package subscript(row: Int, column: Int) -> Double {
        get { columns[column][row] }
        set { columns[column][row] = newValue }
    }

    var transpose: Block6 {
        var result = Block6.zero
        for column in 0..<6 { for row in 0..<6 { result[column, row] = self[row, column] } }
        return result
    }

    /// Adds `a bᵀ`; lane 6 of `a` goes into lane 6 of the columns.
    @inline(__always) mutating func addOuter(_ a: SIMD8<Double>, _ b: SIMD8<Double>) {
        for column in 0..<6 { columns[column] += a * b[column] }
    }

    /// Subtracts `a bᵀ` of two blocks: the inner loop of the factorization.
    @inline(__always) mutating func subtract(_ a: Block6, timesTransposeOf b: Block6) {
        for column in 0..<6 {
            var sum = columns[column]
            for k in 0..<6 { sum -= a.columns[k] * b.columns[k][column] }
            columns[column] = sum
        }
    }

    /// `self * v` over lanes 0...5.
    @inline(__always) func times(_ v: SIMD8<Double>) -> SIMD8<Double> {
        var sum = SIMD8<Double>.zero
        for k in 0..<6 { sum += columns[k] * v[k] }
        return sum
    }

    /// `selfᵀ v` over lanes 0...5.
    @inline(__always) func transposedTimes(_ v: SIMD8<Double>) -> SIMD8<Double> {
        var result = SIMD8<Double>.zero
        for k in 0..<6 {
            let product = columns[k] * v
            result[k] = product[0] + product[1] + product[2] + product[3] + product[4] + product[5]
        }
        return result
    }

    /// Replaces the lower triangle of a symmetric positive definite block by its Cholesky factor and clears the rest;
    /// false where it is not positive definite.
    mutating func factor() -> Bool {
        for j in 0..<6 {
            var column = columns[j]
            for k in 0..<j { column -= columns[k] * columns[k][j] }
            let pivot = column[j]
            // A pivot this far under its diagonal element is rounding.
            guard pivot > 1e-14 * columns[j][j], pivot.isFinite else { return false }
            column *= 1 / pivot.squareRoot()
            for row in 0..<j { column[row] = 0 }
            columns[j] = column
        }
        return true
    }

    /// `self * L⁻ᵀ` for a factor `L` of ``factor()``.
    @inline(__always) mutating func divide(byTransposeOf l: Block6) {
        for j in 0..<6 {
            var column = columns[j]
            for k in 0..<j { column -= columns[k] * l.columns[k][j] }
            columns[j] = column * (1 / l.columns[j][j])
        }
    }

    /// `L⁻¹ v` for a factor `L`.
    @inline(__always) func forwardSolve(_ v: SIMD8<Double>) -> SIMD8<Double> {
        var v = v
        for j in 0..<6 {
            let x = v[j] / columns[j][j]
            v -= columns[j] * x
            v[j] = x
        }
        return v
    }

    /// `L⁻ᵀ v` for a factor `L`.
    @inline(__always) func backwardSolve(_ v: SIMD8<Double>) -> SIMD8<Double> {
        var x = v
        for j in stride(from: 5, through: 0, by: -1) {
            var sum = v[j]
            for row in (j + 1)..<6 { sum -= columns[j][row] * x[row] }
            x[j] = sum / columns[j][j]
        }
        return x
    }
}
