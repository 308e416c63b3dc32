internal import Configuration

extension ConfigurationTexts {
    /// Systemd/man/hflocd.yaml.5.in: tools/generate-manual puts in version and date.
    static var manualPage: String {
        let sections = [""] + ConfigurationTable.sections.map(\.key)
        return """
            .\\" Written by `swift run ConfigurationTexts` from the table in Sources/Configuration.
            .Dd @DATE@
            .Dt HFLOCD.YAML 5
            .Os hfloc @VERSION@
            .Sh NAME
            .Nm hflocd.yaml
            .Nd configuration of hflocd
            .Sh SYNOPSIS
            .Pa /etc/hfloc/NAME.yaml
            .Sh DESCRIPTION
            One file configures one
            .Xr hflocd 8 ,
            that is one camera:
            .Pa /etc/hfloc/NAME.yaml
            belongs to the service
            .Ql hflocd@NAME .
            It is YAML, and it is checked as a whole: a field that is unknown, missing, out of its range or of the
            wrong kind is named with its line, and nothing is started.
            Relative paths start at the file's folder.
            .Pp
            A variable of the environment wins over the file, and an option of the command line over both.
            SIGHUP reads the file again; fields that say so wait for a restart.
            \(sections.flatMap(manualSection).joined(separator: "\n"))
            .Sh FILES
            .Bl -tag -width Ds
            .It Pa /usr/share/doc/hfloc/examples/hflocd.yaml
            Every field with its default or an example, to be copied to
            .Pa /etc/hfloc .
            .El
            .Sh SEE ALSO
            .Xr hfloc 1 ,
            .Xr hflocd 8

            """
    }

    private static func manualSection(_ key: String) -> [String] {
        let fields = ConfigurationTable.fields(of: key)
        let text = ConfigurationTable.sections.first { $0.key == key }?.text
        let head = key.isEmpty ? [".Sh FIELDS"] : [".Ss \(roff(key))"]
        return head + (text.map(sentences) ?? []) + [".Bl -tag -width Ds"] + fields.flatMap(manualItem) + [".El"]
    }

    private static func manualItem(_ field: ConfigurationField) -> [String] {
        let override =
            field.overrideWords.isEmpty ? "" : " Also said by \(field.overrideWords.joined(separator: ", "))."
        let reload = field.reload == .waitsForRestart ? " Waits for a restart." : ""
        let absence = field.isRequired ? "Required." : "Default: \(field.defaultWords)."
        let facts = "Type: \(field.typeWords). \(absence)\(override)\(reload)"
        return [".It Cm \(field.name)"] + sentences("\(field.abstract) \(field.discussion)") + [".br"]
            + sentences(facts)
    }

    /// A sentence to a line, as mdoc wants it.
    private static func sentences(_ text: String) -> [String] {
        var lines = [""]
        var words = text.split(separator: " ")[...]
        while let word = words.popFirst() {
            lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
            if ".:;".contains(word.last ?? " "), words.first?.first?.isUppercase == true { lines.append("") }
        }
        return lines.map(roff)
    }

    /// Text as a text line of mdoc.
    private static func roff(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("`", with: "")
        return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
    }
}
