// Estimates the poses of problems given as text on the standard input, and times them:
// `tools/benchmarks/check-pose` compares the answers with other estimators'.
//
// A problem is a line `WIDTH HEIGHT THRESHOLD COUNT MODEL PARAMETERS...` and COUNT lines `x y X Y Z`. For each one a
// line is printed: `w x y z tx ty tz MILLISECONDS INLIERS ITERATIONS HYPOTHESES` of cameraFromMap, the best time of
// REPEATS (first argument, 3), or `lost MILLISECONDS`.

internal import Features
internal import Geometry
internal import PoseEstimation

func fail(_ message: String) -> Never {
    fatalError("pose-benchmark: \(message)")
}

func numbers(_ fields: ArraySlice<Substring>) -> [Double] {
    fields.map { field in
        guard let value = Double(field) else { fail("'\(field)' is not a number") }
        return value
    }
}

func readProblem(_ header: String) throws(CameraError) -> (camera: Camera, threshold: Double, [Correspondence]) {
    let fields = header.split(separator: " ")
    guard fields.count > 5, let model = CameraModel(rawValue: String(fields[4])) else { fail("bad header '\(header)'") }
    let sizes = numbers(fields[..<4])
    let camera = try Camera(
        model: model, parameters: numbers(fields[5...]), width: Int(sizes[0]), height: Int(sizes[1]))
    var correspondences = [Correspondence]()
    for i in 0..<Int(sizes[3]) {
        guard let row = readLine() else { fail("the problem ends after \(i) correspondences") }
        let v = numbers(row.split(separator: " ")[...])
        guard v.count == 5 else { fail("a correspondence has 5 numbers: '\(row)'") }
        correspondences.append(
            Correspondence(
                pixel: Vector2(v[0], v[1]), point: Vector3(v[2], v[3], v[4]), landmark: UInt32(i), keypoint: Int32(i),
                quality: 0))
    }
    return (camera, sizes[2], correspondences)
}

let repeats = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 3
let estimator = PoseEstimator(capacity: 5000)
let clock = ContinuousClock()
while let header = readLine() {
    let (camera, threshold, correspondences) = try readProblem(header)
    estimator.options.maximumReprojectionError = threshold
    var (best, estimate) = (Double.infinity, PoseEstimate?.none)
    for _ in 0..<max(repeats, 1) {
        let time = clock.measure { estimate = estimator.estimate(correspondences, camera: camera) }
        best = min(best, time / .milliseconds(1))
    }
    guard let estimate else {
        print("lost", best)
        continue
    }
    let (r, t, s) = (estimate.cameraFromMap.rotation, estimate.cameraFromMap.translation, estimate.statistics)
    print(
        r.w, r.imaginary.x, r.imaginary.y, r.imaginary.z, t.x, t.y, t.z, best, estimate.inlierCount, s.iterations,
        s.hypotheses)
}
