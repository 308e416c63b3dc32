import Fusion
import TestSupport
import Testing

@Suite("A filter written down")
struct NumbersTests {
    @Test("comes back to the last bit, and goes on alike")
    func roundTrip() throws {
        let drift = DriftModel(drift: 0.01)
        var drive = Drive("fusion/numbers", drift: drift)
        var filter = PoseFilter(at: drive.fix(), drive.odometry, drift: drift)
        for step in 1...50 {
            drive.step()
            filter.advance(to: drive.odometry, drift: drift)
            if step % 3 == 0 { filter.take(drive.fix()) }
        }
        // Beyond what a number of 53 bits holds.
        drive.jump(to: (1 << 60) + 1)
        filter.advance(to: drive.odometry, drift: drift)
        var numbers: [Double] = []
        filter.write(into: &numbers)
        #expect(numbers.count == PoseFilter.numberCount)
        var other = try #require(PoseFilter(numbers: numbers))
        #expect(other == filter)
        drive.step()
        let fix = drive.fix()
        for step in [0, 1] {
            if step == 1 { swap(&filter, &other) }
            filter.advance(to: drive.odometry, drift: drift)
            filter.take(fix)
        }
        #expect(other == filter)
    }

    @Test("is none where a number is missing, wrong, or one too many")
    func damaged() {
        let drift = DriftModel(drift: 0.01)
        var drive = Drive("fusion/numbers/damaged", drift: drift)
        var numbers: [Double] = []
        PoseFilter(at: drive.fix(), drive.odometry, drift: drift).write(into: &numbers)
        #expect(PoseFilter(numbers: Array(numbers.dropLast())) == nil && PoseFilter(numbers: numbers + [0]) == nil)
        for index in numbers.indices {
            var wrong = numbers
            wrong[index] = .nan
            #expect(PoseFilter(numbers: wrong) == nil, "\(index)")
        }
        // A stamp below zero; a place, a way, a variance, a scale and a turn that cannot be.
        for (index, value) in [(7, -1), (4, 1e9), (16, -1), (16, 1e13), (20, -1e-3), (50, 2), (51, 1e3)] {
            var wrong = numbers
            wrong[index] = value
            #expect(PoseFilter(numbers: wrong) == nil, "\(index)")
        }
        #expect(OdometrySample(numbers: numbers, from: 7) == drive.odometry)
        #expect(OdometrySample(numbers: [], from: 0) == nil)
    }
}
