internal import Features
internal import Files

/// The images of a folder in order, and when each is due.
package struct ImageSchedule {
    let names: [String]
    /// Images of the folder that its timestamps.txt does not list, in the order of their names.
    let leftOut: [String]
    /// Nanoseconds after the first image, ascending; empty if the images are not paced.
    private let times: [UInt64]
    /// From the first image of a round to the first of the next.
    private let round: UInt64

    var isPaced: Bool { !times.isEmpty }

    /// - Parameters:
    ///   - folder: with the images.
    ///   - rate: images a second; nil: those of its timestamps.txt, or as fast as they are taken.
    ///   - mayGrow: it may hold no images yet, and no timestamps.txt, which would know of none that come.
    init(folder: String, rate: Double?, mayGrow: Bool) throws(CaptureError) {
        let stamped = rate == nil ? try Timestamps(folder: folder)?.entries : nil
        guard stamped == nil || !mayGrow else {
            throw .folder(
                folder + "/timestamps.txt",
                "lists the images that there are, and the folder is to be followed; state a rate, or do not follow it")
        }
        let names: [String]
        if let stamped {
            var files = FileNames(in: folder, where: ImageFileName.isImage)
            names = stamped.map { String(files.path(of: $0.name).dropFirst(folder.count + 1)) }
            let listed = Set(names)
            leftOut = try Self.list(folder).filter { !listed.contains($0) }
        } else {
            names = try Self.list(folder)
            leftOut = []
        }
        guard mayGrow || !names.isEmpty else {
            throw .folder(folder, "holds no images (.jpg, .jpeg, .png, .pgm)")
        }
        self.names = names
        if let stamped {
            times = stamped.map { $0.time - stamped[0].time }
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

    /// All images with their times: those of timestamps.txt as they stand there, else from 0 on; and the images that
    /// timestamps.txt does not list.
    ///
    /// - Parameters:
    ///   - folder: with the images.
    ///   - rate: images a second; nil: those of its timestamps.txt, or 10.
    package static func images(
        of folder: String, rate: Double?
    ) throws(CaptureError) -> (images: [(name: String, time: UInt64)], untimed: [String]) {
        let schedule = try ImageSchedule(folder: folder, rate: rate, mayGrow: false)
        let start = rate == nil ? try Timestamps(folder: folder)?.entries.first?.time ?? 0 : 0
        return (schedule.names.indices.map { (schedule.names[$0], start + schedule.times[$0]) }, schedule.leftOut)
    }

    /// Nanoseconds after the first image of the first round.
    func time(ofOrdinal ordinal: Int) -> UInt64 {
        UInt64(ordinal / names.count) * round + times[ordinal % names.count]
    }

    private static func list(_ folder: String) throws(CaptureError) -> [String] {
        do throws(FileError) {
            return try Folder.names(folder).filter(ImageFileName.isImage)
        } catch {
            throw .system("open the folder", folder, error.code)
        }
    }
}
