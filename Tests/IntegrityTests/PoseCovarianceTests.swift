import Features
import Geometry
import GeometryFixtures
import Integrity
import Testing
import TestSupport

@Suite struct PoseCovarianceTests {
    /// Normalized errors over scenes whose points share errors by parts of the image.
    private func errors(shared: Double, count: Int = 400) throws -> (cells: [NormalizedError], independent: [Double]) {
        var g = SeededGenerator("pose covariance \(shared)")
        var estimator = PoseCovariance()
        var (cells, independent) = ([NormalizedError](), [Double]())
        for _ in 0..<200 {
            let scene = IntegrityScene(&g, camera: testCamera, count: count, noise: 0.5, shared: shared)
            let (pose, equations) = scene.leastSquares()
            let isInlier = [Bool](repeating: true, count: count)
            let estimated = estimator.estimate(
                at: pose, scene.correspondences, isInlier: isInlier, camera: testCamera)
            let covariance = try #require(estimated)
            cells.append(
                try #require(
                    NormalizedError(estimate: pose, truth: scene.cameraFromMap, covariance: covariance)))
            let variance = equations.cost / Double(2 * count - 6)
            let plain = (try #require(equations.matrix.inverse) * variance).rotated(by: pose.rotation.inverse)
            independent.append(
                try #require(NormalizedError(estimate: pose, truth: scene.cameraFromMap, covariance: plain)).position)
        }
        return (cells, independent)
    }

    @Test("errors that parts of the image share are covered, where independent ones would not be", arguments: [0, 1.0])
    func consistency(shared: Double) throws {
        let (cells, independent) = try errors(shared: shared)
        for values in [cells.map(\.position), cells.map(\.rotation)] {
            var values = values
            let within = values.count { $0 < NormalizedError.bound95 }
            #expect(within >= 166, "\(within) of 200 within the 95 % bound")
            let middle = median(&values)
            #expect(middle > 1.4 && middle < 3.2, "median \(middle)")
        }
        let plain = independent.count { $0 < NormalizedError.bound95 }
        if shared > 0 { #expect(plain < 130, "\(plain) of 200 by independent errors") }
    }

    @Test("it is the textbook's jackknife over cells, in the map's axes")
    func definition() throws {
        var g = SeededGenerator("sandwich")
        let scene = IntegrityScene(&g, camera: testCamera, count: 60, noise: 1)
        let isInlier = (0..<60).map { $0 % 3 != 0 }
        let pose = scene.cameraFromMap
        var cells: [SIMD2<Int>: [Correspondence]] = [:]
        for (c, isIn) in zip(scene.correspondences, isInlier) where isIn {
            let cell = SIMD2(min(7, max(0, Int(c.pixel.x / 80))), min(5, max(0, Int(c.pixel.y / 80))))
            cells[cell, default: []].append(c)
        }
        func equations(_ part: [Correspondence]) -> PoseNormalEquations {
            var sum = PoseNormalEquations()
            for c in part { sum.add(pose * c.point, by: testCamera, seenAt: c.pixel, loss: .squared) }
            return sum
        }
        let turn = pose.rotation.inverse
        // The step of the pose that a cell's own gradient asks for of all others. In the map's axes d position = -Rᵀ v
        // and d rotation = -Rᵀ w of a left tangent (v, w).
        let influences = try cells.keys.map { key in
            let others = equations(cells.filter { $0.key != key }.values.flatMap { $0 })
            let step = try #require(others.matrix.inverse) * equations(cells[key] ?? []).gradient
            return Twist(translation: turn * -step.translation, rotation: turn * -step.rotation)
        }
        var estimator = PoseCovariance()
        let estimated = estimator.estimate(
            at: pose, scene.correspondences, isInlier: isInlier, camera: testCamera)
        let found = try #require(estimated)
        let correction = Double(cells.count - 1) / Double(cells.count)
        for row in 0..<6 {
            for column in 0..<6 {
                let expected = correction * influences.reduce(0) { $0 + $1[row] * $1[column] }
                #expect(abs(found[row, column] - expected) < 1e-7 * (abs(expected) + found[row, row]))
            }
        }
        let scaled = found.scaled(position: 4, rotation: 9)
        #expect(abs(scaled[1, 1] - 4 * found[1, 1]) < 1e-12 && abs(scaled[0, 4] - 6 * found[0, 4]) < 1e-12)
        #expect(abs(scaled[5, 5] - 9 * found[5, 5]) < 1e-12)
    }

    @Test("a pose that one part of the image holds has no covariance")
    func oneCell() {
        var g = SeededGenerator("one cell")
        let scene = IntegrityScene(&g, camera: testCamera, count: 400)
        let isInlier = scene.correspondences.map { $0.pixel.x < 79 && $0.pixel.y < 79 }
        var estimator = PoseCovariance()
        let found = estimator.estimate(
            at: scene.cameraFromMap, scene.correspondences, isInlier: isInlier, camera: testCamera)
        #expect(found == nil)
    }
}
