/// Collects what is wrong while a file is read to its end.
final class MistakeReport {
    typealias Mistake = ConfigurationError.Mistake

    let file: String
    private var mistakes: [Mistake] = []
    /// Where each field stood, by its full name.
    private(set) var lines: [String: Int] = [:]

    init(file: String) {
        self.file = file
    }

    func add(line: Int? = nil, field: String?, _ reason: String) {
        mistakes.append(Mistake(file, line: line, field: field, reason))
    }

    func add(_ error: ConfigurationError) {
        mistakes += error.mistakes
    }

    func found(_ field: String, line: Int) {
        lines[field] = line
    }

    /// Those of a line first, in the order of the lines; then what is missing.
    var sorted: [Mistake] {
        mistakes.enumerated().sorted { ($0.element.line ?? .max, $0.offset) < ($1.element.line ?? .max, $1.offset) }
            .map(\.element)
    }

    func check() throws(ConfigurationError) {
        if !mistakes.isEmpty { throw ConfigurationError(.invalid, sorted) }
    }
}
