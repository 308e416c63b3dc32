internal import Foundation
internal import Geometry
internal import Messages
public import Publishing
internal import SwiftProtobuf

/// What a running hflocd says, from its record endpoint, on a thread of its own. Previews are subscribed to only while
/// somebody looks.
///
/// Sendable unchecked: once it is started, its thread alone touches it.
public final class LiveFeed: @unchecked Sendable {
    private let subscriber: Subscriber
    private let board: Board
    private let maps: MapKeeper
    private var hasPreviews = false

    private static let topics = [Topic.status, .cameraInfo, .event]

    /// - Parameters:
    ///   - endpoint: the record endpoint.
    ///   - map: the map's file; nil: the one that hflocd names.
    ///   - identity: keys, for an encrypted endpoint.
    ///   - board: what is written.
    public init(
        _ endpoint: String, map: String?, identity: CurveIdentity? = nil, board: Board
    ) throws(PublishingError) {
        subscriber = try Subscriber(
            endpoint, topic: Topic.localization.rawValue, newestOnly: false, identity: identity)
        for topic in Self.topics { subscriber.subscribe(to: topic.rawValue) }
        self.board = board
        maps = MapKeeper(map, board: board)
    }

    /// Listens for as long as the program runs.
    public func start() {
        Thread.detachNewThread { [self] in
            while true {
                step()
            }
        }
    }

    /// Takes one message, or waits a tenth of a second for one.
    func step() {
        watchForLookers()
        guard let frames = try? subscriber.receiveFrames(timeout: 100), frames.count == 3 else { return }
        take(Topic(rawValue: String(decoding: frames[0], as: UTF8.self)), frames[2])
    }

    private func watchForLookers() {
        guard board.isWatched != hasPreviews else { return }
        hasPreviews.toggle()
        if hasPreviews {
            subscriber.subscribe(to: Topic.preview.rawValue)
        } else {
            subscriber.unsubscribe(from: Topic.preview.rawValue)
        }
    }

    /// What cannot be decoded is of another program, or of a later version: it says nothing.
    private func take(_ topic: Topic?, _ payload: [UInt8]) {
        switch topic {
        case .localization:
            if let message = try? Hfloc_V1_Localization(serializedBytes: payload) { board.take(message) }
        case .status:
            guard let message = try? Hfloc_V1_Status(serializedBytes: payload) else { return }
            board.take(message)
            maps.use(message.map)
        case .cameraInfo: if let message = try? Hfloc_V1_CameraInfo(serializedBytes: payload) { board.take(message) }
        case .event: if let message = try? Hfloc_V1_Event(serializedBytes: payload) { board.take(message) }
        case .preview:
            guard let message = try? Hfloc_V1_Preview(serializedBytes: payload) else { return }
            var preview = Preview(message)
            preview.expect(board)
            board.take(preview)
        case nil: break
        }
    }
}

extension Preview {
    /// Adds what the pose of this frame puts into the picture.
    mutating func expect(_ board: Board) {
        let (row, known) = (board.row(ofSequence: sequence), board.facts)
        let (map, camera) = (known.map, known.camera)
        guard let row, let pose = row.cameraFromMap, let keyframe = row.keyframe, let map, let camera,
            let landmarks = ExpectedLandmarks(map.map, camera)
        else { return }
        expected = landmarks.pixels(at: pose, keyframe: keyframe, besides: inliers)
    }
}
