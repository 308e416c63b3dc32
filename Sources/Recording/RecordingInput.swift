package import Capture
package import Features
package import Publishing
internal import Synchronization

/// One thread's way into a recording: what it is given is copied into memory that was taken at the start, and written
/// by another thread. Never waits, takes no lock and no memory; where there is no room, images are dropped and counted.
///
/// Sendable unchecked: one thread makes it, and then one alone calls it; the counts may be read by all.
package final class RecordingInput: @unchecked Sendable {
    let queue: RecordQueue
    private var wire = WireEncoder(capacity: 4096)
    private let cameraFrame: [UInt8]
    /// Images keep so much free, for what is small.
    private let reserve: Int
    /// How the frame that is on its way was recorded.
    private var image = ImageOutcome.none
    private var view: FrameView?

    private let imageCount = Atomic<UInt64>(0)
    private let droppedImageCount = Atomic<UInt64>(0)
    private let droppedMessageCount = Atomic<UInt64>(0)
    /// The writer wants the next file to begin.
    let wantsPart = Atomic(false)
    /// The writer takes nothing more.
    let isClosed = Atomic(false)
    /// Of the file: nanoseconds to add to a monotonic stamp.
    let wallOffset = Atomic<Int64>(0)
    /// Nothing follows.
    let hasEnded = Atomic(false)

    private enum ImageOutcome {
        case none
        case recorded
        case dropped
    }

    /// Frames are missing since the last state: what comes next cannot be repeated without another.
    package private(set) var needsState = true

    /// - Parameters:
    ///   - memory: bytes.
    ///   - cameraFrame: name of the camera's frame of reference.
    package init(memory: Int, cameraFrame: String = "") {
        queue = RecordQueue(capacity: memory)
        reserve = min(1 << 20, memory / 8)
        self.cameraFrame = Array(cameraFrame.utf8)
    }

    /// Images that were taken, and what there was no room for.
    package var images: UInt64 { imageCount.load(ordering: .relaxed) }
    package var droppedImages: UInt64 { droppedImageCount.load(ordering: .relaxed) }
    package var droppedMessages: UInt64 { droppedMessageCount.load(ordering: .relaxed) }

    /// Whether an image of so many bytes would be taken now.
    package func hasRoom(for bytes: Int) -> Bool { queue.hasRoom(for: bytes + 4096 + reserve) }

    /// Is the next file to begin, with the state before the next frame?
    package var isPartDue: Bool { wantsPart.load(ordering: .relaxed) }

    /// The state before the next frame.
    ///
    /// - Parameters:
    ///   - state: of the localizer.
    ///   - beginsPart: a new file begins here.
    ///   - now: CLOCK_MONOTONIC, nanoseconds, as in all that follows.
    package func record(_ state: Wire.LocalizerState, beginsPart: Bool, at now: UInt64) {
        if beginsPart { beginPart(at: now) }
        needsState = !append(.localizerState, state, of: now, at: now)
    }

    /// A new file begins here.
    package func beginPart(at now: UInt64) {
        let isTold = unsafe append(Self.part, of: now, at: now, Self.nothing, Self.nothing)
        if isTold { wantsPart.store(false, ordering: .relaxed) }
    }

    /// What was taken from the main thread.
    package func record(_ command: Wire.CommandTaken, at now: UInt64) { append(.command, command, of: now, at: now) }

    /// The pixels of a frame of which no compressed bytes were shown.
    package func record(_ pixels: GreyImage, _ stamp: FrameStamp) {
        guard image == .none else { return }
        encodeImageHead(stamp.captureTime, frameField: 7, into: &wire)
        wire.fixed32(2, UInt32(pixels.width))
        wire.fixed32(3, UInt32(pixels.height))
        wire.string(4, Self.mono8)
        wire.fixed32(5, UInt32(pixels.width))
        wire.lengthOfBytes(6, pixels.pixels.count)
        let (width, height) = (UInt16(clamping: pixels.width), UInt16(clamping: pixels.height))
        unsafe pixels.pixels.withUnsafeBytes {
            unsafe appendImage(.rawImage, stamp, $0, width: width, height: height)
        }
    }

    /// A frame, behind its image.
    package func record(_ frame: Wire.FrameTaken, at now: UInt64) {
        var frame = frame
        frame.imageDropped = image == .dropped
        if let view { frame.view = Wire.ImageView(view) }
        if image == .dropped { needsState = true }
        (image, view) = (.none, nil)
        append(.frame, frame, of: frame.captureMonotonicNs, at: now)
    }

    /// A message that is serialized already.
    package func record(_ topic: RecordingTopic, _ message: [UInt8], of stamp: UInt64, at now: UInt64) {
        _ = unsafe message.withUnsafeBytes { unsafe append(topic.rawValue, of: stamp, at: now, $0, Self.nothing) }
    }

    /// Nothing follows.
    package func end() { hasEnded.store(true, ordering: .releasing) }

    /// The kind of an entry that is no topic: a new file begins.
    static let part: UInt8 = 200
    private static var nothing: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
    private static let mono8 = Array("mono8".utf8)

    /// A `foxglove.CompressedImage` of a JPEG, for the writer.
    func compressed(_ stamp: UInt64, _ jpeg: UnsafeRawBufferPointer, _ wire: inout WireEncoder) -> [UInt8] {
        encodeImageHead(stamp, frameField: 4, into: &wire)
        wire.string(3, Self.jpeg)
        wire.lengthOfBytes(2, jpeg.count)
        return unsafe wire.bytes + jpeg
    }

    private func encodeImageHead(_ stamp: UInt64, frameField: Int, into wire: inout WireEncoder) {
        wire.removeAll()
        let time = stamp &+ UInt64(bitPattern: wallOffset.load(ordering: .relaxed))
        wire.message(1) {
            $0.varint(1, time / 1_000_000_000)
            $0.varint(2, time % 1_000_000_000)
        }
        wire.string(frameField, cameraFrame)
    }

    private func appendImage(
        _ topic: RecordingTopic, _ stamp: FrameStamp, _ bytes: UnsafeRawBufferPointer, width: UInt16 = 0,
        height: UInt16 = 0
    ) {
        guard !isClosed.load(ordering: .relaxed) else { return }
        var head = RecordQueue.Head(kind: topic.rawValue, time: stamp.captureTime, stamp: stamp.captureTime)
        (head.width, head.height) = (width, height)
        let hasRoom = unsafe wire.bytes.withUnsafeBytes {
            unsafe queue.append(head, $0, bytes, keepingFree: reserve)
        }
        image = hasRoom ? .recorded : .dropped
        if hasRoom {
            imageCount.add(1, ordering: .relaxed)
        } else {
            droppedImageCount.add(1, ordering: .relaxed)
        }
    }

    @discardableResult
    private func append(_ topic: RecordingTopic, _ message: some EncodableMessage, of stamp: UInt64, at now: UInt64)
        -> Bool
    {
        wire.removeAll()
        message.encode(into: &wire)
        return unsafe wire.bytes.withUnsafeBytes { unsafe append(topic.rawValue, of: stamp, at: now, $0, Self.nothing) }
    }

    @discardableResult
    private func append(
        _ kind: UInt8, of stamp: UInt64, at now: UInt64, _ first: UnsafeRawBufferPointer,
        _ second: UnsafeRawBufferPointer
    ) -> Bool {
        guard !isClosed.load(ordering: .relaxed) else { return false }
        let head = RecordQueue.Head(kind: kind, time: now, stamp: stamp)
        let hasRoom = unsafe queue.append(head, first, second, keepingFree: 0)
        if !hasRoom {
            droppedMessageCount.add(1, ordering: .relaxed)
            needsState = true
        }
        return hasRoom
    }
}

