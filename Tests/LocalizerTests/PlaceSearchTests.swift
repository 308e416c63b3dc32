import Localizer
import Testing

@Suite("Which places a frame verifies")
struct PlaceSearchTests {
    private typealias Step = PlaceSearch.Step
    private static let limit = PlaceSearch.Budget(verifications: 3, matching: 10_000)

    /// The steps of a frame of 1000 keypoints, or so many, that finds nothing in places of these sizes.
    private func steps(
        _ search: inout PlaceSearch, _ sizes: [Int], keypoints: Int = 1000, before: Int = 0
    ) -> [PlaceSearch.Step] {
        search.beginFrame()
        for _ in 0..<before { search.spend(keypoints: 400, keyframes: 8) }
        var steps: [PlaceSearch.Step] = []
        while let step = search.nextStep(places: sizes.count, keypoints: keypoints, size: { sizes[$0] }) {
            search.spend(
                keypoints: step.takesAllKeypoints ? keypoints : min(keypoints, 400), keyframes: sizes[step.place])
            steps.append(step)
        }
        search.conclude(hasPose: false)
        return steps
    }

    private func all(_ places: Int) -> [PlaceSearch.Step] {
        [false, true].flatMap { all in (0..<places).map { Step(place: $0, takesAllKeypoints: all) } }
    }

    @Test("the first: all of them, by rank, by the strongest keypoints and then by all", arguments: [0, 1, 10])
    func first(places: Int) {
        let sizes = [Int](repeating: 10, count: places)
        var search = PlaceSearch(limit: Self.limit, strongest: 400)
        #expect(steps(&search, sizes) == all(places))
        _ = steps(&search, sizes)
        search.conclude(hasPose: true)
        #expect(steps(&search, sizes, keypoints: 400) == Array(all(places).prefix(places)))
    }

    @Test(
        "a lost camera's others: within the budget, the first in rank in every second at least, each other in turn",
        arguments: [
            [10], [9, 1], [5, 5], [6, 2, 2], [4, 2, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [2, 1], [1],
        ])
    func lost(sizes: [Int]) {
        var search = PlaceSearch(limit: Self.limit, strongest: 400)
        let all = steps(&search, sizes)
        var frames: [[PlaceSearch.Step]] = []
        for _ in 0..<60 {
            frames.append(steps(&search, sizes))
            #expect(search.spent.verifications <= 3 && search.spent.matching <= 10_000)
        }
        for (one, next) in zip(frames, frames.dropFirst()) {
            #expect(one.first == all.first || next.first == all.first)
        }
        #expect(frames.allSatisfy { frame in frame.indices.allSatisfy { !frame[..<$0].contains(frame[$0]) } })
        // From every frame on.
        for start in 0..<30 {
            let seen = frames[start..<start + max(all.count, 2)].joined()
            #expect(all.allSatisfy { seen.contains($0) }, "from \(start)")
        }
    }

    @Test("a large place that does not fit behind the first begins the next frame")
    func alternation() {
        var search = PlaceSearch(limit: Self.limit, strongest: 400)
        _ = steps(&search, [10])
        for round in 0..<6 {
            #expect(steps(&search, [10]) == [Step(place: 0, takesAllKeypoints: round % 2 == 1)])
        }
    }

    @Test("what was spent on the cached place counts", arguments: [1, 2, 3, 9])
    func spent(before: Int) {
        var search = PlaceSearch(limit: Self.limit, strongest: 400)
        let sizes = [2, 2, 2, 2, 2]
        #expect(steps(&search, sizes, before: before).count == 10)
        let frame = steps(&search, sizes, before: before)
        #expect(frame.count == (before == 1 ? 2 : 1))
        #expect(frame.first == Step(place: 0, takesAllKeypoints: false))
    }

    @Test("no place and then some, more and then fewer: never one that is not there")
    func changing() {
        var search = PlaceSearch(limit: Self.limit, strongest: 400)
        for places in [3, 0, 10, 1, 2, 1, 0, 7, 2, 10, 10, 10, 1, 1] {
            let frame = steps(&search, [Int](repeating: 10 / max(places, 1), count: places))
            #expect(frame.allSatisfy { $0.place < places })
            #expect(frame.isEmpty == (places == 0))
        }
    }
}
