import Files

/// The lines of a text file, split into fields by blanks, with errors that name the line.
///
/// Numbers are read the same in every locale. Lines that are empty or begin with `#` are skipped by ``next()``.
struct TextLines {
    let file: String
    private var lines: Lines

    /// - Parameters:
    ///   - file: the file's path.
    ///   - limit: of the file's size, bytes.
    init(reading file: String, atMost limit: Int = 8 << 30) throws(MapError) {
        do throws(FileError) {
            self.init(file: file, bytes: try PlainText.read(file, atMost: limit))
        } catch {
            throw MapError(error)
        }
    }

    init(file: String, bytes: [UInt8]) {
        self.file = file
        lines = Lines(bytes)
    }

    /// Number of the line that was read last, from 1.
    var line: Int { lines.number }

    /// The fields of the next line that is neither empty nor a comment; nil at the end.
    mutating func next() -> [Substring]? {
        while let text = nextRaw() {
            let fields = Self.fields(of: text)
            if let first = fields.first, !first.hasPrefix("#") { return fields }
        }
        return nil
    }

    /// The next line as it stands (without its line ending), empty ones too; nil at the end.
    mutating func nextRaw() -> String? { lines.next() }

    /// Splits at blanks and tabs.
    static func fields(of text: String) -> [Substring] {
        text.split(whereSeparator: { $0 == " " || $0 == "\t" })
    }

    /// The text from the first of a line's fields to the last, as it stands there: a name that holds blanks.
    static func joined(_ fields: ArraySlice<Substring>) -> String {
        guard let first = fields.first, let last = fields.last else { return "" }
        return String(first.base[first.startIndex..<last.endIndex])
    }

    /// A finite number from a field of the current line.
    func number(_ field: Substring, _ name: String) throws(MapError) -> Double {
        guard let value = Double(field), value.isFinite else {
            throw error(name, "'\(field.prefix(40))' is not a finite number")
        }
        return value
    }

    /// An integer within `range` from a field of the current line.
    func integer<Value: FixedWidthInteger>(
        _ field: Substring, _ name: String, in range: ClosedRange<Value>
    ) throws(MapError) -> Value {
        guard let value = Value(field), range.contains(value) else {
            throw error(name, "'\(field.prefix(40))' is not an integer in \(range.lowerBound)...\(range.upperBound)")
        }
        return value
    }

    /// An error about field `name` of the current line.
    func error(_ name: String, _ problem: String, cure: String = "correct the line") -> MapError {
        MapError(.damaged, file: file, field: "line \(line), \(name)", problem: problem, cure: cure)
    }
}
