internal import Geometry

/// Least-squares equations of four correspondences at a time: `sums` of `Jᵀ J`, `Jᵀ r` and `rᵀ r` by lane.
///
/// For the gradient g of a residual by the point in the camera, the Jacobian by the left tangent (``Twist``) is
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
        let cx = b.x * p.r.column0.x + b.y * p.r.column1.x + b.z * p.r.column2.x + p.t.x
        let cy = b.x * p.r.column0.y + b.y * p.r.column1.y + b.z * p.r.column2.y + p.t.y
        let cz = b.x * p.r.column0.z + b.y * p.r.column1.z + b.z * p.r.column2.z + p.t.z
        let point = VectorLanes(x: cx, y: cy, z: cz)
        let depth = cx * b.nx + cy * b.ny + cz * b.nz
        let inverse = (1 / depth).replacing(with: 0, where: depth .<= 0)
        let n = VectorLanes(x: b.nx, y: b.ny, z: b.nz)
        add(VectorLanes(x: b.ux, y: b.uy, z: b.uz), n, point, inverse)
        add(VectorLanes(x: b.vx, y: b.vy, z: b.vz), n, point, inverse)
        cost.replace(with: .infinity, where: depth .< 0)
    }

    @inline(__always)
    private mutating func add(_ row: VectorLanes, _ n: VectorLanes, _ point: VectorLanes, _ inverse: Lanes) {
        let r = (row.x * point.x + row.y * point.y + row.z * point.z) * inverse
        let g = VectorLanes(
            x: (row.x - r * n.x) * inverse, y: (row.y - r * n.y) * inverse, z: (row.z - r * n.z) * inverse)
        let h = VectorLanes(
            x: point.y * g.z - point.z * g.y, y: point.z * g.x - point.x * g.z, z: point.x * g.y - point.y * g.x)
        cost += r * r
        gradientT.add(g, times: r)
        gradientR.add(h, times: r)
        tt.addOuter(g)
        rr.addOuter(h)
        tr.0.add(h, times: g.x)
        tr.1.add(h, times: g.y)
        tr.2.add(h, times: g.z)
    }

    func write(to equations: inout PoseNormalEquations) {
        equations.cost = cost.sum()
        equations.gradient = Twist(translation: gradientT.sum, rotation: gradientR.sum)
        equations.matrix = SymmetricMatrix6(
            translation: tt.sum, cross: Matrix3(rows: tr.0.sum, tr.1.sum, tr.2.sum), rotation: rr.sum)
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
    mutating func addOuter(_ v: VectorLanes) {
        xx += v.x * v.x
        xy += v.x * v.y
        xz += v.x * v.z
        yy += v.y * v.y
        yz += v.y * v.z
        zz += v.z * v.z
    }

    var sum: Matrix3 {
        let (a, b, c) = (xy.sum(), xz.sum(), yz.sum())
        return Matrix3(columns: Vector3(xx.sum(), a, b), Vector3(a, yy.sum(), c), Vector3(b, c, zz.sum()))
    }
}
