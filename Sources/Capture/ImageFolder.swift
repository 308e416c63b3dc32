internal import CLinux
public import Features
internal import Glibc

/// The images of a folder, at the times at which a camera would have delivered them.
///
/// The order and the times are those of the folder's `timestamps.txt` (a line per image: `NAME NANOSECONDS`, ascending;
/// `#` begins a comment), or else the names' order at a constant rate. Who is late for a frame does not get it: it is
/// counted as skipped. A folder that is followed never ends: after its images, those that come to it are handed out as
/// they come, all of them, in the order of their names; one that is still being written is waited for.
public final class ImageFolder {
    /// The folder, as it was given; its images' names are relative to it.
    public let path: String
    /// Over all rounds; nothing is ever dropped or reopened.
    public private(set) var counts = FrameCounts()
    /// Why the last image could not be read, or none comes; nil after a good one, and at the end.
    public private(set) var problem: CaptureError?

    private let schedule: ImageSchedule
    private let loops: Bool
    /// When image 0 of the first round was due; set by the first call.
    private var start: UInt64?
    /// The next image, counted over all rounds.
    private var ordinal = 0
    /// nil: the folder's images are those that it had at the start.
    private var follower: FolderFollower?
    /// When an image was last handed out: CLOCK_MONOTONIC, nanoseconds.
    private var lastNews: UInt64 = 0

    /// Between two looks at a folder that is followed, and after so long without an image there is none: nanoseconds.
    private static let lookPeriod: UInt64 = 50_000_000
    private static let longestSilence: UInt64 = 1_000_000_000

    /// - Parameters:
    ///   - path: the folder.
    ///   - rate: images per second; 0 hands out every image as soon as it is asked for; nil takes the times of
    ///     timestamps.txt, and without that file 10 images per second.
    ///   - loops: begin again after the last image.
    ///   - follows: go on with the images that come to the folder, which may be empty at first and cannot have a
    ///     timestamps.txt.
    public init(path: String, rate: Double?, loops: Bool, follows: Bool = false) throws(CaptureError) {
        precondition(!(loops && follows), "a folder that begins again is not followed")
        self.path = path
        self.loops = loops
        schedule = try ImageSchedule(folder: path, rate: rate, mayGrow: follows)
        if follows { follower = FolderFollower(path, known: schedule.names) }
    }

    /// Images of one round.
    public var imageCount: Int { schedule.names.count }

    /// Images that the folder holds and its timestamps.txt does not list, in the order of their names: they never come.
    public var leftOut: [String] { schedule.leftOut }

    /// The file of a frame that was handed out; not of those that came while the folder was followed.
    public func file(ofSequence sequence: UInt64) -> String {
        schedule.names[Int(sequence % UInt64(schedule.names.count))]
    }

    public func next(into image: inout GreyImage, timeout: UInt64) -> CaptureEvent {
        let now = hf_monotonic_ns()
        let start = self.start ?? now
        self.start = start
        if schedule.isPaced { skipToNewest(elapsed: now - start) }
        guard loops || ordinal < imageCount else { return afterTheLast(into: &image, deadline: now + timeout) }
        let due = schedule.isPaced ? start + schedule.time(ofOrdinal: ordinal) : now
        guard due <= now + timeout else {
            hf_sleep_until_ns(now + timeout)
            return .waiting
        }
        return read(schedule.names[ordinal % imageCount], due: due, into: &image)
    }

    /// An image, which is decoded ahead of its time: a camera's frame needs no decoding either.
    private func read(_ name: String, due: UInt64, into image: inout GreyImage) -> CaptureEvent {
        let stamp = FrameStamp(sequence: UInt64(ordinal), captureTime: due)
        do throws(ImageError) {
            if try ImageFile.readGrey(path + "/" + name, into: &image) != .whole { counts.recovered += 1 }
        } catch {
            guard follower?.isBeingWritten(name, at: hf_monotonic_ns()) != true else {
                hf_sleep_until_ns(hf_monotonic_ns() + Self.lookPeriod)
                return .waiting
            }
            ordinal += 1
            counts.corrupt += 1
            problem = .image(error)
            hf_sleep_until_ns(due)
            return .corrupt(stamp)
        }
        hf_sleep_until_ns(due)
        ordinal += 1
        counts.captured += 1
        (problem, lastNews) = (nil, hf_monotonic_ns())
        return .frame(stamp)
    }

    /// The end, or what has come to the folder meanwhile.
    private func afterTheLast(into image: inout GreyImage, deadline: UInt64) -> CaptureEvent {
        guard follower != nil else {
            problem = nil
            return .end
        }
        var now = hf_monotonic_ns()
        if lastNews == 0 { lastNews = now }
        repeat {
            if let name = follower?.next(at: now) {
                let event = read(name, due: now, into: &image)
                if event != .waiting {
                    follower?.finish()
                    return event
                }
            } else {
                hf_sleep_until_ns(min(deadline, now + Self.lookPeriod))
            }
            now = hf_monotonic_ns()
        } while now < deadline
        guard now >= lastNews + Self.longestSilence else { return .waiting }
        problem = .lost(path, "no new image; waiting for the next")
        return .noCamera
    }

    /// Leaves out the images that a newer one, due by now, has replaced.
    private func skipToNewest(elapsed: UInt64) {
        var newest = ordinal
        while loops || newest + 1 < imageCount, schedule.time(ofOrdinal: newest + 1) <= elapsed { newest += 1 }
        counts.skipped += UInt64(newest - ordinal)
        ordinal = newest
    }
}
