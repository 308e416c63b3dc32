internal import Capture
internal import Features
internal import Publishing
package import Recording

/// The images of a folder as frames of a recording, whatever time that takes: none is skipped.
package final class ImportedImages {
    private let schedule: [(name: String, time: UInt64)]
    private let folder: String
    /// Why it ended before the last image.
    package private(set) var problem: (any Error)?

    /// - Parameters:
    ///   - folder: with the images, and with their times or without.
    ///   - rate: images a second, without them; nil: 10.
    package init(folder: String, rate: Double?) throws {
        self.folder = folder
        schedule = try ImageSchedule.images(of: folder, rate: rate)
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
        do {
            for (index, (name, time)) in schedule.enumerated() {
                let stamp = FrameStamp(sequence: UInt64(index), captureTime: time)
                let bytes = try ImageFile.content(of: "\(folder)/\(name)")
                while !input.hasRoom(for: bytes.count), writer.progress.isActive { wait() }
                guard writer.progress.isActive else { return }
                counts.captured += 1
                try show(bytes, "\(folder)/\(name)", stamp, to: input)
                input.record(Wire.FrameTaken(stamp, counts: counts, isCorrupt: false), at: time)
            }
        } catch {
            problem = error
        }
    }

    private func show(_ bytes: [UInt8], _ path: String, _ stamp: FrameStamp, to input: RecordingInput) throws {
        if let format = ImageFile.compression(of: bytes) {
            unsafe bytes.withUnsafeBytes { unsafe input.take($0, format, view: nil, stamp: stamp) }
        } else {
            var image = GreyImage(width: 0, height: 0)
            _ = try ImageFile.decode(bytes, path, into: &image)
            input.record(image, stamp)
        }
    }
}
