internal import Glibc

/// Dates in files that programs write: UTC, as in `2026-11-22T18:00:00Z`.
package enum UTCDate {
    /// Now, or the time of $SOURCE_DATE_EPOCH for files that must come out the same again.
    package static var now: String {
        if let epoch = unsafe getenv("SOURCE_DATE_EPOCH"), let seconds = unsafe Int(String(cString: epoch)) {
            return text(seconds)
        }
        return text(time(nil))
    }

    /// The day of ``now``, as in `2026-11-22`.
    package static var today: String { String(now.prefix(10)) }

    /// - Parameter seconds: since the beginning of 1970.
    package static func text(_ seconds: Int) -> String {
        var seconds = time_t(seconds)
        var parts = unsafe tm()
        unsafe gmtime_r(&seconds, &parts)
        func digits(_ value: Int32, _ width: Int = 2) -> String {
            let text = "\(value)"
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let day = unsafe "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))"
        return unsafe day + "T\(digits(parts.tm_hour)):\(digits(parts.tm_min)):\(digits(parts.tm_sec))Z"
    }
}
