/// Text files that a person or another program wrote: the one way of reading them, for all of them.
///
/// UTF-8, with or without a byte order mark; lines end with LF, CRLF or CR. What is read has neither mark nor CR, so
/// that no reader has to know of them, and has as many lines as the file. Text in another encoding is refused by name.
public enum PlainText {
    /// The text of the file at `path`, as bytes of UTF-8.
    ///
    /// - Parameters:
    ///   - path: of the file; also a pipe where that is accepted.
    ///   - limit: bytes. A larger file is refused before memory is taken for it.
    ///   - acceptsStreams: as ``WholeFile/read(_:atMost:acceptsStreams:)`` has it.
    public static func read(
        _ path: String, atMost limit: Int, acceptsStreams: Bool = false
    ) throws(FileError) -> [UInt8] {
        var bytes = try WholeFile.read(path, atMost: limit, acceptsStreams: acceptsStreams)
        do throws(Problem) {
            try normalize(&bytes)
        } catch {
            throw .notText(path, error)
        }
        return bytes
    }

    /// The same as a string.
    public static func string(
        _ path: String, atMost limit: Int, acceptsStreams: Bool = false
    ) throws(FileError) -> String {
        String(decoding: try read(path, atMost: limit, acceptsStreams: acceptsStreams), as: UTF8.self)
    }

    /// Why bytes are no text.
    struct Problem: Error, Equatable {
        /// Such as "is UTF-16, not UTF-8".
        let reason: String
        /// From 1; nil if the whole file is meant.
        var line: Int?
    }

    /// Takes byte order mark and CR away, in place.
    static func normalize(_ bytes: inout [UInt8]) throws(Problem) {
        try refuseOtherEncodings(bytes)
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        if start > 0 || bytes.contains(0x0D) { removeMarkAndReturns(&bytes, from: start) }
        try check(bytes)
    }

    /// By their byte order marks.
    private static func refuseOtherEncodings(_ bytes: [UInt8]) throws(Problem) {
        // UTF-32's begins like UTF-16's.
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
            throw Problem(reason: "is UTF-32, not UTF-8")
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw Problem(reason: "is UTF-16, not UTF-8")
        }
    }

    private static func removeMarkAndReturns(_ bytes: inout [UInt8], from start: Int) {
        let count = bytes.count
        var written = 0
        for index in start..<count {
            let byte = bytes[index]
            if byte == 0x0D, index + 1 < count, bytes[index + 1] == 0x0A { continue }
            bytes[written] = byte == 0x0D ? 0x0A : byte
            written += 1
        }
        bytes.removeLast(count - written)
    }

    /// Line by line, so that the first wrong one can be named, and no second copy of a large file is made.
    private static func check(_ bytes: [UInt8]) throws(Problem) {
        var (start, line) = (0, 1)
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            let content = bytes[start..<end]
            if content.contains(0) {
                throw Problem(reason: "holds a zero byte, and so is no text in UTF-8", line: line)
            }
            if content.contains(where: { $0 >= 0x80 }), String(validating: content, as: UTF8.self) == nil {
                throw Problem(reason: "is not UTF-8", line: line)
            }
            start = end + 1
            line += 1
        }
    }
}

extension FileError {
    /// - Parameters:
    ///   - path: of the file.
    ///   - problem: what it is instead of a text.
    static func notText(_ path: String, _ problem: PlainText.Problem) -> FileError {
        let reason = (problem.line.map { "line \($0) " } ?? "") + problem.reason
        return FileError(
            kind: .notText, path: path, reason: reason, code: 0, problem: reason, cure: "save it as text in UTF-8")
    }
}
