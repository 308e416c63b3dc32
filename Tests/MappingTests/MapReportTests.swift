import Container
import MapFixtures
import Mapping
import ReferenceMap
import Testing

@Suite("What is said of a map")
struct MapReportTests {
    private func summary() -> MappingSummary {
        var summary = MappingSummary()
        (summary.images, summary.keypoints, summary.pairs, summary.usedPairs) = (4, 2000, 6, 5)
        (summary.matches, summary.verifiedMatches, summary.tracks) = (300, 150, 90)
        (summary.landmarks, summary.observations, summary.meanReprojectionError) = (80, 200, 1.256)
        summary.seconds = [(.extraction, 1.25), (.writing, 0.04)]
        return summary
    }

    private func report(_ summary: MappingSummary) -> MapBuildReport {
        MapBuildReport(summary: summary, identity: "0123456789abcdef", path: "a.hfmap", bytes: 1_234_567)
    }

    @Test("a build in words")
    func text() {
        #expect(
            report(summary()).text == """
                map        a.hfmap, 1.2 MB, id 0123456789ab
                images     4 used, 0 left out
                keypoints  2000, 500 per image; 10 % observe a landmark
                pairs      6 matched, 5 used; 50 % of the matches fit the known poses, and 0 % of the sure ones
                earth      not known
                poses      as given
                landmarks  80, each seen in 2.5 images on average
                error      1.26 px mean reprojection
                time       extract 1.3 s, write 0.0 s
                cache      none
                quality  unchecked: `hfloc map check` says how good it is
                """)
        #expect(report(summary()).warnings.isEmpty)
    }

    @Test("of nothing: no division by zero")
    func empty() throws {
        let report = report(MappingSummary())
        #expect(report.text.contains("keypoints  0, 0 per image; 0 % observe a landmark"))
        #expect(report.text.contains("landmarks  0, each seen in 0.0 images on average"))
        #expect(try JSON(parsing: report.json)["matched_ratio"]?.double == 0)
    }

    @Test("images left out and weak ones are warned of, and in the JSON")
    func warnings() throws {
        var summary = summary()
        summary.skipped = [.init(name: "b.jpg", reason: "ends early; \"copy\" it again")]
        summary.weakImages = [("c.jpg", 7)]
        summary.meanReprojectionError = .nan
        let report = report(summary)
        #expect(
            report.warnings == [
                "b.jpg is left out: ends early; \"copy\" it again",
                "c.jpg has only 7 landmarks; frames near it may not be localized",
            ])
        let json = try JSON(parsing: report.json)
        #expect(json["skipped"]?.array?.first?["reason"]?.string == "ends early; \"copy\" it again")
        #expect(json["weak_images"]?.array?.first?["landmarks"]?.int == 7)
        #expect(json["map_id"]?.string == "0123456789abcdef" && json["bytes"]?.int == 1_234_567)
        #expect(json["mean_reprojection_error_px"] == .null && json["seconds"]?["extract"]?.double == 1.25)
        #expect(report.text.contains("error      nan px mean reprojection"))
    }

    @Test("a map described: counts, size, and the notes of its making")
    func description() throws {
        let map = try RandomMap(seed: 4).map
        let description = MapDescription(map, bytes: 2_500_000)
        let lines = description.text.split(separator: "\n")
        #expect(lines[0] == "map           \(map.path), 2.5 MB" && lines[1] == "id            \(map.identity)")
        #expect(lines.contains("keyframes     \(map.keyframeCount)"))
        #expect(lines.contains("descriptors   local \(RandomMap.dimension), global \(RandomMap.globalDimension)"))
        let json = try JSON(parsing: description.json)
        #expect(json["landmarks"]?.int == map.landmarkCount && json["map_id"]?.string == map.identity)
        let box = json["bounding_box"]?.array?.compactMap(\.double) ?? []
        #expect(box.count == 6 && zip(box, box.dropFirst(3)).allSatisfy { $0 <= $1 })
    }

    @Test("what a map remembers of its making")
    func provenance() {
        let notes = MapProvenance.notes(folder: "/data/street/", model: "hfnet", program: "hfloc 9")
        #expect(notes["provenance.source"] == "street" && notes["provenance.model"] == "hfnet")
        #expect(notes["provenance.program"] == "hfloc 9" && notes["provenance.date"]?.count == 10)
        #expect(MapProvenance.notes(folder: "/", model: "", program: "")["provenance.source"] == "/")
    }
}
