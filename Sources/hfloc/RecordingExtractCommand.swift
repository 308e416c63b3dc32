internal import ArgumentParser
internal import Errors
internal import Features
internal import Files
internal import Messages
internal import Recording
internal import Reporting
internal import SwiftProtobuf

/// `hfloc recording extract`: the images and trajectories of recordings as files.
struct RecordingExtractCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract",
        abstract: "Write a recording's images, camera file and trajectories into a folder.",
        discussion: """
            images/NNNNNN.jpg (or .png, .pgm: as they were recorded) with images/timestamps.txt, which hfloc and \
            hflocd play; camera.yaml and hflocd.yaml; localization.tum (the camera in the map) and odometry.tum, a \
            line 'SECONDS TX TY TZ QX QY QZ QW' each; position.csv. Times are CLOCK_MONOTONIC.
            """)

    @Argument(help: "The files of one recording, in their order, or the folder that holds them.")
    var files: [String]
    @Option(help: "The folder; it is made, and must hold nothing of these names yet.")
    var output: String
    @Option(help: "Of so many images the first.")
    var every = 1

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("give a recording") }
        guard every >= 1 else { throw ValidationError("--every: at least 1") }
    }

    func run() throws {
        try Failure.reporting {
            let files = try RecordingPaths.files(of: files)
            try Self.requireOneRecording(files)
            let images = output + "/images"
            let own = Extraction.texts.map { "\(output)/\($0.name)" } + Extraction.attachments.map { "\(output)/\($0)" }
            if let taken = own.first(where: FileStatus.exists) { throw FileError.taken(taken) }
            try Folder.make(images)
            guard try Folder.names(images).isEmpty else {
                throw Failure(.cannotCreate, "\(images): holds files already; give another folder")
            }
            var extraction = Extraction(folder: output, every: every)
            for file in files { try extraction.take(file) }
            try extraction.requireResult(of: files)
            try extraction.finish()
            UnusedInput.warn(extraction.unused)
            try StandardOutput.writeLine("\(output): \(extraction.images) images")
        }
    }

    /// Of two recordings the times would begin anew, and the images be mixed.
    private static func requireOneRecording(_ files: [String]) throws {
        var last: (path: String, start: Hfloc_V1_RecordingStart)?
        for path in files {
            guard let start = try begin(of: path) else { continue }
            if let last, start.sessionID != last.start.sessionID || start.part <= last.start.part {
                throw Failure(
                    .usage, "\(path): does not go on where \(last.path) ends: give one recording's files, in order")
            }
            last = (path, start)
        }
    }

    /// What a file says of its begin; nil if it was cut before.
    private static func begin(of path: String) throws -> Hfloc_V1_RecordingStart? {
        var reader = try MCAPReader(opening: path)
        while let message = reader.next() {
            guard reader.channel(of: message)?.topic == RecordingTopic.recording.name else { continue }
            return try Hfloc_V1_RecordingStart(serializedBytes: reader.bytes(message.content))
        }
        return nil
    }

    private struct Extraction {
        static let attachments = [RecordingDescription.cameraFile, RecordingDescription.configuration]
        static let texts: [(topic: RecordingTopic, name: String)] = [
            (.localization, "localization.tum"), (.odometry, "odometry.tum"), (.position, "position.csv"),
        ]

        let folder: String
        let every: Int
        private(set) var images = 0
        private var seen = 0
        /// Frames without an image file, by their numbers in the order of the recording.
        private var broken: [String] = []
        private var missing: [String] = []
        private var frames = 0
        private var damaged: [String] = []
        private var image: (suffix: String, bytes: [UInt8])?
        private var timestamps = ""
        private var trajectories: [RecordingTopic: String] = [:]

        init(folder: String, every: Int) { (self.folder, self.every) = (folder, every) }

        mutating func take(_ path: String) throws {
            var reader = try MCAPReader(opening: path)
            let (framesBefore, imagesBefore) = (frames, images)
            while let message = reader.next() {
                guard let topic = reader.channel(of: message).flatMap({ RecordingTopic(name: $0.topic) }) else {
                    continue
                }
                try take(topic, reader.bytes(message.content))
            }
            for attachment in reader.attachments {
                guard Self.attachments.contains(attachment.name) else { continue }
                try AtomicFile.write(reader.bytes(attachment.content), to: "\(folder)/\(attachment.name)")
            }
            if let damage = reader.damage {
                damaged.append(path)
                StandardError.write(
                    "hfloc: \(path): \(damage); before that are \(frames - framesBefore) frames, of which "
                        + "\(images - imagesBefore) images were written\n")
            }
        }

        private mutating func take(_ topic: RecordingTopic, _ bytes: [UInt8]) throws {
            switch topic {
            case .compressedImage:
                image = ImageMessage(bytes, isRaw: false).map { ($0.format == "png" ? "png" : "jpg", $0.data) }
            case .rawImage:
                guard let grey = ImageMessage(bytes, isRaw: true)?.grey else { break }
                image = ("pgm", Array("P5 \(grey.width) \(grey.height) 255\n".utf8) + grey.pixels)
            case .frame: try write(try Hfloc_V1_FrameTaken(serializedBytes: bytes))
            case .localization: take(try Hfloc_V1_Localization(serializedBytes: bytes))
            case .odometry: take(try Hfloc_V1_Odometry(serializedBytes: bytes))
            case .position: take(try Hfloc_V1_Position(serializedBytes: bytes))
            default: break
            }
        }

        private mutating func write(_ frame: Hfloc_V1_FrameTaken) throws {
            defer { image = nil }
            frames += 1
            guard !frame.corrupt else { return broken.append("\(frames)") }
            guard let image else { return missing.append("\(frames)") }
            seen += 1
            guard (seen - 1) % every == 0 else { return }
            let number = "\(images)"
            let name = String(repeating: "0", count: max(0, 6 - number.count)) + number + "." + image.suffix
            try AtomicFile.write(image.bytes, to: "\(folder)/images/\(name)", syncs: false)
            timestamps += "\(name) \(frame.captureMonotonicNs)\n"
            images += 1
        }

        private mutating func take(_ message: Hfloc_V1_Localization) {
            guard message.hasPose else { return }
            add(.localization, message.captureMonotonicNs, message.pose.position, message.pose.orientation)
        }

        private mutating func take(_ message: Hfloc_V1_Odometry) {
            add(.odometry, message.monotonicNs, message.position, message.orientation)
        }

        private mutating func add(
            _ topic: RecordingTopic, _ stamp: UInt64, _ p: Hfloc_V1_Vector3, _ q: Hfloc_V1_Quaternion
        ) {
            let seconds = (Double(stamp) * 1e-9).text(6)
            trajectories[topic, default: ""] += "\(seconds) \(p.x) \(p.y) \(p.z) \(q.x) \(q.y) \(q.z) \(q.w)\n"
        }

        private mutating func take(_ message: Hfloc_V1_Position) {
            let head = "seconds,latitude_deg,longitude_deg,height_m,fix,covariance_enu_m2\n"
            let seconds = (Double(message.monotonicNs) * 1e-9).text(6)
            let covariance = message.covariance.map { "\($0)" }.joined(separator: " ")
            trajectories[.position, default: head] +=
                "\(seconds),\(message.latitudeDeg),\(message.longitudeDeg),\(message.heightM),"
                + "\(message.fix),\(covariance)\n"
        }

        /// Refuses what gave nothing, and leaves no folder of it.
        func requireResult(of files: [String]) throws {
            guard images == 0, trajectories.isEmpty else { return }
            Folder.remove("\(folder)/images")
            let cause = damaged.isEmpty ? "it holds none" : "nothing before the damage"
            throw RecordingError(
                files[0], "no image and no message of a vehicle could be taken: \(cause)",
                cure: "`hfloc recording info` says what it holds")
        }

        var unused: [UnusedInput] {
            [
                UnusedInput("frames", "came broken from the camera, and are left out", broken),
                UnusedInput("frames", "have no image in the recording", missing),
            ].compactMap(\.self)
        }

        func finish() throws {
            try AtomicFile.write(timestamps, to: "\(folder)/images/timestamps.txt")
            for (topic, name) in Self.texts {
                guard let text = trajectories[topic] else { continue }
                try AtomicFile.write(text, to: "\(folder)/\(name)")
            }
        }
    }
}
