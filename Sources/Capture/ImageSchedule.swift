internal import Files

/// The images of a folder in order, and when each is due.
struct ImageSchedule {
    let names: [String]
    /// Nanoseconds after the first image, ascending; empty if the images are not paced.
    private let times: [UInt64]
    /// From the first image of a round to the first of the next.
    private let round: UInt64

    var isPaced: Bool { !times.isEmpty }

    /// - Parameter mayGrow: it may hold no images yet, and no timestamps.txt, which would know of none that come.
    init(folder: String, rate: Double?, mayGrow: Bool) throws(CaptureError) {
        let stamped = rate == nil ? try Self.readTimestamps(folder: folder) : nil
        guard stamped == nil || !mayGrow else {
            throw .folder(
                folder + "/timestamps.txt",
                "lists the images that there are, and the folder is to be followed; state a rate, or do not follow it")
        }
        let names: [String]
        if let stamped { names = stamped.map(\.name) } else { names = try Self.list(folder) }
        guard mayGrow || !names.isEmpty else {
            throw .folder(folder, "holds no images (.jpg, .jpeg, .png, .pgm)")
        }
        self.names = names
        if let stamped {
            times = stamped.map(\.time)
            let last = times.last ?? 0
            round = last + max(1, names.count > 1 ? last / UInt64(names.count - 1) : 100_000_000)
        } else if rate == 0 {
            times = []
            round = 0
        } else {
            let period = 1e9 / (rate ?? 10)
            times = names.indices.map { UInt64((Double($0) * period).rounded()) }
            round = UInt64((Double(names.count) * period).rounded())
        }
    }

    /// Nanoseconds after the first image of the first round.
    func time(ofOrdinal ordinal: Int) -> UInt64 {
        UInt64(ordinal / names.count) * round + times[ordinal % names.count]
    }

    private static func list(_ folder: String) throws(CaptureError) -> [String] {
        do throws(FileError) {
            return try Folder.names(folder).filter(ImageFile.hasImageName)
        } catch {
            throw .system("open the folder", folder, error.code)
        }
    }

    /// nil if the folder has no timestamps.txt.
    private static func readTimestamps(folder: String) throws(CaptureError) -> [(name: String, time: UInt64)]? {
        let path = folder + "/timestamps.txt"
        let bytes: [UInt8]
        do throws(FileError) { bytes = try WholeFile.read(path, atMost: 1 << 30) } catch {
            if error.kind == .missing { return nil }
            guard error.code != 0 else { throw .folder(path, error.reason) }
            throw .system("read", path, error.code)
        }
        var lines = Lines(bytes)
        var entries: [(name: String, time: UInt64)] = []
        while let text = lines.next() {
            let fields = text.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            if fields.isEmpty { continue }
            guard fields.count == 2, let time = UInt64(fields[1]), !fields[0].hasPrefix("/") else {
                throw .folder("\(path):\(lines.number)", "expected 'NAME NANOSECONDS'")
            }
            if let last = entries.last {
                guard time > last.time else { throw .folder("\(path):\(lines.number)", "the times must ascend") }
            }
            entries.append((String(fields[0]), time))
        }
        guard let first = entries.first?.time, let last = entries.last?.time else {
            throw .folder(path, "holds no images; expected lines 'NAME NANOSECONDS'")
        }
        guard last - first < longestDrive else { throw .folder(path, "spans more than 100 days") }
        return entries.map { ($0.name, $0.time - first) }
    }

    /// Nanoseconds. Keeps later sums far from overflow.
    private static let longestDrive: UInt64 = 100 * 86400 * 1_000_000_000
}
