internal import Configuration

extension ConfigurationTexts {
    /// The page Configuration of the documentation.
    static var referencePage: String {
        let sections = [""] + ConfigurationTable.sections.map(\.key)
        return """
            # Configuration

            Every field of the file that configures one hflocd: type, range, default, and what it is.

            `/etc/hfloc/NAME.yaml` belongs to the service `hflocd@NAME`. It is YAML, and it is checked as a whole:
            `hflocd --check --config FILE` names each field that is unknown, missing, out of its range or of the wrong
            kind with its line. Relative paths start at the file's folder. The example (`Systemd/hflocd.yaml`,
            `/usr/share/doc/hfloc/examples/hflocd.yaml`) has every field with its default or an example; the manual
            page hflocd.yaml(5) says the same as this one.

            SIGHUP (`systemctl reload`) reads the file again: a wrong one is refused as a whole and the old one stays.
            The column "reload" says whether a running daemon takes a new value; else it waits for a restart, and the
            journal says so.

            \(sections.map(referenceSection).joined(separator: "\n\n"))

            ## Said outside the file

            A variable of the environment wins over the file, and an option of the command line over both. A list in a
            variable has commas; an option is given several times. A device takes away what the file says of a folder,
            and a folder what it says of a device.

            | field | option | variable |
            |---|---|---|
            \(overrides.joined(separator: "\n"))

            `HFLOC_CONFIG` and `--config` name the file itself.

            <!-- Written by `swift run ConfigurationTexts` from the table in Sources/Configuration. -->

            """
    }

    private static func referenceSection(_ key: String) -> String {
        let fields = ConfigurationTable.fields(of: key)
        let text = ConfigurationTable.sections.first { $0.key == key }?.text
        let rows = fields.map { field in
            let reload = field.reload == .taken ? "yes" : "no"
            return "| `\(field.name)` | \(field.typeWords) | \(field.defaultWords) | \(reload) | \(field.abstract) |"
        }
        let notes = fields.filter { !$0.discussion.isEmpty }.map { field in
            "- `\(field.name)`: \(field.discussion)".wrapped(at: 118).joined(separator: "\n  ")
        }
        let head =
            ["## \(key.isEmpty ? "At the top" : "`\(key)`")"]
            + (text.map { [$0.wrapped(at: 120).joined(separator: "\n")] } ?? [])
        let table = (["| field | type | default | reload | what |", "|---|---|---|---|---|"] + rows).joined(
            separator: "\n")
        return (head + [table] + (notes.isEmpty ? [] : [notes.joined(separator: "\n")])).joined(separator: "\n\n")
    }

    private static var overrides: [String] {
        ConfigurationTable.fields.compactMap { field in
            field.override.map { override in
                "| `\(field.key)` | `--\(override.option)` | \(override.variable.map { "`\($0)`" } ?? "") |"
            }
        }
    }
}
