internal import COpenBLAS

/// The normal equations of a bundle adjustment: a few shared parameters (at most 16: intrinsics) and one pose for each
/// of many views, each residual touching the shared parameters and one pose. Their matrix has the shape of an arrow:
/// `[[A, B₁, B₂, ...], [B₁ᵀ, C₁], [B₂ᵀ, , C₂], ...]`.
///
/// Memory and time to solve are linear in the number of views (Schur complement; Triggs et al. 2000, section 6.1).
public struct SchurNormalEquations: Sendable {
    /// What the residuals of one view add: the block of its pose, and how that couples with the shared parameters.
    public struct View: Sendable {
        /// `C`: 6 x 6.
        var pose = SymmetricMatrix6.zero
        var poseGradient = Twist.zero
        /// `Bᵀ`: for each of the six pose parameters the row over the shared ones.
        var cross = InlineArray<6, SIMD16<Double>>(repeating: .zero)
    }

    /// Number of shared parameters, 0...16.
    public let sharedCount: Int
    /// Sum of the robust costs of the residuals that were added, priors included.
    public private(set) var cost = 0.0
    /// Scalar residuals that were added: two for a pixel.
    public private(set) var residualCount = 0
    /// Set when a residual could not be evaluated; the step is then refused.
    public private(set) var isInvalid = false
    var views: [View]
    /// Rows of `A`; only its lower triangle.
    var shared: InlineArray<16, SIMD16<Double>> = .init(repeating: .zero)
    var sharedGradient = SIMD16<Double>.zero

    /// Rows of the Jacobian that are not in the matrices yet, each `stride` long: pose 6, residual, one unused, shared;
    /// all of the view `rowView`. Their products are left to BLAS, some dozens at once.
    private var rows: [Double]
    private var rowCount = 0
    private var rowView = 0
    private var isOpen = false
    /// The lower triangle of the sum of `rowView`'s rows' outer products.
    private var products: [Double]
    private static let stride = 24
    /// Fewer products than OpenBLAS takes to be worth a thread.
    private static let mostRows = 64

    /// No residuals yet. Allocates for all views.
    /// - Parameters:
    ///   - sharedCount: 0...16.
    ///   - viewCount: views, each with a pose of six parameters.
    public init(sharedCount: Int, viewCount: Int) {
        precondition((0...16).contains(sharedCount), "SchurNormalEquations: at most 16 shared parameters")
        self.sharedCount = sharedCount
        views = [View](repeating: View(), count: viewCount)
        rows = [Double](repeating: 0, count: Self.stride * Self.mostRows)
        products = [Double](repeating: 0, count: Self.stride * Self.stride)
    }

    /// Sets everything to zero.
    mutating func reset() {
        (cost, residualCount, isInvalid, rowCount) = (0, 0, false, 0)
        for i in views.indices { views[i] = View() }
        shared = .init(repeating: .zero)
        sharedGradient = .zero
    }

    /// The parameters cannot be evaluated (for example a point behind the camera): the step will be refused.
    public mutating func markInvalid() { isInvalid = true }

    /// Adds the residual of a point of a view's board that `camera` should see at `pixel`, weighted as one by its norm:
    /// the shared parameters are the camera's, then two deflections of the board if there are any.
    /// - Parameters:
    ///   - view: whose board the point is of.
    ///   - point: in the camera frame.
    ///   - camera: its intrinsics.
    ///   - pixel: where the point was seen.
    ///   - normal: of the board, in the camera frame.
    ///   - slopes: how far the point moves along `normal` by each deflection.
    ///   - loss: of the residual.
    public mutating func add(
        view: Int, point: Vector3, by camera: Camera, seenAt pixel: Vector2, normal: Vector3, slopes: Vector2?,
        loss: RobustLoss
    ) {
        guard let full = camera.fullProjection(point) else { return markInvalid() }
        var gradients = full.parameters
        let (x, y) = (full.projection.gradientX, full.projection.gradientY)
        if let slopes {
            let first = sharedCount - 2
            let (dx, dy) = (x.dot(normal), y.dot(normal))
            (gradients.x[first], gradients.x[first + 1]) = (dx * slopes.x, dx * slopes.y)
            (gradients.y[first], gradients.y[first + 1]) = (dy * slopes.x, dy * slopes.y)
        }
        let pose = (Twist(translation: x, rotation: point.cross(x)), Twist(translation: y, rotation: point.cross(y)))
        addRows(view, full.projection.pixel - pixel, gradients, pose, loss)
    }

