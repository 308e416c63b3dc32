internal import Errors
internal import Geometry
internal import Messages
internal import Recording

/// What stands where in a recording: read once, so that any place of it is at hand.
///
/// Memory: a number and a range for each message; the messages stay in the file, which is mapped.
struct RecordingIndex {
    /// A message of the file.
    struct Entry {
        /// Since the recording's begin, seconds.
        var time: Double
        var file: Int
        var content: Range<Int>
        var kind: Kind
    }

    enum Kind {
        case localization, status, event, cameraInfo
        case compressedImage, rawImage
        /// What the recording is of.
        case start
    }

    /// In the order of time.
    private(set) var entries: [Entry] = []
    private(set) var duration = 0.0
    /// Whether there are answers to the images.
    private(set) var hasPoses = false
    /// What is wrong with a file that was cut; empty if nothing is.
    private(set) var damage = ""
    private var files: [MCAPReader] = []

    private static let kinds: [String: Kind] = [
        "hfloc.v1.Localization": .localization, "hfloc.v1.Status": .status, "hfloc.v1.Event": .event,
        "hfloc.v1.CameraInfo": .cameraInfo, "foxglove.CompressedImage": .compressedImage,
        "foxglove.RawImage": .rawImage, "hfloc.v1.RecordingStart": .start,
    ]

    /// - Parameter paths: of a recording's files.
    /// - Throws: what is wrong with a file, or that there is nothing to be seen in it.
    init(_ paths: [String]) throws {
        for path in paths { try read(path) }
        entries.sort { $0.time < $1.time }
        guard let first = entries.first, let last = entries.last else {
            throw Failure(.badData, "\(paths.joined(separator: ", ")): holds nothing that hflocd or hfloc wrote")
        }
        for index in entries.indices { entries[index].time -= first.time }
        duration = last.time - first.time
        hasPoses = entries.contains { $0.kind == .localization }
    }

    private mutating func read(_ path: String) throws {
        var reader = try MCAPReader(opening: path)
        var kinds: [UInt16: Kind?] = [:]
        while let message = reader.next() {
            if kinds[message.channel] == nil {
                let schema = reader.channel(of: message).map { reader.schemaName(of: $0) } ?? ""
                kinds[message.channel] = .some(Self.kinds[schema])
            }
            guard let kind = kinds[message.channel] ?? nil else { continue }
            entries.append(
                Entry(
                    time: Double(message.logTime) * 1e-9, file: files.count, content: message.content, kind: kind))
        }
        if let problem = reader.damage { damage = "\(path): \(problem)" }
        files.append(reader)
    }

    func bytes(_ entry: Entry) -> [UInt8] { files[entry.file].bytes(entry.content) }

    /// The first entry at this time or later.
    func index(at time: Double) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].time < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
