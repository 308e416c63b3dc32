internal import CLinux
public import Features
internal import Glibc

/// The images of a folder, at the times at which a camera would have delivered them.
///
/// The order and the times are those of the folder's `timestamps.txt` (a line per image: `NAME NANOSECONDS`, ascending;
/// `#` begins a comment), or else the names' order at a constant rate. Who is late for a frame does not get it: it is
/// counted as skipped.
public final class ImageFolder {
    /// The folder, as it was given; its images' names are relative to it.
    public let path: String
    /// Over all rounds; nothing is ever dropped or reopened.
    public private(set) var counts = FrameCounts()
    /// Why the last broken image could not be read; it stays when good ones follow.
    public private(set) var problem: CaptureError?

    private let schedule: ImageSchedule
    private let loops: Bool
    /// When image 0 of the first round was due; set by the first call.
    private var start: UInt64?
    /// The next image, counted over all rounds.
    private var ordinal = 0

    /// - Parameters:
    ///   - path: the folder.
    ///   - rate: images per second; 0 hands out every image as soon as it is asked for; nil takes the times of
    ///     timestamps.txt, and without that file 10 images per second.
    ///   - loops: begin again after the last image.
    public init(path: String, rate: Double?, loops: Bool) throws(CaptureError) {
        self.path = path
        self.loops = loops
        schedule = try ImageSchedule(folder: path, rate: rate)
    }

    /// Images of one round.
    public var imageCount: Int { schedule.names.count }

    /// The file of a frame that was handed out.
    public func file(ofSequence sequence: UInt64) -> String {
        schedule.names[Int(sequence % UInt64(schedule.names.count))]
    }

    public func next(into image: inout GreyImage, timeout: UInt64) -> CaptureEvent {
        let now = hf_monotonic_ns()
        let start = self.start ?? now
        self.start = start
        if schedule.isPaced { skipToNewest(elapsed: now - start) }
        guard loops || ordinal < imageCount else { return .end }
        let due = schedule.isPaced ? start + schedule.time(ofOrdinal: ordinal) : now
        guard due <= now + timeout else {
            hf_sleep_until_ns(now + timeout)
            return .waiting
        }
        let stamp = FrameStamp(sequence: UInt64(ordinal), captureTime: due)
        let file = path + "/" + schedule.names[ordinal % imageCount]
        ordinal += 1
        // Decoded ahead of its time: a camera's frame needs no decoding either.
        do throws(ImageError) {
            if try ImageFile.readGrey(file, into: &image) != .whole { counts.recovered += 1 }
        } catch {
            counts.corrupt += 1
            problem = .image(error)
            hf_sleep_until_ns(due)
            return .corrupt(stamp)
        }
        hf_sleep_until_ns(due)
        counts.captured += 1
        return .frame(stamp)
    }

    /// Leaves out the images that a newer one, due by now, has replaced.
    private func skipToNewest(elapsed: UInt64) {
        var newest = ordinal
        while loops || newest + 1 < imageCount, schedule.time(ofOrdinal: newest + 1) <= elapsed { newest += 1 }
        counts.skipped += UInt64(newest - ordinal)
        ordinal = newest
    }
}
