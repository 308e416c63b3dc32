import Geometry

extension ReducedSystem {
    /// The step of poses and shared unknowns, the latter by their own Schur complement; nil where that is not positive
    /// definite.
    func solve(
        _ factor: BlockCholesky, damping: Double
    ) -> (poses: [SIMD8<Double>], shared: [Double])? {
        let size = sharedGradient.count
        let alone = factor.solve(gradient)
        guard size > 0 else { return (alone.map { -$0 }, []) }
        let columns = (0..<size).map { column in factor.solve(border.map { $0[column] }) }
        var (matrix, right) = (shared, sharedGradient)
        for i in 0..<size {
            matrix[i * size + i] += damping * sharedDiagonal[i]
            for pose in border.indices {
                right[i] -= border[pose][i].productOverPose(alone[pose])
                for j in 0..<size { matrix[i * size + j] -= border[pose][i].productOverPose(columns[j][pose]) }
            }
        }
        guard SymmetricPositive.solve(&matrix, &right) else { return nil }
        let poses = alone.indices.map { pose in
            columns.indices.reduce(-alone[pose]) { $0 + columns[$1][pose] * right[$1] }
        }
        return (poses, right.map { -$0 })
    }
}

extension SIMD8<Double> {
    /// Scalar product over lanes 0...5.
    func productOverPose(_ other: Self) -> Double {
        let p = self * other
        return p[0] + p[1] + p[2] + p[3] + p[4] + p[5]
    }
}
