// Adjusts a bundle given as text on the standard input: `tools/benchmarks/check-adjustment` compares the answer with
// COLMAP's.
//
// The input is a line `POSES POINTS OBSERVATIONS PIXEL_SIGMA CAUCHY_SCALE WIDTH HEIGHT MODEL PARAMETERS...`, then lines
// `w x y z tx ty tz FIXED` (cameraFromMap; FIXED is 0 or 1), `X Y Z`, and `POSE POINT x y`, ascending by point. The
// output is a line `COST_BEFORE COST_AFTER EVALUATIONS MILLISECONDS`, then the poses and the points as they came.

internal import BundleAdjustment
internal import Geometry

func fail(_ message: String) -> Never {
    fatalError("adjustment-benchmark: \(message)")
}

func fields() -> [Substring] {
    guard let line = readLine() else { fail("the input ends early") }
    return line.split(separator: " ")
}

func numbers(_ fields: ArraySlice<Substring>) -> [Double] {
    fields.map { field in
        guard let value = Double(field) else { fail("'\(field)' is not a number") }
        return value
    }
}

let header = fields()
guard header.count > 8, let model = CameraModel(rawValue: String(header[7])) else { fail("bad header") }
let sizes = numbers(header[..<7])
let counts = sizes.prefix(3).map { Int($0) }
let camera = try Camera(model: model, parameters: numbers(header[8...]), width: Int(sizes[5]), height: Int(sizes[6]))

var poses: [RigidTransform] = []
var fixed: Set<Int> = []
for number in 0..<counts[0] {
    let v = numbers(fields()[...])
    poses.append(
        RigidTransform(rotation: Rotation(w: v[0], x: v[1], y: v[2], z: v[3]), translation: Vector3(v[4], v[5], v[6])))
    if v[7] != 0 { fixed.insert(number) }
}
let points = (0..<counts[1]).map { _ in
    let v = numbers(fields()[...])
    return Vector3(v[0], v[1], v[2])
}
let observations = (0..<counts[2]).map { _ in
    let v = numbers(fields()[...])
    return BundleProblem.Observation(pose: Int32(v[0]), point: Int32(v[1]), pixel: Vector2(v[2], v[3]))
}

var problem = BundleProblem(
    observations: observations, cameraOfPose: [Int](repeating: 0, count: poses.count), pointCount: points.count)
problem.pixelSigma = sizes[3]
problem.loss = .cauchy(scale: sizes[4])
problem.fixedPoses = fixed
let start = BundleState(poses: poses, points: points, cameras: [camera])
var options = MinimizationOptions()
options.relativeCostTolerance = 1e-12
options.maximumEvaluations = 1
let before = BundleMinimizer(options: options).minimize(problem, from: start).cost
options.maximumEvaluations = 200
let clock = ContinuousClock()
let begin = clock.now
let solution = BundleMinimizer(options: options).minimize(problem, from: start)
let time = (clock.now - begin) / .milliseconds(1)
print(before, solution.cost, solution.evaluations, time)
for pose in solution.state.poses {
    let (r, t) = (pose.rotation, pose.translation)
    print(r.w, r.imaginary.x, r.imaginary.y, r.imaginary.z, t.x, t.y, t.z)
}
for point in solution.state.points { print(point.x, point.y, point.z) }
