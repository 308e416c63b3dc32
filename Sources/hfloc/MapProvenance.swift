internal import Configuration
internal import Glibc

/// What a map remembers of its making.
enum MapProvenance {
    static func notes(folder: String, model: String) -> [String: String] {
        let name = folder.split(separator: "/").last.map(String.init) ?? folder
        return [
            "provenance.source": name, "provenance.date": date(), "provenance.model": model,
            "provenance.program": "hfloc \(Version.text)",
        ]
    }

    /// Today (UTC), or the day of $SOURCE_DATE_EPOCH, for files that must come out the same again.
    private static func date() -> String {
        var seconds = time_t(0)
        if let epoch = unsafe getenv("SOURCE_DATE_EPOCH"), let value = unsafe Int(String(cString: epoch)) {
            seconds = value
        } else {
            unsafe time(&seconds)
        }
        var parts = unsafe tm()
        unsafe gmtime_r(&seconds, &parts)
        func digits(_ value: Int32, _ width: Int) -> String {
            let text = "\(value)"
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        return unsafe "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1, 2))-\(digits(parts.tm_mday, 2))"
    }
}
