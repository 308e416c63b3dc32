import LocalizationOptions
import Localizer
import Testing

@Suite("Gates")
struct GateTests {
    private func good() -> Evidence {
        var result = Evidence()
        result.matches = 100
        result.inliers = 60
        result.landmarksInView = 200
        result.spread = 0.4
        return result
    }

    @Test("good evidence passes")
    func passes() {
        #expect(GateOptions().firstFailed(by: good(), minimumInliers: 20) == .none)
    }

    @Test("each threshold rejects on its own, and its gate is named")
    func each() {
        let options = GateOptions()
        var result = good()
        result.inliers = 19
        #expect(options.firstFailed(by: result, minimumInliers: 20) == .inliers)
        result = good()
        result.spread = 0.01
        #expect(options.firstFailed(by: result, minimumInliers: 20) == .spread)
        result = good()
        result.landmarksInView = 2000
        #expect(options.firstFailed(by: result, minimumInliers: 20) == .recognition)
    }

    @Test("the first that fails is the one named")
    func order() {
        var result = Evidence()
        result.landmarksInView = 1000
        #expect(GateOptions().firstFailed(by: result, minimumInliers: 20) == .inliers)
    }
}
