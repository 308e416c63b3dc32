import Localizer
import Testing

@Suite("What the frames before have shown")
struct StandingTests {
    private func evidence(_ inliers: Int) -> Evidence {
        var evidence = Evidence()
        (evidence.inliers, evidence.landmarksInView) = (inliers, 1000)
        return evidence
    }

    @Test("poses that continue are counted; one that does not begins again; frames without a pose do not")
    func agreement() {
        var standing = Standing()
        standing.found(evidence(500), continues: false, isIndependent: true, isWhole: true)
        standing.found(evidence(500), continues: true, isIndependent: true, isWhole: true)
        standing.failed()
        #expect(standing.agreeing == 2 && standing.failures == 1)
        standing.found(evidence(500), continues: true, isIndependent: false, isWhole: false)
        #expect(standing.agreeing == 3 && standing.failures == 0)
        standing.found(evidence(500), continues: false, isIndependent: false, isWhole: false)
        #expect(standing.agreeing == 1)
        standing.forget()
        #expect(standing.agreeing == 0)
    }

    @Test("a followed pose never lowers what the place is held to; only a recognition by itself does")
    func hold() {
        var standing = Standing()
        standing.found(evidence(500), continues: false, isIndependent: true, isWhole: true)
        for inliers in stride(from: 450, through: 100, by: -50) {
            standing.found(evidence(inliers), continues: true, isIndependent: false, isWhole: false)
        }
        #expect(standing.keepsHold(inliers: 351, of: 1000, share: 0.7))
        #expect(!standing.keepsHold(inliers: 349, of: 1000, share: 0.7))
        standing.found(evidence(600), continues: true, isIndependent: false, isWhole: false)
        #expect(!standing.keepsHold(inliers: 419, of: 1000, share: 0.7))
        standing.found(evidence(200), continues: true, isIndependent: true, isWhole: true)
        #expect(standing.keepsHold(inliers: 141, of: 1000, share: 0.7))
    }
}
