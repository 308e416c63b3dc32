internal import CJPEG
internal import Features
internal import Foundation
internal import Geometry
internal import Messages
internal import Recording
internal import SwiftProtobuf
internal import Synchronization

/// A recording, played at its own speed or another, from any place of it, on a thread of its own.
///
/// Sendable unchecked: once it is started, its thread alone touches what changes, but for the commands.
public final class RecordedFeed: @unchecked Sendable {
    private let index: RecordingIndex
    private let board: Board
    private let maps: MapKeeper
    private let commands = Mutex(Commands())

    // The thread's own.
    private var position = 0.0
    private var next = 0
    private var isPlaying = true
    private var rate = 1.0
    private var lastPicture = -1.0
    /// The newest image, until its pose comes.
    private var unanswered: RecordingIndex.Entry?
    /// The newest frame's, for pictures.
    private var sequence: UInt64 = 0

    /// What pages have asked for, and was not done yet.
    private struct Commands {
        var seek: Double?
        var rate: Double?
        var isPlaying: Bool?
    }

    /// Seconds of what is shown at once after a leap: the strip chart's.
    private static let history = 60.0
    /// Between pictures, recorded seconds at a rate of one.
    private static let picturePeriod = 0.1

    /// - Parameters:
    ///   - paths: of the recording's files.
    ///   - map: the map's file; nil: the one that the recording names.
    ///   - board: what is written.
    public init(_ paths: [String], map: String?, board: Board) throws {
        index = try RecordingIndex(paths)
        self.board = board
        maps = MapKeeper(map, board: board)
    }

    /// What is wrong with a file that was cut; empty if nothing is.
    public var damage: String { index.damage }
    /// Seconds.
    public var duration: Double { index.duration }

    func seek(to seconds: Double) { commands.withLock { $0.seek = max(0, min(duration, seconds)) } }

    func setRate(_ rate: Double) { commands.withLock { $0.rate = rate } }

    func setPlaying(_ value: Bool) { commands.withLock { $0.isPlaying = value } }

    /// Plays for as long as the program runs.
    public func start() {
        Thread.detachNewThread { [self] in
            tell()
            var last = Board.now
            while true {
                Thread.sleep(forTimeInterval: 0.03)
                let now = Board.now
                step(by: now - last)
                last = now
            }
        }
    }

    /// So many seconds have passed.
    func step(by seconds: Double) {
        follow(
            commands.withLock { commands in
                defer { commands = Commands() }
                return commands
            })
        guard isPlaying else { return }
        position = min(duration, position + seconds * rate)
        showUpToPosition()
        if position >= duration { isPlaying = false }
        tell()
    }

    private func follow(_ asked: Commands) {
        if let value = asked.rate { rate = value }
        if let value = asked.isPlaying {
            // From the begin, once it has come to its end.
            if value, position >= duration { leap(to: 0) }
            isPlaying = value
        }
        if let value = asked.seek { leap(to: value) }
        tell()
    }

    private func tell() {
        board.take(PlayerState(position: position, duration: duration, isPlaying: isPlaying, rate: rate))
    }

    private func leap(to time: Double) {
        board.restart()
        (position, next, lastPicture) = (time, index.index(at: time - Self.history), -1)
        unanswered = nil
        // What was said once, long before: the camera and the map.
        for kind in [RecordingIndex.Kind.start, .cameraInfo, .status] {
            if let entry = index.entries[..<next].last(where: { $0.kind == kind }) { show(entry) }
        }
        showUpToPosition()
    }

    private func showUpToPosition() {
        var picture: RecordingIndex.Entry?
        while next < index.entries.count, index.entries[next].time <= position {
            let entry = index.entries[next]
            next += 1
            switch entry.kind {
            // Its pose comes next, if there are poses at all.
            case .compressedImage, .rawImage: if index.hasPoses { unanswered = entry } else { picture = entry }
            case .localization:
                show(entry)
                picture = unanswered ?? picture
                unanswered = nil
            default: show(entry)
            }
        }
        guard let picture, board.isWatched, picture.time >= lastPicture + Self.picturePeriod * rate else { return }
        lastPicture = picture.time
        show(picture)
    }

    /// What cannot be decoded says nothing.
    private func show(_ entry: RecordingIndex.Entry) {
        let bytes = index.bytes(entry)
        switch entry.kind {
        case .localization:
            guard let message = try? Hfloc_V1_Localization(serializedBytes: bytes) else { return }
            sequence = message.sequence
            board.take(message)
        case .status:
            guard let message = try? Hfloc_V1_Status(serializedBytes: bytes) else { return }
            board.take(message)
            maps.use(message.map)
        case .start: if let message = try? Hfloc_V1_RecordingStart(serializedBytes: bytes) { maps.use(message.map) }
        case .event: if let message = try? Hfloc_V1_Event(serializedBytes: bytes) { board.take(message) }
        case .cameraInfo: if let message = try? Hfloc_V1_CameraInfo(serializedBytes: bytes) { board.take(message) }
        case .compressedImage, .rawImage: showPicture(bytes, isRaw: entry.kind == .rawImage)
        }
    }

    /// The image of the newest frame.
    private func showPicture(_ bytes: [UInt8], isRaw: Bool) {
        guard let message = ImageMessage(bytes, isRaw: isRaw),
            let picture = isRaw ? message.grey.flatMap(Self.jpeg) : message.data
        else { return }
        let camera = board.facts.camera
        var preview = Preview(
            sequence: sequence, width: Int(camera?.width ?? 640), height: Int(camera?.height ?? 480), picture: picture)
        preview.expect(board)
        board.take(preview)
    }

    private static func jpeg(of image: GreyImage) -> [UInt8]? {
        var count = 0
        let encoded = unsafe image.pixels.withUnsafeBufferPointer {
            unsafe hf_jpeg_encode_grey($0.baseAddress, Int32(image.width), Int32(image.height), 80, &count)
        }
        guard let bytes = unsafe encoded else { return nil }
        defer { unsafe free(bytes) }
        return unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    }
}
