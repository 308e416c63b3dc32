public import Features

/// Where frames come from. To be used by one thread at a time.
///
/// For classes only: who holds one of unknown kind holds a reference and a table, and nothing is boxed on a frame's
/// way.
public protocol FrameSource: AnyObject {
    /// Waits for the newest frame, at most `timeout` nanoseconds, and writes it to `image`.
    ///
    /// Newest frame wins: frames that passed since the last call are counted, never queued. Allocates nothing once the
    /// image has the frame's size (the decoders of a folder, of JPEG and of libv4lconvert may).
    func next(into image: inout GreyImage, timeout: UInt64) -> CaptureEvent

    /// Since the source was made, over all losses and returns of a camera.
    var counts: FrameCounts { get }

    /// What keeps frames from coming, or broke the last one.
    var problem: CaptureError? { get }

    /// How the open device delivers: its pixel format, and the nanoseconds between two frames if its driver states
    /// them. nil for both while there is no camera, and for a folder.
    var delivery: (format: PixelFormat?, period: UInt64?) { get }

    /// What the operator should know of the source, a line each.
    var remarks: [String] { get }

    /// Grows whenever the remarks change.
    var remarksVersion: UInt64 { get }

    /// One line for people: where the frames come from, and what they are like.
    var summary: String { get }

    /// Gets the bytes of frames that come compressed, before ``next(into:timeout:)`` returns; nil: nobody does.
    var tap: (any CompressedFrameTap)? { get set }
}

/// Gets frames as a camera, or a file, has them, on the thread that asked for the frame. Not of formats that are not
/// compressed.
public protocol CompressedFrameTap: AnyObject {
    /// - Parameters:
    ///   - bytes: the image, valid during the call; perhaps a broken one.
    ///   - format: what it is.
    ///   - view: what is handed out of it; nil: all.
    ///   - stamp: the frame's.
    @unsafe func take(
        _ bytes: UnsafeRawBufferPointer, _ format: CompressedFormat, view: FrameView?, stamp: FrameStamp)
}

/// How a frame is compressed.
public enum CompressedFormat: String, Sendable {
    case jpeg
    case png
}

extension ImageFolder: FrameSource {
    public var delivery: (format: PixelFormat?, period: UInt64?) { (nil, nil) }
    public var remarks: [String] {
        guard let first = leftOut.first else { return [] }
        let names = leftOut.count > 1 ? "\(first), ..." : first
        return ["\(leftOut.count) images of the folder never come: timestamps.txt does not list them (\(names))"]
    }
    public var remarksVersion: UInt64 { leftOut.isEmpty ? 0 : 1 }
    public var summary: String { "\(path), \(imageCount) images" }
}

extension VideoDevice: FrameSource {
    public var delivery: (format: PixelFormat?, period: UInt64?) { (stream?.format, stream?.period) }

    public var summary: String {
        "\(options.path), \(description ?? "waiting for it: \(problem?.description ?? "")")"
    }
}
