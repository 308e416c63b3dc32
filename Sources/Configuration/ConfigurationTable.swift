/// The configuration's fields as one table, and how to find one.
///
/// Reading, `--check`, variables, options, the reload and the texts (the example Systemd/hflocd.yaml, the manual page
/// hflocd.yaml(5), the page Configuration of the documentation) come from it. To add a field, give its value and its
/// default a place in ``DaemonConfiguration`` or in the localizer's options, add its entry to ``fields``, and write the
/// texts anew with `swift run ConfigurationTexts`; a test says if one is stale.
public enum ConfigurationTable {
    package enum Entry: Sendable {
        case field(ConfigurationField)
        case section(ConfigurationSection)
    }

    /// What a section has, in the file's order; the whole file for "". Its sections stand where their first field does.
    package static func entries(of section: String) -> [Entry] {
        var entries: [Entry] = []
        var seen: Set<Substring> = []
        let prefix = section.isEmpty ? "" : section + "."
        for field in fields where field.key.hasPrefix(prefix) {
            guard let dot = field.key.dropFirst(prefix.count).firstIndex(of: ".") else {
                entries.append(.field(field))
                continue
            }
            let inner = field.key[..<dot]
            guard seen.insert(inner).inserted, let inner = sections.first(where: { $0.key == inner }) else { continue }
            entries.append(.section(inner))
        }
        return entries
    }

    /// The field that an option of the command line says.
    package static func field(ofOption name: String) -> ConfigurationField? {
        fields.first { $0.override?.option == name }
    }

    /// The help of an option of the command line that says a field: what the field is, and what holds without it.
    public static func help(ofOption name: String) -> String {
        guard let field = field(ofOption: name) else { preconditionFailure("no field has the option --\(name)") }
        let several = field.value.isList ? " May be given several times." : ""
        return field.summary + several + (field.absence.map { " Default: \($0)." } ?? "")
    }

    /// Keys that earlier versions had and that do nothing any more, with what took their place: accepted for one
    /// release, with a remark.
    static let retired = [
        (key: "localizer.gates.minimum_inlier_ratio", successor: "localizer.gates.minimum_purity"),
        (key: "localizer.gates.maximum_reprojection_rms_px", successor: "localizer.gates.minimum_purity"),
    ]

    /// The names of a key's sections, and its own.
    static func split(_ key: String) -> (section: String, name: String) {
        guard let dot = key.lastIndex(of: ".") else { return ("", key) }
        return (String(key[..<dot]), String(key[key.index(after: dot)...]))
    }
}

/// A section of the configuration, and what it is about.
package struct ConfigurationSection: Sendable {
    /// With the names of the sections around it, such as "localizer.gates".
    package let key: String
    package let text: String

    package var name: String { ConfigurationTable.split(key).name }
}
