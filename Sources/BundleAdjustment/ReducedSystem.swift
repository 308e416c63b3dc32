import Geometry
import Parallelism

/// The normal equations of poses and shared unknowns, the points eliminated (Triggs et al. 2000, section 6.1).
///
/// Each pose's row is summed up by one thread in the order of its observations, so the result does not depend on how
/// many threads there are.
struct ReducedSystem: Sendable {
    private(set) var matrix: BlockMatrix
    /// Of the poses, lanes 0...5.
    private(set) var gradient: [SIMD8<Double>]
    /// Per pose and shared unknown, how they couple.
    private(set) var border: [[SIMD8<Double>]]
    /// Of the shared unknowns, row by row.
    private(set) var shared: [Double]
    private(set) var sharedGradient: [Double]
    /// Diagonals before damping: of the poses, and of the shared unknowns.
    private(set) var diagonals: [SIMD8<Double>]
    private(set) var sharedDiagonal: [Double]
    private let layout: SharedLayout

    init(
        _ problem: BundleProblem, _ state: BundleState, _ rows: Linearization,
        _ points: PointElimination, pattern: BlockPattern, layout: SharedLayout, threads: Int
    ) {
        self.layout = layout
        let poseRows = Parallel.map(problem.poseCount, threads: threads) { pose in
            PoseRow(pose, problem, rows, points, pattern.upper[pose], layout)
        }
        matrix = BlockMatrix(pattern, diagonal: poseRows.map(\.diagonalBlock), blocks: poseRows.map(\.blocks))
        gradient = poseRows.map(\.gradient)
        border = poseRows.map(\.border)
        diagonals = poseRows.map(\.diagonal)
        let size = layout.count
        (shared, sharedGradient) = ([Double](repeating: 0, count: size * size), [Double](repeating: 0, count: size))
        sharedDiagonal = sharedGradient
        if layout.cameraCount > 0 { addCameras(problem, rows, points) }
        for row in rows.priors { add(row) }
        addSharedPriors(problem, state)
        for pose in problem.fixedPoses { for i in 0..<6 { matrix.diagonal[pose][i, i] += 1 } }
    }

    /// One pose's part: sums over its observations.
    private struct PoseRow: Sendable {
        var diagonalBlock = Block6.zero
        var diagonal = SIMD8<Double>.zero
        var blocks: [Block6]
        var border: [SIMD8<Double>]
        var gradient = SIMD8<Double>.zero

        init(
            _ pose: Int, _ problem: BundleProblem, _ rows: Linearization, _ points: PointElimination,
            _ others: [Int32], _ layout: SharedLayout
        ) {
            blocks = [Block6](repeating: .zero, count: others.count)
            border = [SIMD8<Double>](repeating: .zero, count: layout.count)
            // From a pose to its block in this row.
            var place = [Int32](repeating: -1, count: (others.last.map { Int($0) } ?? pose) + 1 - pose)
            for (index, other) in others.enumerated() { place[Int(other) - pose] = Int32(index) }
            let camera = layout.parameters(ofCamera: problem.cameraOfPose[pose])
            for number in problem.observationsOfPose[pose] {
                add(Int(number), pose, problem, rows, points, place)
                if layout.cameraCount > 0 { addBorder(Int(number), problem, rows, points, layout, camera) }
            }
        }

        @inline(__always)
        private mutating func add(
            _ number: Int, _ pose: Int, _ problem: BundleProblem, _ rows: Linearization, _ points: PointElimination,
            _ place: [Int32]
        ) {
            let row = rows.rows[number]
            let point = Int(problem.observations[number].point)
            let (x, y) = (row.x.pose, row.y.pose)
            diagonalBlock.addOuter(x, x)
            diagonalBlock.addOuter(y, y)
            diagonal += x * x + y * y
            let inverse = points.inverses[point]
            let (ax, ay) = (inverse * row.pointX, inverse * row.pointY)
            let eliminated = points.gradients[point]
            gradient += x * (row.x[6] - ax.dot(eliminated)) + y * (row.y[6] - ay.dot(eliminated))
            for second in problem.pointStarts[point]..<problem.pointStarts[point + 1] {
                let other = Int(problem.observations[second].pose)
                guard other >= pose else { continue }
                let b = rows.rows[second]
                let (bx, by) = (b.x.pose, b.y.pose)
                let p = bx * ax.dot(b.pointX) + by * ax.dot(b.pointY)
                let q = bx * ay.dot(b.pointX) + by * ay.dot(b.pointY)
                if other == pose {
                    diagonalBlock.addOuter(-x, p)
                    diagonalBlock.addOuter(-y, q)
                } else {
                    let index = Int(place[other - pose])
                    blocks[index].addOuter(-x, p)
                    blocks[index].addOuter(-y, q)
                }
            }
        }

