package import Geometry

/// How well a solution knows the motions between its poses: what the normal equations there say, first order.
package struct MotionUncertainty {
    private let factor: BlockCholesky
    private let poses: [RigidTransform]
    /// Known exactly.
    private let fixed: Set<Int>

    /// Of a problem without cameras or a boresight among its unknowns. Cost: of one step of its minimization.
    ///
    /// - Parameters:
    ///   - problem: whose priors or fixed poses leave no frame open.
    ///   - state: its solution; observations and priors count by their robust weights there.
    ///   - threads: that work; the result does not depend on them.
    /// - Returns: nil where the problem leaves something open.
    package init?(_ problem: BundleProblem, at state: BundleState, threads: Int) {
        precondition(
            problem.boresightSigma == nil && problem.cameraPriors.isEmpty, "MotionUncertainty: shared unknowns")
        guard let factor = Equations(problem, threads).factor(at: state) else { return nil }
        self.factor = factor
        (poses, fixed) = (state.poses, problem.fixedPoses)
    }

    /// Covariance of the motion between two poses, `to * from⁻¹`, perturbed from the left: metres and radians in the
    /// frame of `to`. Cost: six solutions, each some 100 operations for each block of the factor.
    package func covariance(from: Int, to: Int) -> SymmetricMatrix6 {
        let motion = poses[to] * poses[from].inverse
        let jacobian = MotionJacobian.inverseLeft(.zero)
        let ends = [(to, jacobian, 1.0), (from, jacobian.timesAdjoint(of: motion), -1.0)].filter {
            !fixed.contains($0.0)
        }
        return SymmetricMatrix6 { column in
            var right = [SIMD8<Double>](repeating: .zero, count: poses.count)
            for (pose, jacobian, sign) in ends { right[pose] += jacobian.row(column) * sign }
            let answer = factor.solve(right)
            var result = Twist.zero
            for row in 0..<6 {
                for (pose, jacobian, sign) in ends {
                    result[row] += jacobian.row(row).productOverPose(answer[pose]) * sign
                }
            }
            return result
        }
    }
}
