import Geometry
import Glibc
import TestSupport
import Testing

/// Held against the C library's functions, which are within 1 unit in the last place of the truth.
@Suite struct ElementaryFunctionsTests {
    /// The largest distance over samples of `argument`, in units in the last place of the C library's result.
    private func worst(
        _ argument: ClosedRange<Double>, of ours: (Double) -> Double, beside theirs: (Double) -> Double,
        through shape: (Double) -> Double = { $0 }
    ) -> Double {
        var g = SeededGenerator(seed: 64)
        var worst = 0.0
        for _ in 0..<20_000 {
            let x = shape(Double.random(in: argument, using: &g))
            let (ours, theirs) = (ours(x), theirs(x))
            if ours != theirs { worst = max(worst, abs(ours - theirs) / theirs.ulp) }
        }
        return worst
    }

    @Test("sine, cosine and tangent", arguments: [1e-9, 1, 10, 1e5, 1e6])
    func angles(limit: Double) {
        #expect(worst(-limit...limit, of: { sineAndCosine($0).sine }, beside: sin) <= 2)
        #expect(worst(-limit...limit, of: { sineAndCosine($0).cosine }, beside: cos) <= 2)
        #expect(worst(-limit...limit, of: tangent, beside: tan) <= 4)
    }

    @Test("multiples of a right angle keep the digits that the argument has")
    func rightAngles() {
        for k in -50...50 {
            let angle = Double(k) * .pi / 2
            #expect(abs(sineAndCosine(angle).sine - sin(angle)) <= 2 * sin(angle).ulp)
            #expect(abs(sineAndCosine(angle).cosine - cos(angle)) <= 2 * cos(angle).ulp)
        }
    }

    @Test("very large angles lose what the period's double lacks")
    func largeAngles() {
        #expect(abs(sineAndCosine(1e9).sine - sin(1e9)) < 1e-7)
        #expect(abs(sineAndCosine(-1e12).cosine - cos(1e12)) < 1e-3)
        #expect(sineAndCosine(.infinity).sine.isNaN && sineAndCosine(.nan).cosine.isNaN)
    }

    @Test("arctangent in all quadrants")
    func arctangent() {
        for (y, x) in [(1.0, 1.0), (-1, 1), (1, -1), (-1, -1)] {
            #expect(worst(0...20, of: { arcTangent(y * $0, x) }, beside: { atan2(y * $0, x) }) <= 2)
            #expect(worst(0...20, of: { arcTangent(y, x * $0) }, beside: { atan2(y, x * $0) }) <= 2)
        }
        #expect(worst(-300...0, of: { arcTangent($0, 1) }, beside: { atan2($0, 1) }, through: exp) <= 2)
        let edges: [Double] = [0, -0.0, 1, -1, .infinity, -.infinity]
        for y in edges {
            for x in edges {
                let (ours, theirs) = (arcTangent(y, x), atan2(y, x))
                #expect(abs(ours - theirs) <= theirs.ulp && ours.sign == theirs.sign, "atan2(\(y), \(x))")
            }
        }
        #expect(arcTangent(.nan, 1).isNaN && arcTangent(1, .nan).isNaN)
    }

    @Test("exponential, down to the smallest doubles")
    func exponentials() {
        #expect(worst(-1...1, of: exponential, beside: exp) <= 2)
        #expect(worst(-745...709.7, of: exponential, beside: exp) <= 2)
        #expect(exponential(0) == 1 && exponential(-746) == 0 && exponential(710) == .infinity)
        #expect(exponential(.infinity) == .infinity && exponential(-.infinity) == 0 && exponential(.nan).isNaN)
    }

    @Test("logarithms, near 1 and of the smallest doubles")
    func logarithms() {
        #expect(worst(0.5...1.5, of: naturalLogarithm(_:), beside: log) <= 2)
        #expect(worst(-744...709, of: naturalLogarithm(_:), beside: log, through: exp) <= 2)
        #expect(worst(-0.999...0.5, of: { naturalLogarithm(onePlus: $0) }, beside: log1p) <= 2)
        #expect(worst(-300...300, of: { naturalLogarithm(onePlus: $0) }, beside: log1p, through: exp) <= 2)
        #expect(naturalLogarithm(1) == 0 && naturalLogarithm(0) == -.infinity && naturalLogarithm(-1).isNaN)
        #expect(naturalLogarithm(.infinity) == .infinity && naturalLogarithm(.nan).isNaN)
        #expect(naturalLogarithm(onePlus: -1) == -.infinity && naturalLogarithm(onePlus: -2).isNaN)
        #expect(naturalLogarithm(onePlus: 0) == 0 && naturalLogarithm(onePlus: .infinity) == .infinity)
    }

    @Test("cube root")
    func cubeRoots() {
        #expect(worst(-1e3...1e3, of: cubeRoot, beside: cbrt) <= 4)
        #expect(worst(-744...709, of: cubeRoot, beside: cbrt, through: exp) <= 4)
        #expect(cubeRoot(0) == 0 && cubeRoot(-.infinity) == -.infinity && cubeRoot(.nan).isNaN)
    }

    /// A hash of the bits of many results: what the C library's functions do not keep from one machine to the next.
    @Test("the same bits on every machine")
    func bits() {
        var g = SeededGenerator(seed: 65)
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func take(_ value: Double) { hash = (hash ^ value.bitPattern) &* 0x100_0000_01b3 }
        for _ in 0..<10_000 {
            let x = Double.random(in: -4...4, using: &g)
            let y = Double.random(in: 0.001...30, using: &g)
            take(sineAndCosine(x).sine)
            take(sineAndCosine(y).cosine)
            take(tangent(x))
            take(arcTangent(x, y - 15))
            take(exponential(x))
            take(naturalLogarithm(y))
            take(naturalLogarithm(onePlus: y))
            take(cubeRoot(x))
        }
        #expect(hash == 0x0729_cacf_6c45_46e6)
    }
}
