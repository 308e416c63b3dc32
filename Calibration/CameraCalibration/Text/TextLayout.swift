internal import Reporting

/// With one decimal.
func tenths(_ value: Double) -> String { figure(value, 1) }

/// With a fixed number of decimals; what has no size is said in a word.
func figure(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return value.isNaN ? "unknown" : "unbounded" }
    return value.text(decimals)
}

/// Rows of a table, each column as wide as its widest text and two blanks from the next, to the right.
///
/// - Parameters:
///   - rows: of texts; they may differ in length.
///   - width: of a column, at least.
func columns(_ rows: [[String]], width: Int = 0) -> [String] {
    var widths: [Int] = []
    for row in rows {
        for (column, text) in row.enumerated() {
            if column == widths.count { widths.append(width) }
            widths[column] = max(widths[column], text.count + 2)
        }
    }
    return rows.map { row in row.enumerated().map { $1.aligned(widths[$0]) }.joined() }
}

/// A path's last part.
func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

/// Lines of at most 100 characters, broken between words; further ones indented like the first.
///
/// - Parameters:
///   - text: what is laid out.
///   - first: what the first line begins with.
func wrapped(_ text: String, first: String) -> [String] {
    let indent = String(repeating: " ", count: first.count)
    var (lines, line) = ([String](), first)
    var isFresh = true
    for word in text.split(separator: " ") {
        if !isFresh, line.count + word.count + 1 > 100 {
            lines.append(line)
            (line, isFresh) = (indent, true)
        }
        line += (isFresh ? "" : " ") + word
        isFresh = false
    }
    return lines + [line]
}
