internal import Configuration

extension ConfigurationTexts {
    /// Systemd/hflocd.yaml: every field with its text, those that may stay away behind '#'.
    static var exampleFile: String {
        let introduction = [
            """
            Configuration of one hflocd, that is of one camera. Copy it to /etc/hfloc/NAME.yaml; hflocd@NAME.service \
            reads it. `hflocd --check --config FILE` says whether it is right. Relative paths start at this file's \
            folder.
            """,
            """
            A field that begins with '#' shows its default, or an example. An environment variable HFLOC_NAME wins \
            over this file, and an option of the command line over both. SIGHUP (systemctl reload) reads the file \
            again: a wrong one is refused as a whole and the old one stays; \(ConfigurationTable.waitingWords) wait \
            for a restart, and the journal says so.
            """,
        ]
        let head = introduction.flatMap { comment($0, indent: "") }
        let entries = ConfigurationTable.entries(of: "").flatMap { [""] + lines($0, indent: "", isAside: false) }
        return (head + entries).joined(separator: "\n") + "\n"
    }

    private static func comment(_ text: String, indent: String) -> [String] {
        text.wrapped(at: 120 - indent.count - 2).map { "\(indent)# \($0)" }
    }

    /// - Parameter isAside: the section around it is behind '#' as a whole.
    private static func lines(_ entry: ConfigurationTable.Entry, indent: String, isAside: Bool) -> [String] {
        switch entry {
        case .field(let field):
            let mark = field.isGivenInExample && !isAside ? "" : "#"
            return comment(field.prose, indent: indent) + value(of: field).map { "\(indent)\(mark)\($0)" }
        case .section(let section):
            // What has a field that it cannot be without is as a whole left out or given.
            let isAside = ConfigurationTable.fields(of: section.key).contains(where: \.isRequiredInSection)
            var lines = comment(section.text, indent: indent) + ["\(indent)\(isAside ? "#" : "")\(section.name):"]
            for (index, entry) in ConfigurationTable.entries(of: section.key).enumerated() {
                lines += (index > 0 ? [""] : []) + Self.lines(entry, indent: indent + "  ", isAside: isAside)
            }
            return lines
        }
    }

    private static func value(of field: ConfigurationField) -> [String] {
        let text = field.defaultText ?? field.example ?? ""
        let parts = text.split(separator: "\n")
        return parts.count > 1 ? ["\(field.name):"] + parts.map { "  \($0)" } : ["\(field.name): \(text)"]
    }
}
