/// `aᵀ M b`, with M n x n, row by row.
func bilinear(_ a: [Double], _ matrix: [Double], _ b: [Double]) -> Double {
    let n = a.count
    var sum = 0.0
    for i in 0..<n {
        for j in 0..<n { sum += a[i] * matrix[i * n + j] * b[j] }
    }
    return sum
}

/// `M v`, with M n x n, row by row.
func product(_ matrix: [Double], vector: [Double]) -> [Double] {
    let n = vector.count
    var result = [Double](repeating: 0, count: n)
    for i in 0..<n {
        for j in 0..<n { result[i] += matrix[i * n + j] * vector[j] }
    }
    return result
}

/// `A B`, all n x n, row by row.
func product(_ a: [Double], _ b: [Double], _ n: Int) -> [Double] {
    var result = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
        for k in 0..<n {
            let factor = a[i * n + k]
            for j in 0..<n { result[i * n + j] += factor * b[k * n + j] }
        }
    }
    return result
}

/// `Aᵀ`, n x n, row by row.
func transposed(_ a: [Double], _ n: Int) -> [Double] {
    (0..<n * n).map { a[$0 % n * n + $0 / n] }
}