extension RecordingInput: CompressedFrameTap {
    package func take(
        _ bytes: UnsafeRawBufferPointer, _ format: CompressedFormat, view: FrameView?, stamp: FrameStamp
    ) {
        encodeImageHead(stamp.captureTime, frameField: 4, into: &wire)
        wire.string(3, format == .jpeg ? Self.jpeg : Self.png)
        wire.lengthOfBytes(2, bytes.count)
        self.view = view
        unsafe appendImage(.compressedImage, stamp, bytes)
    }

    private static let jpeg = Array("jpeg".utf8)
    private static let png = Array("png".utf8)
}

extension RecordingInput: MessageTap {
    /// Of the odometry.
    package func take(_ bytes: UnsafeRawBufferPointer, of stamp: UInt64, at now: UInt64) {
        unsafe append(RecordingTopic.odometry.rawValue, of: stamp, at: now, bytes, Self.nothing)
    }
}

extension Wire.ImageView {
    package init(_ view: FrameView) {
        self.init(
            x: UInt32(clamping: view.x), y: UInt32(clamping: view.y), width: UInt32(clamping: view.width),
            height: UInt32(clamping: view.height), reduction: UInt32(clamping: view.reduction))
    }
}

extension FrameView {
    package init(_ view: Wire.ImageView) {
        self.init(
            x: Int(view.x), y: Int(view.y), width: Int(view.width), height: Int(view.height),
            reduction: Int(view.reduction))
    }
}
