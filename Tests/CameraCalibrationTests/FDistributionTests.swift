import CameraCalibration
import Testing

@Suite struct FDistributionTests {
    @Test(
        "quantiles are those of the tables",
        arguments: [
            (1.6449, 3.0, 10.0, 3.708), (1.6449, 2, 20, 3.493), (2.3263, 3, 10, 6.552), (2.3263, 2, 20, 5.849),
            (2.3263, 3, 40, 4.313), (3.0902, 3, 40, 6.595), (3.0902, 2, 20, 9.953), (3.0902, 8, 40, 4.207),
        ])
    func quantiles(normal: Double, numerator: Double, denominator: Double, value: Double) {
        let found = FDistribution.quantile(normal: normal, numerator: numerator, denominator: denominator)
        #expect(abs(found / value - 1) < 0.03)
    }

    @Test("what rests on two views excludes nothing")
    func fewViews() {
        #expect(FDistribution.quantile(normal: 3.3, numerator: 3, denominator: 1) == .infinity)
    }
}
