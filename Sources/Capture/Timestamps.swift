internal import Files

/// The times of a folder's images, as its timestamps.txt has them: a line per image, `NAME NANOSECONDS`, ascending; `#`
/// begins a comment. A name may hold blanks.
public struct Timestamps: Sendable {
    /// Of each image its time, nanoseconds, ascending; at least one.
    public let entries: [(name: String, time: UInt64)]

    /// Reads `folder/timestamps.txt`; nil if there is none.
    public init?(folder: String) throws(CaptureError) {
        let path = folder + "/timestamps.txt"
        let bytes: [UInt8]
        do throws(FileError) { bytes = try PlainText.read(path, atMost: 1 << 30) } catch {
            if error.kind == .missing { return nil }
            guard error.code != 0 else { throw .timestamps(path, error.reason) }
            throw .system("read", path, error.code)
        }
        var lines = Lines(bytes)
        var entries: [(name: String, time: UInt64)] = []
        while let text = lines.next() {
            let fields = text.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            if fields.isEmpty { continue }
            guard fields.count >= 2, let time = UInt64(fields[fields.count - 1]), !fields[0].hasPrefix("/") else {
                throw .timestamps("\(path):\(lines.number)", "expected 'NAME NANOSECONDS'")
            }
            if let last = entries.last, time <= last.time {
                throw .timestamps(
                    "\(path):\(lines.number)",
                    "the times must ascend, and \(time) does not follow \(last.time) of \(last.name) before it; "
                        + "bring the lines into the order in which the images were taken")
            }
            let name = text[fields[0].startIndex..<fields[fields.count - 2].endIndex]
            entries.append((String(name), time))
        }
        guard let first = entries.first?.time, let last = entries.last?.time else {
            throw .timestamps(path, "holds no images; expected lines 'NAME NANOSECONDS'")
        }
        guard last - first < Self.longestDrive else { throw .timestamps(path, "spans more than 100 days") }
        self.entries = entries
    }

    /// Nanoseconds. Keeps later sums far from overflow.
    private static let longestDrive: UInt64 = 100 * 86400 * 1_000_000_000
}