    @inline(__always)
    private mutating func addRows(
        _ view: Int, _ residual: Vector2, _ g: ParameterGradients, _ pose: (x: Twist, y: Twist), _ loss: RobustLoss
    ) {
        let squared = residual.lengthSquared
        guard squared.isFinite else { return markInvalid() }
        cost += loss.cost(squared)
        residualCount += 2
        if view != rowView { finishView() }
        if rowCount > Self.mostRows - 2 { multiplyRows() }
        (rowView, isOpen) = (view, true)
        let root = loss.weight(squared).squareRoot()
        unsafe rows.withUnsafeMutableBytes { bytes in
            let row = Self.stride * MemoryLayout<Double>.stride
            unsafe Self.store(pose.x, residual.x, g.x, root, bytes, rowCount * row)
            unsafe Self.store(pose.y, residual.y, g.y, root, bytes, (rowCount + 1) * row)
        }
        rowCount += 2
    }

    @inline(__always)
    private static func store(
        _ pose: Twist, _ residual: Double, _ shared: SIMD16<Double>, _ root: Double,
        _ bytes: UnsafeMutableRawBufferPointer, _ start: Int
    ) {
        let (t, r) = (pose.translation * root, pose.rotation * root)
        let first = SIMD8(t.x, t.y, t.z, r.x, r.y, r.z, residual * root, 0)
        unsafe bytes.storeBytes(of: first, toByteOffset: start, as: SIMD8<Double>.self)
        unsafe bytes.storeBytes(of: shared.lowHalf * root, toByteOffset: start + 64, as: SIMD8<Double>.self)
        unsafe bytes.storeBytes(of: shared.highHalf * root, toByteOffset: start + 128, as: SIMD8<Double>.self)
    }

    /// Takes in the rows that wait: call after the last residual.
    public mutating func finish() { finishView() }

    private mutating func multiplyRows() {
        guard rowCount > 0 else { return }
        unsafe products.withUnsafeMutableBufferPointer { products in
            unsafe rows.withUnsafeBufferPointer { rows in
                unsafe cblas_dsyrk(
                    CblasColMajor, CblasLower, CblasNoTrans, Int32(8 + sharedCount), Int32(rowCount), 1,
                    rows.baseAddress, Int32(Self.stride), 1, products.baseAddress, Int32(Self.stride))
            }
        }
        rowCount = 0
    }

    /// Adds the products of a view to its blocks and to the shared ones.
    private mutating func finishView() {
        guard isOpen else { return }
        multiplyRows()
        isOpen = false
        // Element (row, column) of the lower triangle, column by column.
        func element(_ row: Int, _ column: Int) -> Double { products[column * Self.stride + row] }
        for i in 0..<6 {
            views[rowView].poseGradient[i] += element(6, i)
            for k in 0..<sharedCount { views[rowView].cross[i][k] += element(8 + k, i) }
        }
        for k in 0..<sharedCount {
            sharedGradient[k] += element(8 + k, 6)
            for r in k..<sharedCount { shared[r][k] += element(8 + r, 8 + k) }
        }
        views[rowView].addPose { element(max($0, $1), min($0, $1)) }
        for i in products.indices { products[i] = 0 }
    }

    /// Adds what is known of a shared parameter beforehand: `weight` times the square of its `excess` over the expected
    /// value. Not counted as a residual.
    public mutating func addPrior(shared index: Int, excess: Double, weight: Double) {
        cost += weight * excess * excess
        sharedGradient[index] += weight * excess
        shared[index][index] += weight
    }
}

extension SchurNormalEquations.View {
    fileprivate mutating func addPose(_ element: (Int, Int) -> Double) {
        for row in 0..<3 {
            for column in 0..<3 {
                pose.translation[row, column] += element(row, column)
                pose.cross[row, column] += element(row, column + 3)
                pose.rotation[row, column] += element(row + 3, column + 3)
            }
        }
    }
}
