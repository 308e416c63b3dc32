internal import Configuration

extension ConfigurationField {
    /// What it is, what it accepts, what holds without it, and what else there is to know.
    var prose: String {
        [summary, absence.map { "Default: \($0)." } ?? "", discussion].filter { !$0.isEmpty }.joined(separator: " ")
    }

    var defaultWords: String { isRequired ? "required" : defaultText ?? absence ?? "none" }

    /// Type and range.
    var typeWords: String { type + (limits.map { ", \($0.words)" } ?? "") + (unit.map { " \($0)" } ?? "") }

    /// The option and the variable that say it.
    var overrideWords: [String] { override.map { ["--\($0.option)"] + ($0.variable.map { [$0] } ?? []) } ?? [] }
}

extension ConfigurationTable {
    /// The fields of a section itself.
    static func fields(of section: String) -> [ConfigurationField] {
        entries(of: section).compactMap { if case .field(let field) = $0 { field } else { nil } }
    }

    /// What waits for a restart: fields of the root, whole sections, and parts of them.
    static var waitingWords: String {
        func waits(_ field: ConfigurationField) -> Bool { field.reload == .waitsForRestart }
        let parts = entries(of: "").compactMap { entry -> String? in
            switch entry {
            case .field(let field): return waits(field) ? field.name : nil
            case .section(let section):
                let fields = fields(of: section.key)
                if fields.allSatisfy(waits) { return section.name }
                let names = fields.filter(waits).map(\.name)
                return names.isEmpty ? nil : "\(section.name) (\(names.joined(separator: ", ")))"
            }
        }
        return parts.dropLast().joined(separator: ", ") + (parts.last.map { " and \($0)" } ?? "")
    }
}

extension String {
    /// Broken between words into lines of at most `width` characters.
    func wrapped(at width: Int) -> [String] {
        var lines: [String] = []
        for word in split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
