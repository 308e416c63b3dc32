internal import Geometry

/// Least-squares equations of four correspondences at a time: `sums` of `Jᵀ J`, `Jᵀ r` and `rᵀ r` by lane.
///
/// For the gradient g of a residual by the point in the camera, the Jacobian by the left tangent (`Twist`) is
/// `(g, X × g)`.
struct EquationLanes {
    typealias Lanes = ReprojectionBlock.Lanes

    private var tt = SymmetricLanes()
    private var rr = SymmetricLanes()
    private var tr = (VectorLanes(), VectorLanes(), VectorLanes())
    private var gradientT = VectorLanes()
    private var gradientR = VectorLanes()
    private var cost = Lanes.zero

    /// Adds a block. A point behind the camera makes the cost infinite; empty lanes add nothing.
    @inline(__always)
    mutating func add(_ b: ReprojectionBlock, _ p: PoseMatrix) {
        let view = BlockView(b, p)
        let one = Lanes(repeating: 1)
        add(view, view.u, view.errorU, one)
        add(view, view.v, view.errorV, one)
        cost += view.errorU * view.errorU + view.errorV * view.errorV
        cost.replace(with: .infinity, where: view.depth .< 0)
    }

    /// Adds a block under a Cauchy loss (`RobustLoss.cauchy`) of `squaredScale`. A point behind the camera is
    /// as bad as the loss can tell, without a direction.
    @inline(__always)
    mutating func add(_ b: ReprojectionBlock, _ p: PoseMatrix, squaredScale: Double) {
        let view = BlockView(b, p)
        let squared = (view.errorU * view.errorU + view.errorV * view.errorV)
            .replacing(with: 1e12, where: view.depth .< 0)
        let growth = 1 + squared / squaredScale
        let weight = 1 / growth
        add(view, view.u, view.errorU, weight)
        add(view, view.v, view.errorV, weight)
        // One logarithm for four residuals.
        cost[0] += squaredScale * naturalLogarithm(growth[0] * growth[1] * growth[2] * growth[3])
    }

    @inline(__always)
    private mutating func add(_ view: BlockView, _ row: VectorLanes, _ r: Lanes, _ weight: Lanes) {
        let (n, point, inverse) = (view.n, view.point, view.inverse)
        let g = VectorLanes(
            x: (row.x - r * n.x) * inverse, y: (row.y - r * n.y) * inverse, z: (row.z - r * n.z) * inverse)
        let h = VectorLanes(
            x: point.y * g.z - point.z * g.y, y: point.z * g.x - point.x * g.z, z: point.x * g.y - point.y * g.x)
        gradientT.add(g, times: weight * r)
        gradientR.add(h, times: weight * r)
        tt.addOuter(g, weight)
        rr.addOuter(h, weight)
        tr.0.add(h, times: weight * g.x)
        tr.1.add(h, times: weight * g.y)
        tr.2.add(h, times: weight * g.z)
    }

    func write(to equations: inout PoseNormalEquations) {
        equations.cost = cost.sum()
        equations.gradient = Twist(translation: gradientT.sum, rotation: gradientR.sum)
        equations.matrix = SymmetricMatrix6(
            translation: tt.sum, cross: Matrix3(rows: tr.0.sum, tr.1.sum, tr.2.sum), rotation: rr.sum)
    }
}

/// A block seen from a pose: the points in the camera, their depths, and their reprojection errors in pixels.
struct BlockView {
    typealias Lanes = ReprojectionBlock.Lanes

    let point: VectorLanes
    let depth: Lanes
    /// 1 / depth; 0 for empty lanes and for points behind the camera.
    let inverse: Lanes
    let u: VectorLanes
    let v: VectorLanes
    let n: VectorLanes
    let errorU: Lanes
    let errorV: Lanes

    @inline(__always)
    init(_ b: ReprojectionBlock, _ p: PoseMatrix) {
        point = VectorLanes(
            x: b.x * p.r.column0.x + b.y * p.r.column1.x + b.z * p.r.column2.x + p.t.x,
            y: b.x * p.r.column0.y + b.y * p.r.column1.y + b.z * p.r.column2.y + p.t.y,
            z: b.x * p.r.column0.z + b.y * p.r.column1.z + b.z * p.r.column2.z + p.t.z)
        u = VectorLanes(x: b.ux, y: b.uy, z: b.uz)
        v = VectorLanes(x: b.vx, y: b.vy, z: b.vz)
        n = VectorLanes(x: b.nx, y: b.ny, z: b.nz)
        depth = point.dot(n)
        inverse = (1 / depth).replacing(with: 0, where: depth .<= 0)
        errorU = u.dot(point) * inverse
        errorV = v.dot(point) * inverse
    }
}

/// Four vectors.
struct VectorLanes {
    var x = EquationLanes.Lanes.zero
    var y = EquationLanes.Lanes.zero
    var z = EquationLanes.Lanes.zero

    @inline(__always)
    mutating func add(_ v: VectorLanes, times s: EquationLanes.Lanes) {
        x += v.x * s
        y += v.y * s
        z += v.z * s
    }

    @inline(__always)
    func dot(_ o: VectorLanes) -> EquationLanes.Lanes { x * o.x + y * o.y + z * o.z }

    var sum: Vector3 { Vector3(x.sum(), y.sum(), z.sum()) }
}

/// Four symmetric 3x3 matrices.
struct SymmetricLanes {
    var xx = EquationLanes.Lanes.zero
    var xy = EquationLanes.Lanes.zero
    var xz = EquationLanes.Lanes.zero
    var yy = EquationLanes.Lanes.zero
    var yz = EquationLanes.Lanes.zero
    var zz = EquationLanes.Lanes.zero

    @inline(__always)
    mutating func addOuter(_ v: VectorLanes, _ weight: EquationLanes.Lanes) {
        let w = VectorLanes(x: v.x * weight, y: v.y * weight, z: v.z * weight)
        xx += w.x * v.x
        xy += w.x * v.y
        xz += w.x * v.z
        yy += w.y * v.y
        yz += w.y * v.z
        zz += w.z * v.z
    }

    var sum: Matrix3 {
        let (a, b, c) = (xy.sum(), xz.sum(), yz.sum())
        return Matrix3(columns: Vector3(xx.sum(), a, b), Vector3(a, yy.sum(), c), Vector3(b, c, zz.sum()))
    }
}
