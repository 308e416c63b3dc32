package import Files
internal import Reporting
internal import Glibc

/// The folder of recordings: names of our own, and room for them.
package struct RecordingFolder: Sendable {
    package let path: String
    /// Bytes that all recordings in it may have together.
    private let budget: UInt64
    /// Bytes of the disk that are never taken.
    let leastFree: UInt64

    /// - Parameters:
    ///   - path: made when a recording begins, if it is not there.
    ///   - budget: bytes; the oldest recordings are removed where a new file would exceed it.
    ///   - leastFree: bytes of the disk that stay free.
    package init(_ path: String, budget: UInt64, leastFree: UInt64 = RecordingFolder.leastFree) {
        (self.path, self.budget, self.leastFree) = (path, budget, leastFree)
    }

    /// What others on the same disk can count on.
    package static let leastFree: UInt64 = 64_000_000

    /// `hfloc-20261130T055012Z-1a2b3c4d-001.mcap`: when the recording began, whose it is, and which part. In the order
    /// of time, as text.
    ///
    /// - Parameters:
    ///   - wall: nanoseconds since the Unix epoch, of the recording's begin.
    ///   - session: of the program that records.
    ///   - part: from 1.
    package static func name(wall: UInt64, session: UInt64, part: UInt32) -> String {
        let hexadecimal = String(session & 0xffff_ffff, radix: 16)
        let number = "\(part)"
        let time = UTCDate.text(Int(wall / 1_000_000_000)).filter { $0 != "-" && $0 != ":" }
        return "\(prefix)\(time)-\(zeros(8 - hexadecimal.count))\(hexadecimal)-"
            + "\(zeros(max(0, 3 - number.count)))\(number)\(suffix)"
    }

    /// A file of the name, open for writing; it must be free, and the disk have so much room.
    func create(_ name: String, withRoomFor bytes: UInt64) throws(FileError) -> RecordingFile {
        try Folder.make(path)
        guard hasRoom(for: bytes) else { throw .full(path + "/" + name, keeping: leastFree) }
        return try RecordingFile(creating: path + "/" + name)
    }

    /// Refuses a folder in which no file could be begun now; makes none. One that is not there yet can be made where
    /// the nearest folder around it may be written to.
    package func requireRoom() throws(FileError) {
        var folder = path
        while !FileStatus.exists(folder), let slash = folder.lastIndex(of: "/"), slash > folder.startIndex {
            folder = String(folder[..<slash])
        }
        try Folder.requireWritable(FileStatus.exists(folder) ? folder : ".")
        guard hasRoom(for: 0, in: folder) else { throw .full(path, keeping: leastFree) }
    }

    /// Removes the oldest recordings until so many bytes more are within the budget.
    func makeRoom(for bytes: UInt64) {
        guard budget < .max else { return }
        var files = recordings()
        var total = files.reduce(UInt64(0)) { $0 + $1.size }
        while total > budget - min(budget, bytes), !files.isEmpty {
            let oldest = files.removeFirst()
            unsafe _ = unlink(path + "/" + oldest.name)
            total -= oldest.size
        }
    }

    /// Whether the disk has so many bytes beside those that stay free.
    func hasRoom(for bytes: UInt64) -> Bool { hasRoom(for: bytes, in: path) }

    private func hasRoom(for bytes: UInt64, in folder: String) -> Bool {
        var status = statvfs()
        guard unsafe statvfs(folder, &status) == 0 else { return true }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize) >= leastFree + bytes
    }

    /// Ours, the oldest first.
    private func recordings() -> [(name: String, size: UInt64)] {
        ((try? Folder.names(path)) ?? []).filter(Self.isOurs).map { ($0, UInt64(FileStatus.size(path + "/" + $0))) }
    }

    /// Whether a name is one that we give.
    static func isOurs(_ name: String) -> Bool {
        let parts = name.dropFirst(prefix.count).dropLast(suffix.count).split(separator: "-")
        return name.hasPrefix(prefix) && name.hasSuffix(suffix) && parts.count == 3 && parts[0].count == 16
            && parts[1].count == 8 && parts[1].allSatisfy(\.isHexDigit) && parts[2].count >= 3
            && parts[2].allSatisfy(\.isNumber)
    }

    private static let (prefix, suffix) = ("hfloc-", ".mcap")

    private static func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }
}
