internal import Reporting

/// With one decimal.
func tenths(_ value: Double) -> String { fixed(value, 1) }

/// With a fixed number of decimals.
func fixed(_ value: Double, _ decimals: Int) -> String { value.text(decimals) }

/// With a fixed number of decimals; what has no size is said in a word.
func figure(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return value.isNaN ? "unknown" : "unbounded" }
    return fixed(value, decimals)
}

/// A path's last part.
func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

/// Lines of at most 100 characters, broken between words; further ones indented like the first.
///
/// - Parameter first: what the first line begins with.
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
