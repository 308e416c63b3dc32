import Geometry
import Parallelism

/// The points of an adjustment, eliminated one by one from the normal equations (Schur complement).
struct PointElimination: Sendable {
    /// Per point, the inverse of its damped block; zero where nothing observes it.
    private(set) var inverses: [Matrix3] = []
    /// Per point, its gradient.
    private(set) var gradients: [Vector3] = []
    /// Per point, its diagonal before damping.
    private(set) var diagonals: [Vector3] = []
    /// Per point and camera parameter, how they couple; empty unless cameras move.
    private(set) var cameraCoupling: [Vector3] = []
    private static let chunk = 512
    /// Below this share of the trace a point's depth is left to the damping.
    private static let floor = 1e-12

    init(
        _ problem: BundleProblem, _ rows: Linearization, layout: SharedLayout, damping: Double, threads: Int
    ) {
        let count = problem.pointCount
        let chunks = Parallel.map((count + Self.chunk - 1) / Self.chunk, threads: threads) { number in
            var part = PointElimination()
            for point in number * Self.chunk..<min(count, (number + 1) * Self.chunk) {
                part.add(point, problem, rows, layout, damping)
            }
            return part
        }
        for chunk in chunks {
            inverses += chunk.inverses
            gradients += chunk.gradients
            diagonals += chunk.diagonals
            cameraCoupling += chunk.cameraCoupling
        }
    }

    private init() {}

    private mutating func add(
        _ point: Int, _ problem: BundleProblem, _ rows: Linearization, _ layout: SharedLayout, _ damping: Double
    ) {
        var (block, gradient) = (Matrix3.zero, Vector3.zero)
        let coupling = cameraCoupling.count
        cameraCoupling += [Vector3](repeating: .zero, count: layout.cameraCount)
        for number in problem.pointStarts[point]..<problem.pointStarts[point + 1] {
            let row = rows.rows[number]
            block.addOuter(row.pointX, row.pointX)
            block.addOuter(row.pointY, row.pointY)
            gradient += row.pointX * row.x[6] + row.pointY * row.y[6]
            guard layout.cameraCount > 0 else { continue }
            let camera = rows.cameraRows[number]
            let pose = Int(problem.observations[number].pose)
            for (parameter, shared) in layout.parameters(ofCamera: problem.cameraOfPose[pose]) {
                cameraCoupling[coupling + shared - layout.firstCamera] +=
                    row.pointX * camera.x[parameter] + row.pointY * camera.y[parameter]
            }
        }
        let diagonal = block.diagonal
        let smallest = Self.floor * block.trace
        let damped = block + Matrix3(diagonal: diagonal * damping + Vector3(repeating: smallest))
        inverses.append(damped.inverse ?? .zero)
        gradients.append(gradient)
        diagonals.append(diagonal)
    }
}

/// Where the unknowns that all images share stand: the boresight, then each free parameter of each camera.
struct SharedLayout: Sendable {
    /// How many there are.
    let count: Int
    /// The first of the cameras'.
    let firstCamera: Int
    /// Per camera: each of its free parameters, and its place.
    private let places: [[(parameter: Int, shared: Int)]]
    /// Parameters of a camera that can be free.
    static let mostParameters = 8

    init(_ problem: BundleProblem) {
        firstCamera = problem.boresightSigma == nil ? 0 : 3
        var next = firstCamera
        places = problem.cameraPriors.map { prior in
            prior.sigmas.prefix(Self.mostParameters).enumerated().filter { $0.element > 0 }.map { parameter, _ in
                defer { next += 1 }
                return (parameter, next)
            }
        }
        count = next
    }

    /// How many of them are cameras' parameters.
    var cameraCount: Int { count - firstCamera }

    func parameters(ofCamera camera: Int) -> [(parameter: Int, shared: Int)] {
        camera < places.count ? places[camera] : []
    }
}
