internal import FoundationEssentials

/// Writes the texts that come from the configuration's table. Run it in the repository's root after a change of the
/// table, and commit what it wrote:
///
///     swift run ConfigurationTexts
@main
package enum ConfigurationTexts {
    /// A file of the repository that is written from the table.
    package struct Page: Sendable, CustomStringConvertible {
        /// From the repository's root.
        package let path: String
        package let text: String

        package var description: String { path }
    }

    package static var pages: [Page] {
        [
            Page(path: "Systemd/hflocd.yaml", text: exampleFile),
            Page(path: "Systemd/man/hflocd.yaml.5.in", text: manualPage),
            Page(path: "Sources/hfloc/hfloc.docc/Configuration.md", text: referencePage),
        ]
    }

    package static func main() throws {
        for page in pages { try page.text.write(toFile: page.path, atomically: true, encoding: .utf8) }
    }
}
