extension DaemonConfiguration {
    /// As a file would have it: every field that is not at its default, whoever said it. Read again, it gives the same
    /// configuration.
    public var text: String { ConfigurationTable.entries(of: "").map { lines($0, indent: "") }.joined() }

    private func lines(_ entry: ConfigurationTable.Entry, indent: String) -> String {
        switch entry {
        case .field(let field): field.value.written(self).map { "\(indent)\(field.name): \($0)\n" } ?? ""
        case .section(let section):
            block(section, ConfigurationTable.entries(of: section.key).map { lines($0, indent: indent + "  ") }, indent)
        }
    }

    /// Nothing where nothing in it is said.
    private func block(_ section: ConfigurationSection, _ content: [String], _ indent: String) -> String {
        let inner = content.joined()
        return inner.isEmpty ? "" : "\(indent)\(section.name):\n\(inner)"
    }
}
