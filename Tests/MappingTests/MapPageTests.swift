import Geometry
import MapFixtures
import Mapping
import ReferenceMap
import Testing
import TestSupport

@Suite("The report of a map with pictures")
struct MapPageTests {
    private func page(_ map: ReferenceMap, _ summary: MappingSummary = MappingSummary()) -> String {
        MapPage(map, summary, source: "a <b> & c") { _ in [1, 2, 3] }.html
    }

    @Test("one file that needs no other, in which nothing is taken for markup that is not")
    func selfContained() throws {
        let html = page(try RandomMap(seed: 4).map)
        #expect(html.contains("Map of a &lt;b&gt; &amp; c") && !html.contains("<b> &"))
        #expect(!html.contains("<script") && !html.contains("http"))
        #expect(html.components(of: "url(") == html.components(of: "url(#"))
        #expect(html.components(of: "<svg") == html.components(of: "</svg>") && html.components(of: "<svg") >= 4)
        #expect(!html.contains("nan") && !html.contains("inf\""))
    }

    @Test("of a wall: found keyframes are drawn as such, the weak ones with a picture")
    func wall() throws {
        let set = WallSet(images: 6)
        let summary = try set.produce("a.hfmap")
        let map = try ReferenceMap(opening: set.folder.file("a.hfmap"))
        let html = page(map, summary)
        #expect(summary.leftOut.count == 6)
        let (found, lost) = (map.quality.found, 6 - map.quality.found)
        // In the picture from above, and in that of the errors.
        let drawn = html.components(of: "<circle class=\"sound\"") + html.components(of: "<circle class=\"doubtful\"")
        #expect(drawn == 2 * found && html.components(of: "<circle class=\"missing\"") == 2 * lost)
        #expect(html.components(of: "data:image/jpeg;base64,AQID") == html.components(of: "<article>"))
        #expect(html.contains("the drive never comes back") == false, "six images are no drive")
        for index in 0..<6 { #expect(html.contains("\(index).pgm")) }
    }

    @Test("the bar of scale is a round length, and lengths have the unit that fits")
    func figures() {
        #expect(ReportFigures.round(0.037) == 0.02 && ReportFigures.round(7) == 5 && ReportFigures.round(1000) == 1000)
        #expect(ReportFigures.metres(0.0042) == "4.2 mm" && ReportFigures.metres(0.25) == "25 cm")
        #expect(ReportFigures.metres(3.14) == "3.1 m" && ReportFigures.metres(1234) == "1.2 km")
    }

    /// A round trip of twenty images: out along a wall, and back to where it began.
    private func roundTrip() throws -> ReferenceMap {
        var scene = try SyntheticScene(named: "round trip", images: 12)
        let way = (0..<12).map { $0 } + (0..<12).reversed()
        scene.images = way.map { scene.images[$0] }
        for index in scene.images.indices { scene.images[index].name = "\(index).png" }
        let path = "/tmp/hfloc-loop-\(UInt64.random(in: 0...UInt64.max)).hfmap"
        defer { removeRecursively(path) }
        var summary = MappingSummary()
        try MapBuilder().build(
            scene.images, cameras: scene.cameras, network: MapBuilderTests.network, summary: &summary
        ).write(to: path)
        return try ReferenceMap(opening: path)
    }

    @Test("a drive that comes back to its begin is said to meet itself there")
    func loops() throws {
        let html = page(try roundTrip())
        #expect(html.contains("class=\"loop\"") && html.contains("Shared landmarks"))
    }
}

extension String {
    /// How often a text occurs in it.
    fileprivate func components(of text: String) -> Int {
        var (count, rest) = (0, self[...])
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
