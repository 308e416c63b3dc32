internal import Capture
internal import Features
internal import Publishing
package import Recording

/// The images of a folder as frames of a recording, whatever time that takes: none is skipped.
package final class ImportedImages {
    private let schedule: [(name: String, time: UInt64)]
    private let folder: String
    /// Images of the folder that its timestamps.txt does not list: they have no time, and are not recorded.
    package let untimed: [String]
    /// Images that cannot be used, each with the reason; the others are recorded all the same.
    package private(set) var failures: [(name: String, error: any Error)] = []

    /// - Parameters:
    ///   - folder: with the images, and with their times or without.
    ///   - rate: images a second, without them; nil: 10.
    package init(folder: String, rate: Double?) throws {
        self.folder = folder
        (schedule, untimed) = try ImageSchedule.images(of: folder, rate: rate)
    }

    /// Records all of them, and ends the recording.
    ///
    /// - Parameters:
    ///   - writer: of the recording.
    ///   - wait: called while there is no room in the writer's memory.
    package func record(into writer: RecordingWriter, wait: () -> Void) {
        let input = writer.frames
        defer {
            input.end()
            writer.telemetry.end()
        }
        var counts = Wire.FrameCounters()
        var image = GreyImage(width: 0, height: 0)
        for (index, (name, time)) in schedule.enumerated() {
            let path = "\(folder)/\(name)"
            let stamp = FrameStamp(sequence: UInt64(index), captureTime: time)
            do {
                let bytes = try ImageFile.content(of: path)
                // What a replay could not decode is no frame of a camera.
                _ = try ImageFile.decode(bytes, path, into: &image)
                // What is not compressed as a camera does it is recorded as pixels, however small its file is.
                let size = ImageFile.compression(of: bytes) == nil ? image.width * image.height : bytes.count
                while !input.hasRoom(for: size), writer.progress.isActive { wait() }
                guard writer.progress.isActive else { return }
                counts.captured += 1
                let dropped = input.droppedImages
                show(bytes, image, stamp, to: input)
                input.record(Wire.FrameTaken(stamp, counts: counts, isCorrupt: false), at: time)
                guard input.droppedImages == dropped else {
                    throw RecordingError(path, "too large for a recording's memory", cure: "make the image smaller")
                }
            } catch {
                failures.append((path, error))
            }
        }
    }

    private func show(_ bytes: [UInt8], _ image: GreyImage, _ stamp: FrameStamp, to input: RecordingInput) {
        if let format = ImageFile.compression(of: bytes) {
            unsafe bytes.withUnsafeBytes { unsafe input.take($0, format, view: nil, stamp: stamp) }
        } else {
            input.record(image, stamp)
        }
    }
}
