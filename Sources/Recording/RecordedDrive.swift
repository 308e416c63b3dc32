internal import Features
internal import Files
package import Publishing

/// What a recording's files hold that a map can be made of: images with their times, the vehicle's odometry, and where
/// satellites saw it.
package struct RecordedDrive: Sendable {
    /// An image that was captured whole.
    package struct Image: Sendable {
        /// CLOCK_MONOTONIC, nanoseconds.
        package var time: UInt64
        fileprivate var file: Int
        fileprivate var content: Range<Int>
        fileprivate var isRaw: Bool
    }

    /// Ascending in time.
    package private(set) var images: [Image] = []
    package private(set) var odometry: [Wire.Odometry] = []
    package private(set) var positions: [Wire.Position] = []
    /// The texts that the files carry, of the first that has them.
    package private(set) var cameraFile: [UInt8]?
    package private(set) var configuration: [UInt8]?
    /// Of each file that is cut or damaged, its name and why.
    package private(set) var damages: [String] = []
    /// The files themselves.
    private let files: [FileMapping]

    /// Reads the files of one recording, whose images stay where they are.
    ///
    /// - Throws: `RecordingError` where a file is no recording, is of another boot than the first or has the frames of
    ///   another; and where all is cut and nothing is left.
    package init(_ paths: [String]) throws {
        var files: [FileMapping] = []
        var boot: String?
        for path in paths {
            var reader = try MCAPReader(opening: path)
            try Self.read(&reader, number: files.count, into: &images, &odometry, &positions, &boot)
            func text(_ name: String) -> [UInt8]? {
                reader.attachments.first { $0.name == name }.map { reader.bytes($0.content) }
            }
            cameraFile = cameraFile ?? text(RecordingDescription.cameraFile)
            configuration = configuration ?? text(RecordingDescription.configuration)
            if let damage = reader.damage { damages.append("\(path): \(damage)") }
            files.append(reader.file)
        }
        images.sort { ($0.time, $0.file) < ($1.time, $1.file) }
        self.files = files
        if images.isEmpty, odometry.isEmpty, let damage = damages.first {
            throw RecordingError(
                damage, "nothing that a map is made of is before that",
                cure: "`hfloc recording info` says what there is")
        }
        if let (a, b) = zip(images, images.dropFirst()).first(where: { $0.time == $1.time && $0.file != $1.file }) {
            throw RecordingError(
                paths[b.file], "has frames of the same times as \(paths[a.file])",
                cure: "give the files of one recording, and each once")
        }
    }

    /// The bytes of an image's file, with the suffix of its kind; nil if they are damaged. From any thread.
    package func file(of image: Image) -> (suffix: String, bytes: [UInt8])? {
        let bytes = unsafe Array(UnsafeRawBufferPointer(rebasing: files[image.file].bytes[image.content]))
        guard let message = ImageMessage(bytes, isRaw: image.isRaw) else { return nil }
        guard image.isRaw else { return (message.format == "png" ? "png" : "jpg", message.data) }
        return message.grey.map { ("pgm", Array("P5 \($0.width) \($0.height) 255\n".utf8) + $0.pixels) }
    }

    private static func read(
        _ reader: inout MCAPReader, number: Int, into images: inout [Image], _ odometry: inout [Wire.Odometry],
        _ positions: inout [Wire.Position], _ boot: inout String?
    ) throws {
        var pending: (content: Range<Int>, isRaw: Bool)?
        while let message = reader.next() {
            guard let topic = reader.channel(of: message).flatMap({ RecordingTopic(name: $0.topic) }) else { continue }
            let content = message.content
            switch topic {
            case .recording:
                let start: Wire.RecordingStart = try reader.withBytes(content) { try .init(decoding: $0) }
                guard boot == nil || start.bootID == boot else {
                    throw RecordingError(
                        reader.path, "was recorded in another run of the machine than the first file",
                        cure: "give the files of one recording, or build a map of each")
                }
                boot = start.bootID
            case .compressedImage, .rawImage: pending = (content, topic == .rawImage)
            case .frame:
                let frame: Wire.FrameTaken = try reader.withBytes(content) { try .init(decoding: $0) }
                if let image = pending, !frame.corrupt, !frame.imageDropped {
                    images.append(
                        Image(
                            time: frame.captureMonotonicNs, file: number, content: image.content, isRaw: image.isRaw))
                }
                pending = nil
            case .odometry: odometry.append(try reader.withBytes(content) { try .init(decoding: $0) })
            case .position: positions.append(try reader.withBytes(content) { try .init(decoding: $0) })
            default: break
            }
        }
    }
}
