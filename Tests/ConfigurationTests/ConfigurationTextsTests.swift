import Configuration
import ConfigurationTexts
import Files
import TestSupport
import Testing

/// What was written from the table still says what the table says.
@Suite("Texts of the configuration")
struct ConfigurationTextsTests {
    private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

    @Test("each is as the table has it", arguments: ConfigurationTexts.pages)
    func fresh(page: ConfigurationTexts.Page) throws {
        let written = String(decoding: try WholeFile.read("\(Self.root)/\(page.path)", atMost: 1 << 20), as: UTF8.self)
        #expect(written == page.text, "\(page) is stale: run `swift run ConfigurationTexts`, and commit what it wrote")
    }

    @Test("each has every field", arguments: ConfigurationTexts.pages)
    func whole(page: ConfigurationTexts.Page) {
        for field in ConfigurationTable.fields {
            #expect(page.text.contains(field.name), "\(field.key)")
        }
    }

    @Test("the example is complete, and says nothing but defaults of what may be left out")
    func example() throws {
        let file = "\(Self.root)/Systemd/hflocd.yaml"
        let configuration = try ConfigurationDraft(reading: file).complete()
        let given = ["map", "publish", "camera.device", "camera.calibration"]
        let nothing = try ConfigurationOverrides(options: [
            "map": ["/"], "device": ["/"], "camera": ["/"], "publish": ["/"],
        ])
        var bare = ConfigurationDraft()
        bare.apply(nothing)
        #expect(configuration.differences(from: try bare.complete()).map(\.key) == given)
    }

    @Test("what stands behind '#' in the example is accepted, too")
    func examples() throws {
        let lines = try #require(ConfigurationTexts.pages.first).text.split(separator: "\n")
        let fields = lines.compactMap { line -> String? in
            let words = line.drop { $0 == " " }
            guard words.hasPrefix("#") else { return String(line) }
            // A folder of images stands instead of the device.
            let isRemark = words.dropFirst().first == " " && words.dropFirst(2).first != " "
            let isOfFolder = ["#folder: /var/lib/hfloc/drive", "#loop:", "#follow:"].contains(where: words.hasPrefix)
            guard !isRemark, !isOfFolder else { return nil }
            return String(line.prefix { $0 == " " } + words.dropFirst())
        }
        let file = TemporaryFile(fields.joined(separator: "\n"))
        let configuration = try withExtendedLifetime(file) { try ConfigurationDraft(reading: file.path).complete() }
        var bare = ConfigurationDraft()
        bare.apply(
            try ConfigurationOverrides(options: ["map": ["/"], "device": ["/"], "camera": ["/"], "publish": ["/"]]))
        let given = configuration.differences(from: try bare.complete()).map(\.key)
        let expected = ConfigurationTable.fields.filter { $0.defaultText == nil && $0.key != "camera.folder" }.map(
            \.key)
        #expect(given == expected)
    }
}