        private mutating func addBorder(
            _ number: Int, _ problem: BundleProblem, _ rows: Linearization, _ points: PointElimination,
            _ layout: SharedLayout, _ parameters: [(parameter: Int, shared: Int)]
        ) {
            let row = rows.rows[number]
            let camera = rows.cameraRows[number]
            let point = Int(problem.observations[number].point)
            let (x, y) = (row.x.pose, row.y.pose)
            for (parameter, shared) in parameters {
                border[shared] += x * camera.x[parameter] + y * camera.y[parameter]
            }
            let inverse = points.inverses[point]
            let (ax, ay) = (inverse * row.pointX, inverse * row.pointY)
            for column in 0..<layout.cameraCount {
                let coupling = points.cameraCoupling[point * layout.cameraCount + column]
                border[layout.firstCamera + column] -= x * ax.dot(coupling) + y * ay.dot(coupling)
            }
        }
    }

    /// The cameras' own part.
    private mutating func addCameras(_ problem: BundleProblem, _ rows: Linearization, _ points: PointElimination) {
        for (number, camera) in rows.cameraRows.enumerated() {
            let row = rows.rows[number]
            let parameters = layout.parameters(ofCamera: problem.cameraOfPose[Int(problem.observations[number].pose)])
            for (i, a) in parameters {
                sharedGradient[a] += camera.x[i] * row.x[6] + camera.y[i] * row.y[6]
                for (j, b) in parameters {
                    shared[a * layout.count + b] += camera.x[i] * camera.x[j] + camera.y[i] * camera.y[j]
                }
            }
        }
        for a in layout.firstCamera..<layout.count { sharedDiagonal[a] = shared[a * layout.count + a] }
        let size = layout.cameraCount
        for point in 0..<problem.pointCount {
            for i in 0..<size {
                let eliminated = points.inverses[point] * points.cameraCoupling[point * size + i]
                let a = layout.firstCamera + i
                sharedGradient[a] -= eliminated.dot(points.gradients[point])
                for j in 0..<size {
                    shared[a * layout.count + layout.firstCamera + j] -=
                        eliminated.dot(points.cameraCoupling[point * size + j])
                }
            }
        }
    }

    private mutating func add(_ row: PriorRow) {
        let (a, b) = (row.first, row.other)
        matrix.diagonal[a].addOuter(row.jacobian, row.jacobian)
        diagonals[a] += row.jacobian * row.jacobian
        gradient[a] += row.jacobian * row.residual
        if a != b {
            matrix.diagonal[b].addOuter(row.otherJacobian, row.otherJacobian)
            diagonals[b] += row.otherJacobian * row.otherJacobian
            gradient[b] += row.otherJacobian * row.residual
            let (low, lowJacobian, high, highJacobian) =
                a < b ? (a, row.jacobian, b, row.otherJacobian) : (b, row.otherJacobian, a, row.jacobian)
            if let index = matrix.pattern.upper[low].firstIndex(of: Int32(high)) {
                matrix.blocks[low][index].addOuter(lowJacobian, highJacobian)
            }
        }
        guard layout.firstCamera == 3 else { return }
        for i in 0..<3 where row.boresight != .zero {
            border[a][i] += row.jacobian * row.boresight[i]
            sharedGradient[i] += row.boresight[i] * row.residual
            sharedDiagonal[i] += row.boresight[i] * row.boresight[i]
            for j in 0..<3 { shared[i * layout.count + j] += row.boresight[i] * row.boresight[j] }
        }
    }

    private mutating func addSharedPriors(_ problem: BundleProblem, _ state: BundleState) {
        for term in SharedPrior.terms(problem, state, layout) {
            sharedGradient[term.index] += term.weight * term.excess
            sharedDiagonal[term.index] += term.weight
            shared[term.index * layout.count + term.index] += term.weight
        }
    }
}

/// What is known beforehand of the unknowns that all images share.
enum SharedPrior {
    /// An unknown's distance from where it began, and the inverse of its variance.
    typealias Term = (index: Int, excess: Double, weight: Double)

    static func terms(
        _ problem: BundleProblem, _ state: BundleState, _ layout: SharedLayout
    ) -> [Term] {
        var terms: [Term] = []
        if let sigma = problem.boresightSigma {
            let turn = state.boresight.log
            terms += (0..<3).map { ($0, turn[$0], 1 / (sigma * sigma)) }
        }
        for (camera, prior) in problem.cameraPriors.enumerated() {
            let (now, before, sigmas) = (state.cameras[camera].parameters, prior.camera.parameters, prior.sigmas)
            terms += layout.parameters(ofCamera: camera).map { parameter, shared in
                (shared, now[parameter] - before[parameter], 1 / (sigmas[parameter] * sigmas[parameter]))
            }
        }
        return terms
    }

    static func cost(
        _ problem: BundleProblem, _ state: BundleState, _ layout: SharedLayout
    ) -> Double {
        terms(problem, state, layout).reduce(0) { $0 + $1.weight * $1.excess * $1.excess }
    }
}

extension SIMD8<Double> {
    /// Without the residual in lane 6.
    var pose: Self {
        var lanes = self
        lanes[6] = 0
        return lanes
    }
}
